/** What a disagreement is about, in the words in which the owner reads it. */
export const DISAGREEMENTS = {
  'not-in-ledger': 'BTCPay has an invoice that the ledger lacks',
  'not-at-btcpay': 'BTCPay does not know an invoice of the ledger',
  'other-invoice': 'BTCPay has another invoice for a payment than the ledger',
  'other-state': 'the ledger has another state of an invoice than BTCPay',
  'other-money': 'the ledger has another sum as received than BTCPay',
  'other-amount': 'an order is paid by an invoice of another amount than was asked for',
  undecided: 'a settled invoice has no order, and is not under review',
  'no-order': 'a payment stands for an order that is not there',
  'other-order': 'a payment stands for another order than that of its cart',
  'two-orders': 'a paid cart has become more than one order',
  'paid-twice': 'an order is paid by more than one invoice',
  'no-capture': 'an order has no captured payment of its invoice’s amount',
  'not-paid-for': 'an order has a Bitcoin payment, and the ledger knows no invoice for it',
  unbalanced: 'the entries of a payment do not balance',
  'entries-differ': 'the entries of a payment are not the sum that was received',
  'refunded-differs': 'what was refunded is not what was paid out, or told by the owner',
  'payouts-unknown': 'BTCPay has not said for two days whether a refund was paid out',
  'review-not-mailed': 'a payment needs a decision, and no mail says so',
  'order-not-mailed': 'an order was not confirmed by mail',
} as const

export type Kind = keyof typeof DISAGREEMENTS

/** One thing that two of BTCPay, ledger, orders and mails say differently. */
export interface Disagreement {
  kind: Kind
  /** A payment's or an invoice's name in the log, or `#` and an order's number: never an id. */
  reference: string
}

/** A disagreement in one line. */
export function lineOf({ kind, reference }: Disagreement): string {
  return `${reference}: ${DISAGREEMENTS[kind]} (${kind})`
}
