import type { Content, Language } from '../content'
import type { OrderFacts } from '../facts'
import { addressBlock, orderTable, SHOPPER_FOOTER } from './order-parts'

const WORDS = {
  en: {
    subject: (number: number) => `Your order #${number} at Research Relay`,
    heading: 'Thank you for your order',
    first: (number: number) =>
      `Your order #${number} is with us. We pack it next and write again as soon as it is on its way.`,
    button: 'See your order',
  },
  de: {
    subject: (number: number) => `Deine Bestellung #${number} bei Research Relay`,
    heading: 'Danke für deine Bestellung',
    first: (number: number) =>
      `Deine Bestellung #${number} ist bei uns. Wir packen sie als Nächstes und schreiben wieder, sobald sie unterwegs ist.`,
    button: 'Bestellung ansehen',
  },
}

/** To the shopper: the order exists. */
export function orderPlaced(order: OrderFacts, language: Language): Content {
  const words = WORDS[language]
  return {
    language,
    subject: words.subject(order.number),
    preview: words.first(order.number),
    blocks: [
      { kind: 'heading', text: words.heading },
      { kind: 'paragraph', text: words.first(order.number) },
      orderTable(order, language),
      ...addressBlock(order.address, language),
      ...(order.link ? [{ kind: 'button' as const, text: words.button, url: order.link }] : []),
    ],
    footer: SHOPPER_FOOTER[language],
  }
}
