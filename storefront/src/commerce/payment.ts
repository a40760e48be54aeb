import 'server-only'
import type { HttpTypes } from '@medusajs/types'
import { z } from 'zod'
import { callStore } from './medusa'
import { type Money, money } from './money'
import { failure, type Result, success } from './result'

/** The Bitcoin provider's id in Medusa. */
const BITCOIN = 'pp_btcpay_btcpay'

/** An invoice that ends sooner is not offered again. */
const LEAST_REMAINING_MS = 3 * 60_000

const STATUSES = ['waiting', 'underpaid', 'seen', 'paid', 'expired', 'invalid', 'review'] as const

/** How far a payment is; only `paid` becomes an order, `review` needs the owner. */
export type PaymentState = (typeof STATUSES)[number]

/** A payment as its shopper follows it. */
export interface Payment {
  sessionId: string
  state: PaymentState
  orderNumber: number | null
  cartId: string
  total: Money
  paid: Money
  due: Money
  /** BTCPay's page for this invoice. */
  checkoutLink: string
  /** ISO 8601. */
  expiresAt: string
}

/** GET /store/btcpay/sessions/:id of our backend. */
const statusAnswer = z.object({
  payment: z.object({
    session_id: z.string(),
    status: z.enum(STATUSES),
    order_display_id: z.number().nullable(),
    cart_id: z.string(),
    currency_code: z.string(),
    amount: z.string(),
    paid_amount: z.string(),
    due_amount: z.string(),
    checkout_link: z.string(),
    expires_at: z.string(),
  }),
})

/** The public part of a Bitcoin payment session. */
const sessionData = z.object({ checkout_link: z.url(), expires_at: z.string() })

/** The state of a payment; asking for a paid one makes its order. */
export async function payment(sessionId: string): Promise<Result<Payment>> {
  if (!/^\w{1,64}$/.test(sessionId)) return failure('not-found', 'There is no such payment.')
  const answer = await callStore<unknown>(`/btcpay/sessions/${sessionId}`)
  if (!answer.ok) return answer
  const { payment: raw } = statusAnswer.parse(answer.value)
  const amount = (value: string) => money(value, raw.currency_code)
  return success({
    sessionId: raw.session_id,
    state: raw.status,
    orderNumber: raw.order_display_id,
    cartId: raw.cart_id,
    total: amount(raw.amount),
    paid: amount(raw.paid_amount),
    due: amount(raw.due_amount),
    checkoutLink: raw.checkout_link,
    expiresAt: raw.expires_at,
  })
}

/** Where to send the shopper: to the invoice, or to the page of a payment that is under way. */
export type BegunPayment =
  | { underWay: false; checkoutLink: string }
  | { underWay: true; sessionId: string }

/** Gives the cart's open invoice, or makes one; the second press of the button finds the first's. */
export async function beginPayment(cartId: string): Promise<Result<BegunPayment>> {
  const collection = await callStore<{ payment_collection: HttpTypes.StorePaymentCollection }>(
    '/payment-collections',
    { method: 'POST', body: { cart_id: cartId }, query: { fields: 'id,*payment_sessions' } },
  )
  if (!collection.ok) return collection
  const { id, payment_sessions } = collection.value.payment_collection
  const earlier = payment_sessions?.find(({ provider_id }) => provider_id === BITCOIN)
  if (earlier) {
    const known = await payment(earlier.id)
    // Without an answer a second invoice might be made for money that is on its way.
    if (!known.ok && known.failure.kind === 'unavailable') return known
    if (known.ok) {
      const { state, expiresAt, checkoutLink } = known.value
      if (state !== 'waiting' && state !== 'expired') {
        return success({ underWay: true, sessionId: earlier.id })
      }
      const remaining = Date.parse(expiresAt) - Date.now()
      if (state === 'waiting' && remaining > LEAST_REMAINING_MS) {
        return success({ underWay: false, checkoutLink })
      }
    }
  }
  const made = await callStore<{ payment_collection: HttpTypes.StorePaymentCollection }>(
    `/payment-collections/${id}/payment-sessions`,
    { method: 'POST', body: { provider_id: BITCOIN } },
  )
  if (!made.ok) return made
  const session = made.value.payment_collection.payment_sessions?.find(
    ({ provider_id }) => provider_id === BITCOIN,
  )
  const data = sessionData.safeParse(session?.data)
  if (!data.success) return failure('unavailable', 'No invoice could be made. Please try again.')
  return success({ underWay: false, checkoutLink: data.data.checkout_link })
}
