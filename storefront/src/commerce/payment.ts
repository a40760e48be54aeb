import 'server-only'
import { z } from 'zod'
import { callStore } from './medusa'
import { type Money, money } from './money'
import { isReference, isToken } from './order-page-address'
import { failure, type Result, success } from './result'
import { type WayToPay, wayAnswer, wayToPay } from './ways-to-pay'

const STATUSES = [
  'waiting',
  'underpaid',
  'seen',
  'paid',
  'expired',
  'invalid',
  'review',
  'refunded',
  'cancelled',
  'placed',
] as const

/**
 * How far a payment is; only `paid` becomes an order, `review` needs the owner. `placed` is an order for which
 * nothing was to be paid.
 */
export type PaymentState = (typeof STATUSES)[number]

const REVIEW_REASONS = [
  'late',
  'partial',
  'never-confirmed',
  'replaced',
  'second-payment',
  'mismatch',
  'cannot-be-ordered',
] as const

/** Why the owner looks at a payment. */
export type ReviewReason = (typeof REVIEW_REASONS)[number]

/** A payment as its shopper follows it; no id in it opens anything. */
export interface Payment {
  state: PaymentState
  /** Null unless the state is `review`, or for a reason that this page has no words for. */
  reviewReason: ReviewReason | null
  orderNumber: number | null
  /** Names the payment to the owner; null when there was none to make. */
  reference: string | null
  total: Money
  paid: Money
  due: Money
  /** What was offered back by mail and is not claimed yet; null for nothing. */
  offered: Money | null
  /** What was sent back; null for nothing. */
  sent: Money | null
  /** BTCPay's page for this invoice; null without an invoice. */
  checkoutLink: string | null
  /** Milliseconds until the invoice ends, by the server's clock: a shopper's may be wrong. */
  remainingMs: number | null
  /** How to pay now; null when nothing is to be paid now, or when the shop cannot tell: BTCPay's page can. */
  ways: WayToPay[] | null
}

/** One line of an order's page. */
export interface OrderLine {
  title: string
  variant: string
  quantity: number
  total: Money
}

/** What an order's page shows. */
export interface OrderPage {
  payment: Payment
  lines: OrderLine[]
}

/** GET /store/order-pages/:token of our backend. */
const pageAnswer = z.object({
  order_page: z.object({
    status: z.enum(STATUSES),
    review_reason: z.enum(REVIEW_REASONS).nullable().catch(null),
    order_number: z.number().nullable(),
    reference: z.string().nullable(),
    currency_code: z.string(),
    amount: z.string(),
    paid_amount: z.string(),
    due_amount: z.string(),
    // A backend of the release before does not say it.
    offered_amount: z.string().default('0'),
    sent_amount: z.string().default('0'),
    checkout_link: z.string().nullable(),
    expires_at: z.string().nullable(),
    // Nor this.
    ways_to_pay: z.array(wayAnswer).nullable().catch(null),
    lines: z.array(
      z.object({
        title: z.string(),
        variant: z.string(),
        quantity: z.number(),
        total: z.string(),
      }),
    ),
  }),
})

/** POST /store/carts/:id/payment of our backend. */
const begunAnswer = z.union([
  z.object({
    payment: z.object({
      order_page: z.string().refine(isToken),
      reference: z.string().refine(isReference),
    }),
  }),
  z.object({ order: z.object({ order_page: z.string().refine(isToken) }) }),
])

/** The page that a link opens; asking for a paid one makes its order. */
export async function orderPage(token: string): Promise<Result<OrderPage>> {
  if (!isToken(token)) return failure('not-found', 'There is no such page.')
  const answer = await callStore<unknown>(`/order-pages/${token}`)
  if (!answer.ok) return answer
  const { order_page: raw } = pageAnswer.parse(answer.value)
  const amount = (value: string) => money(value, raw.currency_code)
  return success({
    payment: {
      state: raw.status,
      reviewReason: raw.review_reason,
      orderNumber: raw.order_number,
      reference: raw.reference,
      total: amount(raw.amount),
      paid: amount(raw.paid_amount),
      due: amount(raw.due_amount),
      offered: raw.offered_amount === '0' ? null : amount(raw.offered_amount),
      sent: raw.sent_amount === '0' ? null : amount(raw.sent_amount),
      checkoutLink: raw.checkout_link,
      remainingMs: raw.expires_at ? Math.max(0, Date.parse(raw.expires_at) - Date.now()) : null,
      ways: raw.ways_to_pay?.map((way) => wayToPay(way, raw.currency_code)) ?? null,
    },
    lines: raw.lines.map(({ total, ...line }) => ({ ...line, total: amount(total) })),
  })
}

/** An invoice, or a payment that is under way. */
export interface BegunPayment {
  /** Secret of the order's page. */
  token: string
  /** Names the payment in BTCPay's return address. */
  reference: string
}

/** Where to send the shopper: to a payment, or to the page of an order that is placed without one. */
export type Begun = { payment: BegunPayment } | { order: { token: string } }

/**
 * Gives the cart's open invoice, or makes one; when nothing is to be paid, its order. The second press of the
 * button finds the first's.
 */
export function beginPayment(cartId: string): Promise<Result<Begun>> {
  return begin(`/carts/${encodeURIComponent(cartId)}/payment`)
}

/** The same for the cart behind an order's page, in whatever browser it is open. */
export async function beginPaymentOfPage(token: string): Promise<Result<Begun>> {
  if (!isToken(token)) return failure('not-found', 'There is no such page.')
  return begin(`/order-pages/${token}/payment`)
}

async function begin(path: string): Promise<Result<Begun>> {
  const answer = await callStore<unknown>(path, { method: 'POST' })
  if (!answer.ok) return answer
  const read = begunAnswer.safeParse(answer.value)
  if (!read.success) return failure('unavailable', 'No invoice could be made. Please try again.')
  if ('order' in read.data) return success({ order: { token: read.data.order.order_page } })
  const { order_page, reference } = read.data.payment
  return success({ payment: { token: order_page, reference } })
}
