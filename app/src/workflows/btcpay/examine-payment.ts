import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { missingAmount } from '../../modules/btcpay/amount'
import { type Answer, Greenfield } from '../../modules/btcpay/greenfield'
import {
  type Invoice,
  mismatch,
  originOf,
  type PaymentStatus,
  paymentStatus,
} from '../../modules/btcpay/invoice'
import { btcpaySettings, NOT_SET_UP } from '../../modules/btcpay/settings'
import { openOffers, sentBack } from '../../modules/ledger/balance'
import { judgeRow } from '../../modules/ledger/judge-row'
import { type LedgerRow, ledgerOf } from '../../modules/ledger/ledger'
import type { Reason } from '../../modules/ledger/outcome'
import { endHoldIfNeedless } from '../holds/needless'
import { paymentsOf } from './cart-payments'
import { freeOrderOf } from './free-order'

/** A payment session beside its invoice; amounts are decimal strings in major units. */
export interface ExaminedPayment {
  session_id: string
  status: PaymentStatus
  /** Why a person must look; null when nobody must. */
  reason: Reason | null
  /** Only of an order that is there to stay: one that is being made may still be taken back. */
  order_id: string | null
  order_display_id: number | null
  /** Null when the shop knows no cart of this payment; then it is never `paid`. */
  cart_id: string | null
  currency_code: string
  amount: string
  paid_amount: string
  due_amount: string
  /** What has a claim link that nobody has claimed, of money that is no order's; "0" for nothing. */
  offered_amount: string
  /** What was sent back of all that came; "0" for nothing. */
  sent_amount: string
  checkout_link: string
  expires_at: string
  /** When BTCPay was last asked with success. */
  checked_at: string
}

/**
 * There is no such payment, BTCPay could not be asked, or it says that the invoice is not there: nothing is
 * decided.
 */
export type Examination =
  | { found: true; payment: ExaminedPayment }
  | { found: false; reason: 'no-session' | 'no-answer' | 'not-there'; message: string }

/** BTCPay as this process reaches it; while the shop is not set up with it, each call finds it away. */
export function greenfield(): Greenfield {
  return new Greenfield(btcpaySettings() ?? NOT_SET_UP)
}

/**
 * Asks BTCPay for the truth about a payment's invoice, and writes it into the ledger.
 * A settled invoice whose order is not there yet is `paid` with no order id. When BTCPay gives no answer, a
 * payment that has its order is told from the ledger.
 */
export async function examinePayment(
  container: MedusaContainer,
  sessionId: string,
): Promise<Examination> {
  const ledger = ledgerOf(container)
  const known = await ledger.bySession(sessionId)
  if (!known) return { found: false, reason: 'no-session', message: 'no such payment' }
  note({
    invoice: known.invoice_id ? short(known.invoice_id) : undefined,
    payment: short(sessionId),
    cart: known.cart_id ? short(known.cart_id) : undefined,
  })
  const askedAt = new Date()
  const answer = await askFor(known)
  if (!answer.ok) {
    // 403 or 404 for an invoice of ours: a key without permission, or BTCPay has lost it. Asked for again
    // later, so that it holds up no others.
    const isUnknown = answer.failure.kind === 'unknown'
    if (isUnknown) await ledger.unanswered(sessionId)
    if (known.outcome === 'order') return { found: true, payment: await told(container, known) }
    if (isUnknown) return { found: false, reason: 'not-there', message: answer.failure.message }
    return { found: false, reason: 'no-answer', message: answer.failure.message }
  }
  if (!answer.value) {
    // BTCPay has never made it, or not yet.
    await ledger.unanswered(sessionId)
    return { found: false, reason: 'no-session', message: 'no invoice was made' }
  }
  note({ origin: originOf(answer.value) })
  const row = await ledger.answered(sessionId, answer.value, askedAt)
  if (!row)
    return { found: false, reason: 'no-session', message: 'not the invoice of this payment' }
  const verdict = judgeRow(row, {
    hasCart: row.cart_id !== null,
    mismatch: isAnother(answer.value, row),
    ...(await inItsCart(container, row)),
  })
  await ledger.decide(sessionId, verdict, row.order_id, row)
  // Others may have known more, and decided otherwise.
  const now = (await ledger.bySession(sessionId)) ?? row
  const isOver = now.outcome === 'ended' || now.outcome === 'review'
  if (isOver && now.cart_id) await endHoldIfNeedless(container, now.cart_id)
  return { found: true, payment: await told(container, now) }
}

