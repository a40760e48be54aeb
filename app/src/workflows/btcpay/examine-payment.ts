import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { environment, required } from '../../environment'
import { missingAmount, payableAmount } from '../../modules/btcpay/amount'
import { Greenfield } from '../../modules/btcpay/greenfield'
import { mismatch, originOf, type PaymentStatus, paymentStatus } from '../../modules/btcpay/invoice'

/** A payment session beside its invoice; amounts are decimal strings in major units. */
export interface ExaminedPayment {
  session_id: string
  status: PaymentStatus
  order_id: string | null
  order_display_id: number | null
  cart_id: string
  currency_code: string
  amount: string
  paid_amount: string
  due_amount: string
  checkout_link: string
  expires_at: string
  checked_at: string
}

/** The session does not exist, or BTCPay could not be asked: nothing is decided. */
export type Examination =
  | { found: true; payment: ExaminedPayment }
  | { found: false; reason: 'no-session' | 'no-answer'; message: string }

interface SessionRow {
  id: string
  amount: number
  raw_amount?: { value: string }
  currency_code: string
  payment_collection_id: string
  data: { invoice_id?: string; checkout_link?: string; expires_at?: string }
}

/** BTCPay as this process reaches it. */
export function greenfield(): Greenfield {
  const values = environment()
  return new Greenfield({
    url: required(values, 'BTCPAY_URL'),
    storeId: required(values, 'BTCPAY_STORE_ID'),
    apiKey: required(values, 'BTCPAY_API_KEY'),
  })
}

/**
 * Reads a payment session and asks BTCPay for the truth about its invoice.
 * A settled invoice whose order is not there yet is `paid` with no order id.
 */
export async function examinePayment(
  container: MedusaContainer,
  sessionId: string,
): Promise<Examination> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: sessions } = await query.graph({
    entity: 'payment_session',
    fields: ['id', 'amount', 'raw_amount', 'currency_code', 'payment_collection_id', 'data'],
    filters: { id: [sessionId] },
  })
  const session = sessions[0] as unknown as SessionRow | undefined
  const invoiceId = session?.data.invoice_id
  if (!session || !invoiceId)
    return { found: false, reason: 'no-session', message: 'no such payment' }

  const { data: links } = await query.graph({
    entity: 'cart_payment_collection',
    fields: ['cart_id'],
    filters: { payment_collection_id: [session.payment_collection_id] },
  })
  const cartId = links[0]?.cart_id
  if (!cartId) return { found: false, reason: 'no-session', message: 'no cart of this payment' }

  const order = await orderOf(container, cartId)
  note({
    invoice: short(invoiceId),
    payment: short(sessionId),
    cart: short(cartId),
    order: order?.display_id,
  })
  const answer = await greenfield().getInvoice(invoiceId)
  if (!answer.ok) return { found: false, reason: 'no-answer', message: answer.failure.message }
  const invoice = answer.value
  note({ origin: originOf(invoice) })
  const amount = payableAmount(
    session.raw_amount ?? session.amount,
    session.currency_code.toUpperCase(),
  )
  const wrong = mismatch(invoice, {
    sessionId,
    storeId: required(environment(), 'BTCPAY_STORE_ID'),
    amount,
    currency: session.currency_code,
  })
  return {
    found: true,
    payment: {
      session_id: sessionId,
      status: wrong ? 'review' : order ? 'paid' : paymentStatus(invoice),
      order_id: order?.id ?? null,
      order_display_id: order?.display_id ?? null,
      cart_id: cartId,
      currency_code: session.currency_code,
      amount,
      paid_amount: invoice.paidAmount,
      due_amount: missingAmount(amount, invoice.paidAmount, session.currency_code.toUpperCase()),
      checkout_link: session.data.checkout_link ?? invoice.checkoutLink,
      expires_at: new Date(invoice.expirationTime * 1000).toISOString(),
      checked_at: new Date().toISOString(),
    },
  }
}

async function orderOf(
  container: MedusaContainer,
  cartId: string,
): Promise<{ id: string; display_id: number } | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: links } = await query.graph({
    entity: 'order_cart',
    fields: ['order_id'],
    filters: { cart_id: [cartId] },
  })
  const orderId = links[0]?.order_id
  if (!orderId) return undefined
  const { data: orders } = await query.graph({
    entity: 'order',
    fields: ['id', 'display_id'],
    filters: { id: [orderId] },
  })
  const order = orders[0]
  return order && { id: order.id, display_id: Number(order.display_id) }
}
