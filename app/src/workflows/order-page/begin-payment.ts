import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import {
  createPaymentCollectionForCartWorkflow,
  createPaymentSessionsWorkflow,
} from '@medusajs/medusa/core-flows'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { readSessionData } from '../../modules/btcpay/provider/session-data'
import { btcpaySettings } from '../../modules/btcpay/settings'
import { BITCOIN, orderOfCart, paymentsOf } from '../btcpay/cart-payments'
import { type Examination, examinePayment } from '../btcpay/examine-payment'
import { placeFreeOrder } from '../btcpay/free-order'
import { obstacleTo } from '../btcpay/obstacle'
import { endHold, holdGoods } from '../holds/hold'
import { linkOf } from './page-link'

/** An invoice that ends sooner is not offered again. */
const LEAST_REMAINING_MS = 3 * 60_000
/** The storefront waits no longer for an answer. */
const LOCK_WAIT_SECONDS = 20
/** A killed process's lock ends by itself; a living one renews it. */
const LOCK_EXPIRES_SECONDS = 60

const TAKEN =
  'Somebody else is paying for the last of what you want right now. Please try again in a few minutes.'

const NOT_POSSIBLE =
  'Payment is not possible at the moment: the shop does not take any yet. Nothing was charged; please try again later.'

/** Where to send the shopper; nothing of it is an id of a cart, a session, an order. */
export interface BegunPayment {
  /** Money was seen: the shopper follows it instead of paying again. */
  under_way: boolean
  /** BTCPay's page of the invoice. */
  checkout_link: string
  /** The secret of the order's page. */
  order_page: string
  /** Names the payment in BTCPay's return address; opens nothing. */
  reference: string
}

/** Nothing was to be paid, and the order is placed. */
export interface PlacedOrder {
  /** The secret of the order's page. */
  order_page: string
}

/** `refused`: the cart cannot be paid as it is; `no-answer`: BTCPay could not be asked, nothing was changed. */
export type Begun =
  | { begun: 'payment'; payment: BegunPayment }
  | { begun: 'order'; order: PlacedOrder }
  | { begun: false; reason: 'no-cart' | 'refused' | 'no-answer'; message: string }

/** Names a payment to shopper, owner and log; nobody finds the session by it, and it opens nothing. */
export function referenceOf(sessionId: string): string {
  return short(sessionId)
}

/**
 * Gives the cart's open invoice, or makes one, and holds its goods meanwhile; when nothing is to be paid, its
 * order. Called twice at one moment, the second finds the first's.
 * @param client who asks, as limits count clients; none for this machine itself
 */
export function beginPayment(
  container: MedusaContainer,
  cartId: string,
  client: string | undefined,
): Promise<Begun> {
  return container
    .resolve(Modules.LOCKING)
    .execute(`begin-payment:${cartId}`, () => begin(container, cartId, client), {
      timeout: LOCK_WAIT_SECONDS,
      expire: LOCK_EXPIRES_SECONDS,
    })
}

async function begin(
  container: MedusaContainer,
  cartId: string,
  client: string | undefined,
): Promise<Begun> {
  if (!(await cartExists(container, cartId)))
    return { begun: false, reason: 'no-cart', message: 'There is no such cart.' }
  const { payments } = await paymentsOf(container, cartId)
  const known: Known[] = []
  for (const { sessionId } of payments) {
    const examination = await examinePayment(container, sessionId)
    // Without an answer a second invoice might be made for money that is on its way.
    if (!examination.found && examination.reason !== 'no-session') {
      const message = 'The payment cannot be checked right now. Please try again in a minute.'
      return { begun: false, reason: 'no-answer', message }
    }
    if (examination.found) known.push(examination.payment)
  }
  const underWay = known.find(isUnderWay)
  if (underWay) return answer(container, cartId, true, underWay)
  if (await orderOfCart(container, cartId)) return ordered(container, cartId)
  const free = await placeFreeOrder(container, cartId)
  if (free && 'obstacle' in free) return { begun: false, reason: 'refused', message: free.obstacle }
  if (free) return ordered(container, cartId)
  if (!btcpaySettings()) return { begun: false, reason: 'no-answer', message: NOT_POSSIBLE }
  const open = known.find(isStillOpen)
  if (open) {
    // Its hold may be gone: the cart was changed and changed back.
    if (!(await holdGoods(container, cartId, client)))
      return { begun: false, reason: 'refused', message: TAKEN }
    return answer(container, cartId, false, open)
  }
  // No invoice for what cannot become an order: bitcoin cannot be charged back.
  const obstacle = await obstacleTo(container, cartId)
  if (obstacle) return { begun: false, reason: 'refused', message: obstacle }
  if (!(await holdGoods(container, cartId, client)))
    return { begun: false, reason: 'refused', message: TAKEN }
  try {
    const made = await makeInvoice(container, cartId)
    return await answer(container, cartId, false, made)
  } catch (error) {
    // Nobody has the address of an invoice of which no answer came.
    await endHold(container, cartId)
    throw error
  }
}

type Known = Extract<Examination, { found: true }>['payment']

/** Money was seen, whatever became of it. */
function isUnderWay({ status }: Known): boolean {
  return !['waiting', 'expired', 'invalid', 'refunded'].includes(status)
}

function isStillOpen({ status, expires_at }: Known): boolean {
  return status === 'waiting' && Date.parse(expires_at) - Date.now() > LEAST_REMAINING_MS
}

async function cartExists(container: MedusaContainer, cartId: string): Promise<boolean> {
  const { data } = await container
    .resolve(ContainerRegistrationKeys.QUERY)
    .graph({ entity: 'cart', fields: ['id'], filters: { id: [cartId] } })
  return data.length > 0
}

/** A new invoice in place of one that has ended. */
async function makeInvoice(
  container: MedusaContainer,
  cartId: string,
): Promise<{ session_id: string; checkout_link: string }> {
  const { collectionId } = await paymentsOf(container, cartId)
  const id =
    collectionId ??
    (await createPaymentCollectionForCartWorkflow(container).run({ input: { cart_id: cartId } }))
      .result.id
  const { result: session } = await createPaymentSessionsWorkflow(container).run({
    input: { payment_collection_id: id, provider_id: BITCOIN },
  })
  const data = readSessionData(session.data)
  if (!data) throw new Error('order page: the new payment session has no invoice')
  return { session_id: session.id, checkout_link: data.checkout_link }
}

async function ordered(container: MedusaContainer, cartId: string): Promise<Begun> {
  const { token } = await linkOf(container, cartId)
  return { begun: 'order', order: { order_page: token } }
}

async function answer(
  container: MedusaContainer,
  cartId: string,
  underWay: boolean,
  payment: { session_id: string; checkout_link: string },
): Promise<Begun> {
  const { token } = await linkOf(container, cartId)
  return {
    begun: 'payment',
    payment: {
      under_way: underWay,
      checkout_link: payment.checkout_link,
      order_page: token,
      reference: referenceOf(payment.session_id),
    },
  }
}
