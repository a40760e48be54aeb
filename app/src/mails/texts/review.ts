import type { Reason, ReviewReason } from '../../modules/ledger/outcome'
import type { Content, Language } from '../content'
import type { OwnerReviewFacts, ReviewFacts } from '../facts'
import { formatMoney } from '../format'
import { SHOPPER_FOOTER } from './order-parts'

/** What a shopper reads: why there is no order, and what happens next. */
const SHOPPER: Record<
  Language,
  Record<ReviewReason, { subject: string; text(paid: string): string }>
> = {
  en: {
    late: {
      subject: 'Your payment arrived late',
      text: (paid) =>
        `We received ${paid} after the invoice had expired, so no order was placed yet.`,
    },
    partial: {
      subject: 'Only part of the amount arrived',
      text: (paid) =>
        `We received ${paid} before the invoice expired. That is less than the total, so no order was placed.`,
    },
    'never-confirmed': {
      subject: 'Your payment was not confirmed in time',
      text: (paid) =>
        `We saw ${paid}, but the Bitcoin network did not confirm it in time. Please do not pay again: we are watching it.`,
    },
    replaced: {
      subject: 'Your payment for an earlier version of your order arrived',
      text: (paid) =>
        `We received ${paid} for an invoice from before you changed your cart, so no order was placed for it yet.`,
    },
    'second-payment': {
      subject: 'You paid for your order twice',
      text: (paid) => `Your order had already been paid when another ${paid} arrived.`,
    },
    mismatch: {
      subject: 'We are checking your payment',
      text: (paid) =>
        `We received ${paid}, but the invoice does not match your cart, so no order was placed yet.`,
    },
    'cannot-be-ordered': {
      subject: 'We received your payment, but could not place your order',
      text: (paid) =>
        `We received ${paid}, but something in your cart is no longer available, so no order was placed yet.`,
    },
  },
  de: {
    late: {
      subject: 'Deine Zahlung kam zu spät an',
      text: (paid) =>
        `Wir haben ${paid} erhalten, nachdem die Rechnung abgelaufen war. Eine Bestellung gibt es deshalb noch nicht.`,
    },
    partial: {
      subject: 'Nur ein Teil des Betrags ist angekommen',
      text: (paid) =>
        `Bis zum Ablauf der Rechnung haben wir ${paid} erhalten. Das ist weniger als der Gesamtbetrag, deshalb gibt es keine Bestellung.`,
    },
    'never-confirmed': {
      subject: 'Deine Zahlung wurde nicht rechtzeitig bestätigt',
      text: (paid) =>
        `Wir haben ${paid} gesehen, aber das Bitcoin-Netz hat die Zahlung nicht rechtzeitig bestätigt. Bitte zahle nicht noch einmal: wir behalten sie im Blick.`,
    },
    replaced: {
      subject: 'Deine Zahlung für einen früheren Warenkorb ist da',
      text: (paid) =>
        `Wir haben ${paid} für eine Rechnung erhalten, die vor einer Änderung deines Warenkorbs entstand. Eine Bestellung gibt es dafür noch nicht.`,
    },
    'second-payment': {
      subject: 'Du hast deine Bestellung zweimal bezahlt',
      text: (paid) => `Deine Bestellung war schon bezahlt, als noch einmal ${paid} ankamen.`,
    },
    mismatch: {
      subject: 'Wir prüfen deine Zahlung',
      text: (paid) =>
        `Wir haben ${paid} erhalten, aber die Rechnung passt nicht zu deinem Warenkorb. Eine Bestellung gibt es deshalb noch nicht.`,
    },
    'cannot-be-ordered': {
      subject: 'Deine Zahlung ist da, die Bestellung noch nicht',
      text: (paid) =>
        `Wir haben ${paid} erhalten, aber etwas aus deinem Warenkorb ist nicht mehr lieferbar. Eine Bestellung gibt es deshalb noch nicht.`,
    },
  },
}

