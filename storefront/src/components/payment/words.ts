import { formatMoney, isZero, lowest } from '@/commerce/money'
import type { Payment, PaymentState, ReviewReason } from '@/commerce/payment'

/** What a shopper reads about a payment. */
export const WORDS: Record<PaymentState, { title: string; text: string }> = {
  waiting: {
    title: 'Waiting for your payment',
    text: 'This page updates by itself. Once you have paid you can close it: your order will still be placed.',
  },
  underpaid: {
    title: 'A part is still missing',
    text: 'We have received a part of the amount. Please pay the rest in time.',
  },
  seen: {
    title: 'Paid, waiting for confirmation',
    text: 'The Bitcoin network has your payment. Your order is placed with its first confirmation, often within ten minutes. There is nothing more to do: you may close this page, and we will email you.',
  },
  paid: {
    title: 'Thank you, it is paid.',
    text: 'Your order is placed. Please keep this page’s address: it shows the state of your payment at any time.',
  },
  placed: {
    title: 'Thank you for your order.',
    text: 'Your order is placed, and there is nothing to pay. Please keep this page’s address: it shows the state of your order at any time.',
  },
  expired: {
    title: 'The invoice has expired',
    text: 'No payment came in time, and nothing was ordered. Your cart is as you left it, and a new invoice comes with the current rate. Please do not pay the old one.',
  },
  invalid: {
    title: 'The payment was not confirmed',
    text: 'The network did not confirm it, and nothing was ordered. If coins have left your wallet, do not pay again: write to us with the number below.',
  },
  review: {
    title: 'We are checking your payment',
    text: 'We have received your money, but could not place your order automatically. Nothing is lost: we will email you about what happens next.',
  },
  cancelled: {
    title: 'Your order was cancelled',
    text: 'We have emailed you a link to claim your refund. If you cannot find it, check your spam folder or write to us with your order number.',
  },
  refunded: {
    title: 'Your payment has been refunded',
    text: 'We have sent your money back, and nothing was ordered. If it has not reached you, write to us with the number below.',
  },
}

const NOT_REACHED = 'If it has not reached you, write to us with your order number.'

/** Paid, and the order is not there yet. */
const PLACING = {
  title: WORDS.paid.title,
  text: 'Your payment is confirmed, and we are placing your order. Its number appears here in a few seconds.',
}

/** A cancelled order for which nothing was to be paid: there is no refund to wait for. */
const CANCELLED_FREE = {
  title: WORDS.cancelled.title,
  text: 'Nothing was to be paid for it, so there is nothing to refund. If you have a question, write to us with your order number.',
}

/** The same for a payment that the owner looks at, by its reason; `paid` is what came. */
const REVIEW: Record<ReviewReason, { title: string; text(paid: string): string }> = {
  late: {
    title: 'Your payment arrived late',
    text: (paid) =>
      `We received ${paid} after the invoice had expired. Nothing is lost: we will email you, and either place your order or refund you.`,
  },
  partial: {
    title: 'Only part of the amount arrived',
    text: (paid) =>
      `We received ${paid} before the invoice expired, which is less than the total, so no order was placed. We will email you about paying the rest or getting a refund.`,
  },
  'never-confirmed': {
    title: 'Your payment was not confirmed in time',
    text: (paid) =>
      `We saw ${paid}, but the Bitcoin network did not confirm it in time. We will email you as soon as we know more; please do not pay again.`,
  },
  replaced: {
    title: 'Your payment for an earlier version of this order arrived',
    text: (paid) =>
      `We received ${paid} for an invoice from before you changed your cart. Nothing is lost: we will email you, and either place that order or refund you.`,
  },
  'second-payment': {
    title: 'You paid twice',
    text: (paid) =>
      `Your order had already been paid when another ${paid} arrived. We will email you a link to claim your refund.`,
  },
  mismatch: {
    title: 'We are checking your payment',
    text: (paid) =>
      `We received ${paid}, but the invoice does not match your cart. Nothing is lost: we will email you about what happens next.`,
  },
  'cannot-be-ordered': {
    title: 'We received your payment, but could not place your order',
    text: (paid) =>
      `We received ${paid}, but something in your cart is no longer available. Nothing is lost: we will email you, and either replace it or refund you.`,
  },
}

/** What a shopper reads about this payment. */
export function wordsOf(payment: Payment): { title: string; text: string } {
  const { state, reviewReason, orderNumber, total, paid, offered, sent } = payment
  if (state === 'cancelled' && isZero(total)) return CANCELLED_FREE
  if (state === 'paid' && orderNumber === null) return PLACING
  if (state === 'review' && offered) {
    return {
      title: 'Your refund is ready',
      text: `We have emailed you a link to claim ${formatMoney(offered)}. No order was placed. If you cannot find it, check your spam folder or write to us with the number below.`,
    }
  }
  if (state === 'paid' && offered) {
    const { title, text } = WORDS.paid
    return {
      title,
      text: `${text} You paid ${formatMoney(offered)} more than was due: we have emailed you a link to claim it.`,
    }
  }
  if (sent && (state === 'paid' || state === 'cancelled')) {
    const { title, text } = WORDS[state]
    const back = `We have sent ${formatMoney(sent)} back to you.`
    // Of a cancelled order all goes back: what was sent may be a part of it.
    const isAll = state === 'cancelled' && lowest([paid, sent]) === paid
    return { title, text: isAll ? `${back} ${NOT_REACHED}` : `${text} ${back}` }
  }
  if (state !== 'review' || !reviewReason) return WORDS[state]
  const { title, text } = REVIEW[reviewReason]
  return { title, text: text(formatMoney(paid)) }
}

/** States that change without the shopper's doing; the others are final. */
export function isOpen(state: PaymentState, orderNumber: number | null): boolean {
  if (state === 'paid') return orderNumber === null
  return state === 'waiting' || state === 'underpaid' || state === 'seen'
}
