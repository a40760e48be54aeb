import type { PullPayment } from '../answers'
import type { Invoice } from '../invoice'

/** What a payment session keeps; the shopper reads all of it, so nothing of it is a secret. */
export interface SessionData {
  invoice_id: string
  session_id: string
  /** Decimal string in major units. */
  amount: string
  /** Upper case, as BTCPay has it. */
  currency: string
  checkout_link: string
  /** ISO time. */
  expires_at: string
}

/** A claim link that was offered for one refund of Medusa. */
export interface OfferedRefund {
  id: string
  claim_link: string
}

/** A new session's data, made of nothing that the shopper sent. */
export function newSessionData(invoice: Invoice, amount: string, sessionId: string): SessionData {
  return {
    invoice_id: invoice.id,
    session_id: sessionId,
    amount,
    currency: invoice.currency.toUpperCase(),
    checkout_link: invoice.checkoutLink,
    expires_at: new Date(invoice.expirationTime * 1000).toISOString(),
  }
}

/**
 * Our own keys of a session's data, without what a shopper may have added: Medusa merges the body
 * of `POST payment-sessions` below what the provider gives. Undefined when there is no invoice.
 */
export function readSessionData(
  data: Record<string, unknown> | undefined,
): SessionData | undefined {
  const read = (name: string): string => {
    const value = data?.[name]
    return typeof value === 'string' ? value : ''
  }
  const session = {
    invoice_id: read('invoice_id'),
    session_id: read('session_id'),
    amount: read('amount'),
    currency: read('currency'),
    checkout_link: read('checkout_link'),
    expires_at: read('expires_at'),
  }
  return session.invoice_id && session.session_id ? session : undefined
}

/** The refunds that were offered for a payment, by Medusa's refund id. */
export function offeredRefunds(
  data: Record<string, unknown> | undefined,
): Record<string, OfferedRefund> {
  return (data?.refunds as Record<string, OfferedRefund> | undefined) ?? {}
}

/** A payment's data with one more refund in it. */
export function withRefund(
  data: Record<string, unknown> | undefined,
  refundId: string,
  { id, viewLink }: PullPayment,
): Record<string, unknown> {
  const refunds = { ...offeredRefunds(data), [refundId]: { id, claim_link: viewLink } }
  return { ...data, refunds }
}