/** The invoice of a payment; undefined when BTCPay has none for it. */
async function askFor(row: LedgerRow): Promise<Answer<Invoice | undefined>> {
  if (row.invoice_id) return greenfield().getInvoice(row.invoice_id)
  const found = await greenfield().findInvoices(row.session_id)
  return found.ok ? { ok: true, value: found.value[0] } : found
}

function isAnother(invoice: Invoice, { session_id, amount, currency }: LedgerRow): boolean {
  const { storeId } = btcpaySettings() ?? NOT_SET_UP
  return mismatch(invoice, { sessionId: session_id, storeId, amount, currency }) !== undefined
}

/** Whether a payment's cart has gone on without it: ordered by another payment or by none, or changed. */
async function inItsCart(
  container: MedusaContainer,
  row: LedgerRow,
): Promise<{ cartHasOtherOrder: boolean; replaced: boolean }> {
  if (row.order_id !== null || !row.cart_id) return { cartHasOtherOrder: false, replaced: false }
  const all = await ledgerOf(container).ofCart(row.cart_id)
  const cartHasOtherOrder = all.some(
    (each) => each.session_id !== row.session_id && each.outcome === 'order',
  )
  const { payments } = await paymentsOf(container, row.cart_id)
  const isInCart = payments.some(({ sessionId }) => sessionId === row.session_id)
  const replaced = !isInCart || (await freeOrderOf(container, row.cart_id)) !== undefined
  return { cartHasOtherOrder, replaced }
}

/** A payment as the ledger has it; BTCPay is not asked. */
export async function knownPayment(
  container: MedusaContainer,
  sessionId: string,
): Promise<Examination> {
  const row = await ledgerOf(container).bySession(sessionId)
  if (!row) return { found: false, reason: 'no-session', message: 'no such payment' }
  return { found: true, payment: await told(container, row) }
}

/** A row of the ledger as shoppers and owner are told of it. */
async function told(container: MedusaContainer, row: LedgerRow): Promise<ExaminedPayment> {
  const order = row.outcome === 'order' ? await orderOf(container, row.order_id) : undefined
  if (order) note({ order: order.display_id })
  return {
    session_id: row.session_id,
    status: order?.canceled ? 'cancelled' : statusOf(row),
    reason: row.reason,
    order_id: order?.id ?? null,
    order_display_id: order?.display_id ?? null,
    cart_id: row.cart_id,
    currency_code: row.currency.toLowerCase(),
    amount: row.amount,
    paid_amount: row.paid_amount,
    due_amount: missingAmount(row.amount, row.paid_amount, row.currency),
    offered_amount: openOffers(row),
    sent_amount: sentBack(row),
    checkout_link: row.checkout_link ?? '',
    expires_at: (row.expires_at ?? row.created_at).toISOString(),
    checked_at: (row.asked_at ?? row.created_at).toISOString(),
  }
}

function statusOf(row: LedgerRow): PaymentStatus {
  if (row.outcome === 'order') return 'paid'
  if (row.outcome === 'review' || row.outcome === 'refunded') return row.outcome
  return paymentStatus({ status: row.state as Invoice['status'], paidAmount: row.paid_amount })
}

async function orderOf(
  container: MedusaContainer,
  orderId: string | null,
): Promise<{ id: string; display_id: number; canceled: boolean } | undefined> {
  if (!orderId) return undefined
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: orders } = await query.graph({
    entity: 'order',
    fields: ['id', 'display_id', 'canceled_at'],
    filters: { id: [orderId] },
  })
  const order = orders[0]
  return (
    order && {
      id: order.id,
      display_id: Number(order.display_id),
      canceled: Boolean(order.canceled_at),
    }
  )
}
