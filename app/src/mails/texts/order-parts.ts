import type { Block, Language } from '../content'
import type { OrderFacts } from '../facts'
import { formatMoney } from '../format'

/** Some mail programs cut a message above 100 kB: more lines are on the order's page. */
const MOST_LINES = 50

const WORDS = {
  en: {
    columns: { item: 'Item', quantity: 'Quantity', amount: 'Amount' },
    more: (count: number) => `and ${count} more ${count === 1 ? 'line' : 'lines'}`,
    shipping: 'Delivery',
    discount: 'Discount, already taken off',
    tax: 'Taxes, included',
    total: 'Total',
    address: 'Delivery to',
  },
  de: {
    columns: { item: 'Artikel', quantity: 'Anzahl', amount: 'Betrag' },
    more: (count: number) =>
      count === 1 ? 'und eine weitere Position' : `und ${count} weitere Positionen`,
    shipping: 'Versand',
    discount: 'Rabatt, bereits abgezogen',
    tax: 'Enthaltene Steuern',
    total: 'Gesamt',
    address: 'Lieferung an',
  },
}

/** An order's lines and sums as a table. */
export function orderTable(order: OrderFacts, language: Language): Block {
  const words = WORDS[language]
  const money = (amount: string) => formatMoney({ amount, currency: order.currency }, language)
  const hidden = order.lines.length - MOST_LINES
  const isZero = (amount: string) => /^-?0*(\.0*)?$/.test(amount)
  return {
    kind: 'items',
    columns: words.columns,
    lines: order.lines.slice(0, MOST_LINES).map(({ title, variant, quantity, amount }) => ({
      title,
      detail: variant,
      quantity,
      amount: money(amount),
    })),
    more: hidden > 0 ? words.more(hidden) : undefined,
    sums: [
      {
        name: order.shippingName ? `${words.shipping}: ${order.shippingName}` : words.shipping,
        amount: money(order.shippingAmount),
      },
      { name: words.total, amount: money(order.total), strong: true },
      ...(isZero(order.taxAmount) ? [] : [{ name: words.tax, amount: money(order.taxAmount) }]),
      ...(isZero(order.discountAmount)
        ? []
        : [{ name: words.discount, amount: money(order.discountAmount) }]),
    ],
  }
}

/** A country's code by its name; any other line stays as it is. */
function named(line: string, language: Language): string {
  if (!/^[A-Z]{2}$/.test(line)) return line
  return new Intl.DisplayNames([language], { type: 'region' }).of(line) ?? line
}

/** Where an order goes; nothing when no address is known. */
export function addressBlock(address: string[], language: Language): Block[] {
  if (address.length === 0) return []
  const country = address.at(-1) ?? ''
  const lines = [...address.slice(0, -1), named(country, language)]
  return [{ kind: 'address', name: WORDS[language].address, lines }]
}

/** Why a shopper gets mail. */
export const SHOPPER_FOOTER = {
  en: 'You get this mail because you ordered at Research Relay with this address. Questions? Just reply.',
  de: 'Du erhältst diese Mail, weil du mit dieser Adresse bei Research Relay bestellt hast. Fragen? Antworte einfach.',
}
