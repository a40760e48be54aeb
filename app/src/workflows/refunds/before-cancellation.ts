import type {
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaRequest,
  MedusaResponse,
} from '@medusajs/framework/http'
import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, OrderStatus } from '@medusajs/framework/utils'
import { refundOrder } from './refund-order'

/**
 * POST /admin/orders/:id/cancel: refunds first. Medusa's own cancellation only logs a refund that failed,
 * cancels all the same and counts the money as given back (`refundCapturedPaymentsWorkflow`); and it emits no
 * event of the refund, so its shopper would not hear of it. 503 without a refund: the order stays as it is.
 */
export async function refundBeforeCancellation(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const id = String(req.params.id)
  // What Medusa refuses to cancel is refused by it, without a refund.
  if (!(await mayBeCancelled(req.scope, id))) return next()
  try {
    await refundOrder(req.scope, id, (req as AuthenticatedMedusaRequest).auth_context.actor_id)
  } catch (error) {
    req.scope
      .resolve(ContainerRegistrationKeys.LOGGER)
      .error(`btcpay: an order was not cancelled: ${(error as Error).message}`)
    res.status(503).json({
      type: 'unavailable',
      message: `The order was not cancelled, because its payment could not be refunded: ${(error as Error).message}`,
    })
    return
  }
  next()
}

/** As Medusa's `cancelValidateOrder` asks. */
async function mayBeCancelled(container: MedusaContainer, orderId: string): Promise<boolean> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'order',
    fields: ['id', 'status', 'canceled_at', 'fulfillments.canceled_at'],
    filters: { id: [orderId] },
  })
  const order = data[0] as unknown as
    | {
        status: string
        canceled_at: string | null
        fulfillments?: ({ canceled_at: string | null } | null)[]
      }
    | undefined
  if (!order || order.canceled_at) return false
  if (order.status === OrderStatus.CANCELED || order.status === OrderStatus.COMPLETED) return false
  return !(order.fulfillments ?? []).some((each) => each && !each.canceled_at)
}