const SHARED = {
  en: {
    next: 'Nothing is lost. We will write to you within two working days about what happens next: either we place the order, or you get a link to claim your money back. You can also reply to this mail.',
    received: 'Received',
    asked: 'Invoice',
    reference: 'Payment',
    button: 'See your payment',
  },
  de: {
    next: 'Es geht nichts verloren. Innerhalb von zwei Werktagen schreiben wir dir, wie es weitergeht: Entweder legen wir die Bestellung an, oder du bekommst einen Link, mit dem du dein Geld zurückholst. Du kannst auch auf diese Mail antworten.',
    received: 'Eingegangen',
    asked: 'Rechnung',
    reference: 'Zahlung',
    button: 'Zahlung ansehen',
  },
}

/** To the shopper: money came, and there is no order. */
export function paymentReview(review: ReviewFacts, language: Language): Content {
  const words = SHARED[language]
  const money = (amount: string) => formatMoney({ amount, currency: review.currency }, language)
  const { subject, text } = SHOPPER[language][review.reason]
  const paid = money(review.paid)
  return {
    language,
    subject,
    preview: text(paid),
    blocks: [
      { kind: 'heading', text: subject },
      { kind: 'paragraph', text: text(paid) },
      {
        kind: 'facts',
        facts: [
          { name: words.received, value: paid },
          { name: words.asked, value: money(review.amount) },
          { name: words.reference, value: review.reference },
        ],
      },
      { kind: 'paragraph', text: words.next },
      { kind: 'button', text: words.button, url: review.link },
    ],
    footer: SHOPPER_FOOTER[language],
  }
}

/** What the owner reads: what happened, and what can be done. */
const OWNER: Record<Language, Record<Reason, string>> = {
  en: {
    late: 'The payment arrived after the invoice had expired. If you accept it, mark the invoice as settled in BTCPay: the order is then placed by itself. Otherwise offer it back in the admin, under Bitcoin payments.',
    partial:
      'The invoice expired with only part of the amount. Ask the shopper to pay the rest and mark it as settled, or offer it back in the admin, under Bitcoin payments.',
    'never-confirmed':
      'The payment was not confirmed in time, or was marked as invalid. Look at its transaction in BTCPay. Once it is confirmed, mark the invoice as settled or refund it.',
    replaced:
      'The cart was changed after this invoice was made, and the earlier invoice was paid. Make the order by hand, or offer the money back in the admin, under Bitcoin payments.',
    'second-payment':
      'The cart’s order was already paid by another invoice. Offer this payment back in the admin, under Bitcoin payments.',
    mismatch:
      'The invoice is not the one that the shop asked for: another amount, currency or store. Find out who changed it before you refund it.',
    'cannot-be-ordered':
      'The cart cannot become an order: goods are sold out, deleted or cannot be delivered. Once you have mended that, the order is placed by itself within a day. Otherwise offer the money back in the admin, under Bitcoin payments.',
    'no-cart':
      'The shop has no cart for this invoice: it was lost, for example when a backup was restored, or the invoice was made for a change of an order. Find the shopper by the invoice in BTCPay; make the order by hand, or refund it there.',
    surplus:
      'The order is paid, and more came than was due. Offer the difference back in the admin, under Bitcoin payments.',
    'marked-invalid':
      'The order was placed, and afterwards its invoice was marked as invalid in BTCPay. Find out whether the money is there before you send anything.',
  },
  de: {
    late: 'Die Zahlung kam nach dem Ablauf der Rechnung. Willst du sie annehmen, markiere die Rechnung in BTCPay als beglichen: die Bestellung entsteht dann von selbst. Sonst biete das Geld in der Verwaltung unter „Bitcoin payments“ zurück an.',
    partial:
      'Die Rechnung lief mit einem Teilbetrag ab. Bitte um den Rest und markiere sie als beglichen, oder biete den Teil in der Verwaltung unter „Bitcoin payments“ zurück an.',
    'never-confirmed':
      'Die Zahlung wurde nicht rechtzeitig bestätigt oder als ungültig markiert. Sieh dir ihre Transaktion in BTCPay an. Ist sie bestätigt, markiere die Rechnung als beglichen oder erstatte sie.',
    replaced:
      'Der Warenkorb wurde nach dieser Rechnung geändert, und bezahlt wurde die frühere. Lege die Bestellung von Hand an, oder biete das Geld in der Verwaltung unter „Bitcoin payments“ zurück an.',
    'second-payment':
      'Die Bestellung dieses Warenkorbs war schon durch eine andere Rechnung bezahlt. Biete diese Zahlung in der Verwaltung unter „Bitcoin payments“ zurück an.',
    mismatch:
      'Die Rechnung ist nicht die, die der Shop verlangt hat: anderer Betrag, andere Währung oder anderer Store. Finde heraus, wer sie geändert hat, bevor du erstattest.',
    'cannot-be-ordered':
      'Der Warenkorb kann keine Bestellung werden: Ware ist ausverkauft, gelöscht oder nicht lieferbar. Ist das behoben, entsteht die Bestellung innerhalb eines Tages von selbst. Sonst biete das Geld in der Verwaltung unter „Bitcoin payments“ zurück an.',
    'no-cart':
      'Der Shop hat keinen Warenkorb zu dieser Rechnung: er ging verloren, etwa beim Einspielen einer Sicherung, oder die Rechnung gehört zur Änderung einer Bestellung. Finde den Käufer über die Rechnung in BTCPay; lege die Bestellung von Hand an, oder erstatte sie dort.',
    surplus:
      'Die Bestellung ist bezahlt, und es kam mehr als nötig. Biete den Unterschied in der Verwaltung unter „Bitcoin payments“ zurück an.',
    'marked-invalid':
      'Die Bestellung entstand, und danach wurde ihre Rechnung in BTCPay als ungültig markiert. Finde heraus, ob das Geld da ist, bevor du etwas versendest.',
  },
}

