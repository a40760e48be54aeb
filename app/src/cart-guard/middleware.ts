import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { clientOfRequest } from '../limits/middleware'
import { cartOfCollection, orderOfCart, paymentsOf } from '../workflows/btcpay/cart-payments'
import { greenfield } from '../workflows/btcpay/examine-payment'
import { endHold, holdGoods } from '../workflows/holds/hold'
import { type CartChange, changeOf } from './change'
import { ORDERED, type Refusal, refusalOf } from './verdict'

/**
 * Refuses to change a cart for which money has come, or may be on its way: a paid parcel goes where its
 * shopper wanted it when paying. 409 once a payment was seen, 503 while BTCPay does not say.
 */
export async function guardCarts(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const change = changeOf(req.method, req.originalUrl, req.body)
  if (!change) return next()
  const refusal = await refusalFor(req.scope, change)
  if (!refusal) {
    if ('cart' in change && change.lines) await freeForChange(req, res, change.cart)
    return next()
  }
  res
    .status(refusal.status)
    .set('cache-control', 'no-store')
    .json({
      type: refusal.status === 409 ? 'not_allowed' : 'unavailable',
      message: refusal.message,
    })
}

/**
 * What a cart holds would be missing when Medusa looks whether there is enough for its new lines. Its next
 * payment holds what it has then; when nothing is changed, this one does.
 */
async function freeForChange(
  req: MedusaRequest,
  res: MedusaResponse,
  cartId: string,
): Promise<void> {
  const container = req.scope
  if (!(await endHold(container, cartId))) return
  const { key, local } = clientOfRequest(req)
  // Also of a client that has left before the answer.
  res.once('close', () => {
    if (res.writableFinished && res.statusCode < 400) return
    holdGoods(container, cartId, local ? undefined : key).catch((error: Error) => {
      const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
      logger.warn(`hold: goods could not be held again: ${error.message}`)
    })
  })
}

async function refusalFor(
  container: MedusaContainer,
  change: CartChange,
): Promise<Refusal | undefined> {
  const cartId =
    'cart' in change ? change.cart : await cartOfCollection(container, change.collection)
  if (!cartId) return undefined
  note({ cart: short(cartId) })
  if (await isOrdered(container, cartId)) return ORDERED
  const { payments } = await paymentsOf(container, cartId)
  const ids = payments.flatMap(({ invoiceId }) => invoiceId ?? [])
  if (ids.length === 0) return undefined
  const btcpay = greenfield()
  const answers = await Promise.all(ids.map((id) => btcpay.getInvoice(id)))
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  for (const answer of answers) {
    if (!answer.ok) logger.warn(`btcpay: a cart is not changed: ${answer.failure.message}`)
  }
  return refusalOf(answers)
}

/** Whether a cart is an order already; false also for a cart that does not exist. */
async function isOrdered(container: MedusaContainer, cartId: string): Promise<boolean> {
  if (await orderOfCart(container, cartId)) return true
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: carts } = await query.graph({
    entity: 'cart',
    fields: ['id', 'completed_at'],
    filters: { id: [cartId] },
  })
  return Boolean(carts[0]?.completed_at)
}
