import type { Answer } from '../modules/btcpay/greenfield'
import { hasMoney, type Invoice } from '../modules/btcpay/invoice'

/** Why a cart may not be changed, in words for its shopper. */
export interface Refusal {
  status: 409 | 503
  message: string
}

export const ORDERED: Refusal = {
  status: 409,
  message: 'This cart has become an order, so it can no longer be changed.',
}
export const PAID: Refusal = {
  status: 409,
  message: 'A payment for this order has been seen, so it can no longer be changed.',
}
export const UNKNOWN: Refusal = {
  status: 503,
  message:
    'We cannot check right now whether a payment for this order is under way, so nothing was changed. Please try again in a minute.',
}

/** Whether money has come for an invoice, or is on its way. */
function isPaidFor(invoice: Invoice): boolean {
  return hasMoney(invoice) || invoice.status === 'Processing' || invoice.status === 'Settled'
}

/**
 * Whether a cart may be changed, by what BTCPay says of its invoices.
 * @returns undefined: it may, since no money has come for any of them
 */
export function refusalOf(answers: Answer<Invoice>[]): Refusal | undefined {
  if (answers.some((answer) => answer.ok && isPaidFor(answer.value))) return PAID
  return answers.every((answer) => answer.ok) ? undefined : UNKNOWN
}
