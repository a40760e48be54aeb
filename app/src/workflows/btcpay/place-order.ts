import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules, OrderWorkflowEvents } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { fromHold } from '../holds/hold'
import { orderOfCart } from './cart-payments'
import { completeCart, numberOf, type Placed } from './complete-cart'
import { mendOrder } from './mend-order'
import { nameOrder } from './name-order'

/**
 * Makes the order of a settled payment, or finishes one that a killed process has left: an order without
 * its payment, its goods, or its cart. Safe to repeat. The caller holds the payment's lock.
 */
export async function placeOrder(
  container: MedusaContainer,
  sessionId: string,
  cartId: string,
): Promise<Placed> {
  const begun = await orderOfCart(container, cartId)
  if (begun) {
    await fromHold(container, cartId, async () => {
      await mendOrder(container, cartId, begun)
      return { order: begun }
    })
    await finish(container, sessionId, begun)
    return { order: begun }
  }
  const placed = await completeCart(container, cartId)
  if ('obstacle' in placed) return placed
  await finish(container, sessionId, placed.order)
  note({ order: await numberOf(container, placed.order) })
  record('info', 'btcpay: payment became an order')
  return placed
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
