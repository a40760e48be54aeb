import type { Content, Language } from '../content'
import type { OrderLinkFacts } from '../facts'
import { SHOPPER_FOOTER } from './order-parts'

const WORDS = {
  en: {
    subject: (number: number) => `A new link to your order #${number}`,
    heading: 'Your order has a new link',
    first: (number: number) =>
      `We have replaced the link to the page of your order #${number}. The links in our earlier mails no longer open it; the order itself has not changed.`,
    second: 'Whoever has this link can see your order, so please keep it to yourself.',
    button: 'See your order',
  },
  de: {
    subject: (number: number) => `Neuer Link zu deiner Bestellung #${number}`,
    heading: 'Deine Bestellung hat einen neuen Link',
    first: (number: number) =>
      `Wir haben den Link zur Seite deiner Bestellung #${number} ersetzt. Die Links in unseren früheren Mails öffnen sie nicht mehr; an der Bestellung selbst hat sich nichts geändert.`,
    second: 'Wer diesen Link hat, kann deine Bestellung sehen; bitte behalte ihn für dich.',
    button: 'Bestellung ansehen',
  },
}

/** To the shopper: the order's page has a new address, and the old one is dead. */
export function orderLink({ orderNumber, link }: OrderLinkFacts, language: Language): Content {
  const words = WORDS[language]
  return {
    language,
    subject: words.subject(orderNumber),
    preview: words.first(orderNumber),
    blocks: [
      { kind: 'heading', text: words.heading },
      { kind: 'paragraph', text: words.first(orderNumber) },
      { kind: 'button', text: words.button, url: link },
      { kind: 'paragraph', text: words.second },
    ],
    footer: SHOPPER_FOOTER[language],
  }
}
