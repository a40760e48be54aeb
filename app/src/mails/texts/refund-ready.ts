import type { Content, Language } from '../content'
import type { RefundFacts } from '../facts'
import { formatMoney } from '../format'
import { SHOPPER_FOOTER } from './order-parts'

const WORDS = {
  en: {
    subject: (amount: string) => `Your refund of ${amount} is ready`,
    heading: 'Your refund is ready',
    order: (number: number) => ` for order #${number}`,
    first: (amount: string, order: string) =>
      `${amount}${order} goes back to you. Say where it shall go: open the link and enter a Bitcoin address or a Lightning invoice of your own wallet.`,
    second:
      'Whoever has this link can claim the refund, so keep it to yourself. We never ask for it, and never for the words of your wallet.',
    button: 'Claim your refund',
  },
  de: {
    subject: (amount: string) => `Deine Erstattung über ${amount} liegt bereit`,
    heading: 'Deine Erstattung liegt bereit',
    order: (number: number) => ` für Bestellung #${number}`,
    first: (amount: string, order: string) =>
      `${amount}${order} gehen an dich zurück. Sag uns, wohin: öffne den Link und gib eine Bitcoin-Adresse oder eine Lightning-Rechnung deiner eigenen Wallet ein.`,
    second:
      'Wer diesen Link hat, kann die Erstattung abrufen; behalte ihn für dich. Wir fragen nie danach, und nie nach den Wörtern deiner Wallet.',
    button: 'Erstattung abrufen',
  },
}

/** To the shopper: money waits at BTCPay to be claimed. */
export function refundReady(facts: RefundFacts, language: Language): Content {
  const words = WORDS[language]
  const amount = formatMoney(facts.refund, language)
  const order = facts.orderNumber === undefined ? '' : words.order(facts.orderNumber)
  return {
    language,
    subject: words.subject(amount),
    preview: words.first(amount, order),
    blocks: [
      { kind: 'heading', text: words.heading },
      { kind: 'paragraph', text: words.first(amount, order) },
      { kind: 'button', text: words.button, url: facts.claimLink },
      { kind: 'paragraph', text: words.second },
    ],
    footer: SHOPPER_FOOTER[language],
  }
}
