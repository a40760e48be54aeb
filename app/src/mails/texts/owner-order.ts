import type { Content, Language } from '../content'
import type { OwnerFacts } from '../facts'
import { formatMoney } from '../format'
import { addressBlock, orderTable } from './order-parts'

const WORDS = {
  en: {
    subject: (number: number, total: string) => `Order #${number}: ${total}`,
    heading: (number: number) => `New order #${number}`,
    from: 'Ordered by',
    button: 'Open in the admin',
    footer: 'This mail goes to OWNER_EMAIL for every order.',
  },
  de: {
    subject: (number: number, total: string) => `Bestellung #${number}: ${total}`,
    heading: (number: number) => `Neue Bestellung #${number}`,
    from: 'Bestellt von',
    button: 'In der Verwaltung öffnen',
    footer: 'Diese Mail geht bei jeder Bestellung an OWNER_EMAIL.',
  },
}

/** To the owner: something was sold. */
export function ownerOrder({ order, email, link }: OwnerFacts, language: Language): Content {
  const words = WORDS[language]
  const total = formatMoney({ amount: order.total, currency: order.currency }, language)
  return {
    language,
    subject: words.subject(order.number, total),
    preview: `${email}, ${total}`,
    blocks: [
      { kind: 'heading', text: words.heading(order.number) },
      { kind: 'facts', facts: [{ name: words.from, value: email }] },
      orderTable(order, language),
      ...addressBlock(order.address, language),
      { kind: 'button', text: words.button, url: link },
    ],
    footer: words.footer,
  }
}
