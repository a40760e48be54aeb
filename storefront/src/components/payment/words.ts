import type { PaymentState } from '@/commerce/payment'

/** What a shopper reads about a payment. */
export const WORDS: Record<PaymentState, { title: string; text: string }> = {
  waiting: {
    title: 'Waiting for your payment',
    text: 'This page follows the invoice by itself. After paying you may close it; the order is placed all the same.',
  },
  underpaid: {
    title: 'A part is still missing',
    text: 'We have seen a part of the amount. Please pay the rest before the invoice ends.',
  },
  seen: {
    title: 'Your payment is on its way',
    text: 'The network has seen it. Your order is placed with its first confirmation, often within ten minutes. You may close this page.',
  },
  paid: {
    title: 'Thank you, it is paid.',
    text: 'Your order is placed. Please keep this page’s address: it shows the state of your payment at any time.',
  },
  expired: {
    title: 'The invoice has ended',
    text: 'No payment came in time, and nothing was ordered. Your cart is as you left it.',
  },
  invalid: {
    title: 'The payment was not confirmed',
    text: 'The network did not confirm it, and nothing was ordered. If coins have left your wallet, write to us with the number below.',
  },
  review: {
    title: 'We are looking at your payment',
    text: 'Money has come, but not as the invoice asked, so a person decides. Nothing is lost; write to us with the number below if you have a question.',
  },
}

/** States that change without the shopper's doing; the others are final. */
export function isOpen(state: PaymentState, orderNumber: number | null): boolean {
  if (state === 'paid') return orderNumber === null
  return state === 'waiting' || state === 'underpaid' || state === 'seen'
}
