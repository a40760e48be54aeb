import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { cartOfOrder } from '../btcpay/cart-payments'
import { mailOrder } from './mail-order'

/** The outbox forgets after 90 days which order was confirmed; a day less leaves room for its clock. */
const REMEMBERED_MS = 89 * 86_400_000

/**
 * Confirms an order that was made in the admin, once it is paid, however it was. Older orders are left
 * alone: the payment of a later change must not confirm one for a second time.
 */
export async function mailPaidOrder(container: MedusaContainer, paymentId: string): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: payments } = await query.graph({
    entity: 'payment',
    fields: ['payment_collection_id'],
    filters: { id: [paymentId] },
  })
  const collectionId = payments[0]?.payment_collection_id
  if (!collectionId) return
  const { data: links } = await query.graph({
    entity: 'order_payment_collection',
    fields: ['order_id'],
    filters: { payment_collection_id: [collectionId] },
  })
  const orderId: string | undefined = links[0]?.order_id
  if (!orderId || (await cartOfOrder(container, orderId))) return
  const { data: orders } = await query.graph({
    entity: 'order',
    fields: ['created_at'],
    filters: { id: [orderId] },
  })
  const made = orders[0]?.created_at
  if (!made || Date.now() - new Date(made).getTime() > REMEMBERED_MS) return
  await mailOrder(container, orderId)
}
