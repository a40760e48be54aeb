/** What became of a payment, in words for the owner. */
export const OUTCOMES = {
  review: 'Needs a decision',
  open: 'Open',
  order: 'Ordered',
  refunded: 'Refunded',
  ended: 'Ended unpaid',
} as const

export type OutcomeName = keyof typeof OUTCOMES

/** Colours of the badges of `@medusajs/ui`. */
type Colour = 'red' | 'orange' | 'green' | 'grey' | 'blue'

const COLOURS: Record<OutcomeName, Colour> = {
  review: 'red',
  open: 'orange',
  order: 'green',
  refunded: 'blue',
  ended: 'grey',
}

/** Red is for what may cost the owner goods or the shopper money; a surplus can wait. */
export function colourOf(outcome: OutcomeName, reason: string | null): Colour {
  if (reason === 'surplus') return 'orange'
  return reason ? 'red' : COLOURS[outcome]
}

/** Why a payment needs its owner, and what can be done about it. */
export const REASONS: Record<string, string> = {
  late: 'Paid after the invoice had expired. Mark it as settled in BTCPay to accept it, or offer it back.',
  partial:
    'Expired with only part of the amount. Offer it back, or mark it as settled in BTCPay once the rest has come.',
  'never-confirmed':
    'Seen, but not confirmed in time or marked as invalid. Look at the transaction in BTCPay.',
  replaced:
    'Paid on an invoice from before the cart was changed. Make the order by hand, or offer the money back.',
  'second-payment': 'The order was already paid by another invoice. Offer this money back.',
  mismatch: 'Not the invoice that the shop asked for. Find out who changed it.',
  'cannot-be-ordered':
    'Paid, but the cart cannot become an order (sold out, deleted or not deliverable). Mend that and check again, or offer the money back.',
  'no-cart':
    'The shop has no cart for this invoice, as after a restored backup. Find the shopper in BTCPay; make the order by hand, or refund it there.',
  surplus: 'More came than was due. Offer the difference back.',
  'marked-invalid':
    'Marked as invalid after the order was placed. Check that the money is there before you ship.',
}
