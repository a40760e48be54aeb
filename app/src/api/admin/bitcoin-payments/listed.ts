import { invoiceLink } from '../../../modules/btcpay/settings'
import { openOffers, sentBack, withoutClaimLink } from '../../../modules/ledger/balance'
import type { ListedRow } from '../../../modules/ledger/ledger'
import { referenceOf } from '../../../workflows/order-page/begin-payment'

/** An invoice in the admin's list; amounts are decimal strings in major units, times ISO. */
export interface ListedPayment {
  reference: string
  /** The invoice at BTCPay; null until it is made. */
  invoice_link: string | null
  state: string
  outcome: string
  reason: string | null
  currency_code: string
  amount: string
  paid_amount: string
  /** What is its shopper's and has no claim link yet. */
  owed_amount: string
  /** What has one that nobody has claimed, besides the refunds of an order. */
  offered_amount: string
  /** What was sent back, refunds of an order, too. */
  sent_amount: string
  email: string | null
  order_id: string | null
  order_number: number | null
  created_at: string
  /** When BTCPay was last asked with success. */
  asked_at: string | null
}

/** A row of the ledger as the admin sees it. */
export function listed(row: ListedRow): ListedPayment {
  return {
    reference: referenceOf(row.session_id),
    invoice_link: invoiceLink(row.invoice_id),
    state: row.additional_state === 'None' ? row.state : `${row.state} (${row.additional_state})`,
    outcome: row.outcome,
    reason: row.reason,
    currency_code: row.currency.toLowerCase(),
    amount: row.amount,
    paid_amount: row.paid_amount,
    owed_amount: withoutClaimLink(row),
    offered_amount: openOffers(row),
    sent_amount: sentBack(row),
    email: row.email,
    order_id: row.order_id,
    order_number: row.display_id === null ? null : Number(row.display_id),
    created_at: row.created_at.toISOString(),
    asked_at: row.asked_at?.toISOString() ?? null,
  }
}
