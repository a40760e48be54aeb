import type { MedusaContainer } from '@medusajs/framework/types'
import {
  ContainerRegistrationKeys,
  MedusaError,
  Modules,
  OrderWorkflowEvents,
} from '@medusajs/framework/utils'
import { completeCartWorkflow } from '@medusajs/medusa/core-flows'
import { note } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { endHold, endUncoveredHold, fromHold } from '../holds/hold'
import { orderOfCart } from './cart-payments'
import { nameOrder } from './name-order'
import { obstacleTo } from './obstacle'

/** An order that is there to stay, or why the cart cannot become one; throws for what may pass by itself. */
export type Placed = { order: string } | { obstacle: string }

/** Errors of Medusa that say something of the cart, and are the same at the next try. */
const LASTING: string[] = [
  MedusaError.Types.INVALID_DATA,
  MedusaError.Types.NOT_FOUND,
  // Too little on stock, for example: somebody else's order took it a moment ago.
  MedusaError.Types.NOT_ALLOWED,
]

/**
 * Makes the order of a settled payment, or finishes one that a killed process has left: an order without
 * its payment. Safe to repeat. The caller holds the payment's lock.
 */
export async function placeOrder(
  container: MedusaContainer,
  sessionId: string,
  cartId: string,
): Promise<Placed> {
  const begun = await orderOfCart(container, cartId)
  if (begun) {
    await endHold(container, cartId)
    await finish(container, sessionId, begun)
    return { order: begun }
  }
  // Foreseen here, it burns no order number.
  let obstacle = await obstacleTo(container, cartId)
  // Too few are there for all who hold them: another one may just have lost its own.
  if (obstacle && !(await endUncoveredHold(container, cartId)))
    obstacle = await obstacleTo(container, cartId)
  if (obstacle) return { obstacle }
  const placed = await fromHold(container, cartId, () => complete(container, cartId))
  if ('obstacle' in placed) return placed
  await finish(container, sessionId, placed.order)
  note({ order: await numberOf(container, placed.order) })
  record('info', 'btcpay: payment became an order')
  return placed
}

async function complete(container: MedusaContainer, cartId: string): Promise<Placed> {
  try {
    await completeCartWorkflow(container).run({ input: { id: cartId } })
  } catch (error) {
    if (MedusaError.isMedusaError(error) && LASTING.includes(error.type))
      return { obstacle: error.message }
    throw error
  }
  const order = await orderOfCart(container, cartId)
  if (!order) throw new Error('btcpay: a cart was completed and has no order')
  return { order }
}

/** The number by which owner and shopper know an order. */
async function numberOf(container: MedusaContainer, orderId: string): Promise<number> {
  const { display_id } = await container
    .resolve(Modules.ORDER)
    .retrieveOrder(orderId, { select: ['id', 'display_id'] })
  return Number(display_id)
}

/**
 * Sees to it that an order has its payment, captured and counted, as Medusa's own completion does it at
 * its end. What is there already is left alone.
 */
async function finish(
  container: MedusaContainer,
  sessionId: string,
  orderId: string,
): Promise<void> {
  const payments = container.resolve(Modules.PAYMENT)
  const authorized = await payments.authorizePaymentSession(sessionId, {})
  if (!authorized) throw new Error('btcpay: the payment of an order is not authorised')
  const payment = await payments.retrievePayment(authorized.id, { relations: ['captures'] })
  const orders = container.resolve(Modules.ORDER)
  const counted = await orders.listOrderTransactions(
    { order_id: orderId },
    { select: ['reference_id'] },
  )
  const missing = (payment.captures ?? []).filter(
    (capture) => !counted.some(({ reference_id }) => reference_id === capture.id),
  )
  await nameOrder(container, sessionId, orderId)
  if (missing.length === 0) return
  await orders.addOrderTransactions(
    missing.map((capture) => ({
      order_id: orderId,
      amount: capture.raw_amount ?? capture.amount,
      currency_code: payment.currency_code,
      reference: 'capture',
      reference_id: capture.id,
    })) as Parameters<typeof orders.addOrderTransactions>[0],
  )
  container
    .resolve(ContainerRegistrationKeys.LOGGER)
    .warn(`btcpay: order ${orderId} had lost its payment, and has it again`)
  // Its own event may never have left the process that was killed; who hears it takes it twice.
  await container
    .resolve(Modules.EVENT_BUS)
    .emit({ name: OrderWorkflowEvents.PLACED, data: { id: orderId } })
}
