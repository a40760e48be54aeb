import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import type { PaymentStatus } from '../../modules/btcpay/invoice'
import { type LedgerRow, ledgerOf } from '../../modules/ledger/ledger'
import type { Reason } from '../../modules/ledger/outcome'
import {
  type Examination,
  type ExaminedPayment,
  examinePayment,
  greenfield,
  knownPayment,
} from '../btcpay/examine-payment'
import { freeOrderOf } from '../btcpay/free-order'
import { settleIfIdle } from '../btcpay/settle'
import { referenceOf } from './begin-payment'
import { cartOfToken } from './page-link'
import { type WayToPay, waysToPay } from './ways-to-pay'

/** A page says that a payment is there within two seconds. */
const SETTLED_WITHIN_MS = 1_000
const JUST_NOW_MS = 5_000

/** A line as its shopper sees it; the total is a decimal string in major units. */
export interface PageLine {
  title: string
  variant: string
  quantity: number
  total: string
}

/** `placed`: the order is there, and nothing was to be paid for it. */
export type PageStatus = PaymentStatus | 'placed'

/** What an order's page shows: amounts are decimal strings in major units, times ISO; no id of anything. */
export interface OrderPage {
  status: PageStatus
  /** Why a person looks at the payment; null unless the status is `review`. */
  review_reason: Reason | null
  order_number: number | null
  /** Names the payment to the owner; opens nothing. Null when there was none to make. */
  reference: string | null
  currency_code: string
  amount: string
  paid_amount: string
  due_amount: string
  /** What was offered back by mail and is not claimed yet, of money that is no order's; "0" for nothing. */
  offered_amount: string
  /** What was sent back, of an order's money, too; "0" for nothing. */
  sent_amount: string
  /** BTCPay's page of the invoice, and its end; null when there was none to make. */
  checkout_link: string | null
  expires_at: string | null
  /** How it can be paid now; null when nothing is to be paid now, or BTCPay does not answer in time. */
  ways_to_pay: WayToPay[] | null
  lines: PageLine[]
}

/** Why there is no page: nobody has such a link, or BTCPay could not be asked. */
export type ReadPage =
  | { found: true; page: OrderPage }
  | { found: false; reason: 'no-page' | 'no-answer' }

/** The page that a link opens; a settled payment becomes an order on the way. */
export async function readPage(container: MedusaContainer, token: string): Promise<ReadPage> {
  const cartId = await cartOfToken(container, token)
  if (!cartId) return { found: false, reason: 'no-page' }
  const shown = shownOf(await ledgerOf(container).ofCart(cartId))
  const free = shown?.outcome === 'order' ? undefined : await freeOrderOf(container, cartId)
  if (free) return { found: true, page: await pageOfFree(container, cartId, free) }
  if (!shown) return { found: false, reason: 'no-page' }
  let examination = wasSettledJustNow(shown)
    ? await knownPayment(container, shown.session_id)
    : await examinePayment(container, shown.session_id)
  if (examination.found && examination.payment.status === 'paid' && !examination.payment.order_id)
    examination = (await settledSoon(container, shown.session_id)) ?? examination
  if (!examination.found) {
    return {
      found: false,
      reason: examination.reason === 'no-session' ? 'no-page' : 'no-answer',
    }
  }
  const { payment } = examination
  const [ways, lines] = await Promise.all([
    waysOf(payment, shown.invoice_id),
    linesOf(container, cartId, payment.order_id),
  ])
  return { found: true, page: pageOf(payment, ways, lines) }
}

/** How a payment can be made now; BTCPay is asked only while something is due. */
async function waysOf(
  { status, paid_amount }: ExaminedPayment,
  invoiceId: string | null,
): Promise<WayToPay[] | null> {
  if (invoiceId === null || !['waiting', 'underpaid'].includes(status)) return null
  return waysToPay(greenfield(), { invoiceId, paidAmount: paid_amount })
}

/** Pages ask each second: what is settled needs no answer of BTCPay each time, and orders need the time. */
function wasSettledJustNow({ state, asked_at }: LedgerRow): boolean {
  return state === 'Settled' && asked_at !== null && Date.now() - asked_at.getTime() < JUST_NOW_MS
}

/**
 * Settles a payment, but lets its page wait no longer for it than a moment: then it says that the order is being
 * placed, and asks again. In a rush it says so at once.
 */
async function settledSoon(
  container: MedusaContainer,
  sessionId: string,
): Promise<Examination | undefined> {
  const settling = settleIfIdle(container, sessionId)
  if (!settling) return undefined
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, SETTLED_WITHIN_MS, undefined)
  })
  // Whoever is late here fails for nobody: the next one with news tries again.
  settling.catch(() => {})
  try {
    return await Promise.race([settling, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The payment that a page shows: the one that became the order, else money that no order stands for, else
 * the newest. Newest first, as the ledger gives them.
 */
function shownOf(rows: LedgerRow[]): LedgerRow | undefined {
  const first = (outcome: LedgerRow['outcome']) => rows.find((row) => row.outcome === outcome)
  return first('order') ?? first('review') ?? rows[0]
}

function pageOf(payment: ExaminedPayment, ways: WayToPay[] | null, lines: PageLine[]): OrderPage {
  return {
    status: payment.status,
    review_reason: payment.status === 'review' ? payment.reason : null,
    order_number: payment.order_display_id,
    reference: referenceOf(payment.session_id),
    currency_code: payment.currency_code,
    amount: payment.amount,
    paid_amount: payment.paid_amount,
    due_amount: payment.due_amount,
    offered_amount: payment.offered_amount,
    sent_amount: payment.sent_amount,
    checkout_link: payment.checkout_link,
    expires_at: payment.expires_at,
    ways_to_pay: ways,
    lines,
  }
}

/** The page of an order for which nothing was to be paid; BTCPay is not asked. */
async function pageOfFree(
  container: MedusaContainer,
  cartId: string,
  orderId: string,
): Promise<OrderPage> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'order',
    fields: ['id', 'display_id', 'currency_code', 'canceled_at'],
    filters: { id: [orderId] },
  })
  const order = data[0]
  if (!order) throw new Error('order page: an order is gone')
  note({ order: Number(order.display_id) })
  return {
    status: order.canceled_at ? 'cancelled' : 'placed',
    review_reason: null,
    order_number: Number(order.display_id),
    reference: null,
    currency_code: order.currency_code,
    amount: '0',
    paid_amount: '0',
    due_amount: '0',
    offered_amount: '0',
    sent_amount: '0',
    checkout_link: null,
    expires_at: null,
    ways_to_pay: null,
    lines: await linesOf(container, cartId, orderId),
  }
}

interface ItemRow {
  title: string
  product_title: string | null
  variant_title: string | null
  quantity: BigNumberInput
  total: BigNumberInput
  created_at: string | Date
}

/** What was chosen: the order's lines once it exists, since the owner may change those; else the cart's. */
async function linesOf(
  container: MedusaContainer,
  cartId: string,
  orderId: string | null,
): Promise<PageLine[]> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: orderId ? 'order' : 'cart',
    fields: ['id', 'total', 'items.*', 'items.total'],
    filters: { id: [orderId ?? cartId] },
  })
  const items = (data[0] as unknown as { items?: ItemRow[] } | undefined)?.items ?? []
  return [...items]
    .sort((a, b) => new Date(a.created_at).getTime() - new Date(b.created_at).getTime())
    .map((item) => ({
      title: item.product_title || item.title,
      variant: item.variant_title ?? '',
      quantity: MathBN.convert(item.quantity).toNumber(),
      total: MathBN.convert(item.total).toFixed(),
    }))
}