const OWNER_SHARED = {
  en: {
    subject: (paid: string, order: string) =>
      order ? `Order ${order}: ${paid} need a decision` : `Money without an order: ${paid}`,
    heading: (order: string) =>
      order ? `The money of order ${order}` : 'Money came, and there is no order',
    from: 'Paid by',
    unknown: 'not known',
    button: 'Open the invoice in BTCPay',
    footer: 'This mail goes to OWNER_EMAIL when money needs a decision.',
  },
  de: {
    subject: (paid: string, order: string) =>
      order ? `Bestellung ${order}: ${paid} zu klären` : `Geld ohne Bestellung: ${paid}`,
    heading: (order: string) =>
      order ? `Das Geld der Bestellung ${order}` : 'Geld ist da, eine Bestellung nicht',
    from: 'Gezahlt von',
    unknown: 'nicht bekannt',
    button: 'Rechnung in BTCPay öffnen',
    footer: 'Diese Mail geht an OWNER_EMAIL, wenn über Geld zu entscheiden ist.',
  },
}

/** To the owner: money needs a decision. */
export function ownerReview(review: OwnerReviewFacts, language: Language): Content {
  const [words, shared] = [OWNER_SHARED[language], SHARED[language]]
  const money = (amount: string) => formatMoney({ amount, currency: review.currency }, language)
  const text = OWNER[language][review.reason]
  const order = review.orderNumber === undefined ? '' : `#${review.orderNumber}`
  const paid = money(review.paid)
  return {
    language,
    subject: words.subject(paid, order),
    preview: text,
    blocks: [
      { kind: 'heading', text: words.heading(order) },
      { kind: 'paragraph', text },
      {
        kind: 'facts',
        facts: [
          { name: shared.received, value: paid },
          { name: shared.asked, value: money(review.amount) },
          { name: words.from, value: review.email || words.unknown },
          { name: shared.reference, value: review.reference },
        ],
      },
      { kind: 'button', text: words.button, url: review.invoiceLink },
    ],
    footer: words.footer,
  }
}
