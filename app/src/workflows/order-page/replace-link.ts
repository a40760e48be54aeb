import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { environment } from '../../environment'
import { isAddress } from '../../modules/mail/address'
import { mailSettings } from '../../modules/mail/settings'
import { ORDER_PAGE } from '../../modules/order-page'
import type { OrderPages } from '../../modules/order-page/service'
import { cartOfOrder } from '../btcpay/cart-payments'
import { linkOf } from './page-link'

/** Event: the link of an order's page was replaced; it names the order and the new link, not its secret. */
export const PAGE_LINK_REPLACED = 'order_page.link_replaced'

/** A second press within this time is taken for the first one again. */
const SAME_PRESS_MS = 60_000
const LOCK_WAIT_SECONDS = 10
const LOCK_EXPIRES_SECONDS = 30

/** `repeated`: it was replaced a moment before, and nothing was changed again. */
export type ReplacedLink =
  | { replaced: true; at: Date; repeated: boolean }
  | { replaced: false; reason: 'no-order' | 'refused'; message: string }

/**
 * Makes the order page's link useless and mails the shopper a new one. Nothing is changed where the new one
 * could not reach the shopper. Within a minute a second call changes nothing, and tells the worker again.
 */
export async function replacePageLink(
  container: MedusaContainer,
  orderId: string,
): Promise<ReplacedLink> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'order',
    fields: ['id', 'display_id', 'email'],
    filters: { id: [orderId] },
  })
  const order = data[0] as { display_id: number; email?: string | null } | undefined
  if (!order) return { replaced: false, reason: 'no-order', message: 'There is no such order.' }
  note({ order: Number(order.display_id) })
  const refused = (message: string) => ({ replaced: false, reason: 'refused', message }) as const
  const cartId = await cartOfOrder(container, orderId)
  if (!cartId) return refused('This order was not placed in the shop, so it has no page.')
  if (!mailSettings(environment()).on) {
    return refused('Mail is switched off, so a new link could not reach the shopper.')
  }
  if (!order.email || !isAddress(order.email)) {
    return refused('This order has no e-mail address that a new link could be sent to.')
  }
  return container
    .resolve(Modules.LOCKING)
    .execute(`page-link:${cartId}`, () => replace(container, orderId, cartId), {
      timeout: LOCK_WAIT_SECONDS,
      expire: LOCK_EXPIRES_SECONDS,
    })
}

async function replace(
  container: MedusaContainer,
  orderId: string,
  cartId: string,
): Promise<ReplacedLink> {
  const pages = container.resolve<OrderPages>(ORDER_PAGE)
  const [last] = await pages.listOrderPageLinks(
    { cart_id: cartId, revoked_at: { $gte: new Date(Date.now() - SAME_PRESS_MS) } },
    { order: { revoked_at: 'DESC' }, take: 1 },
  )
  const at = last?.revoked_at ?? new Date()
  if (!last) {
    // Also the first link of an order from before there were any: an old one is never brought back.
    const { id } = await linkOf(container, cartId)
    await pages.updateOrderPageLinks({ id, revoked_at: at })
    record('info', 'order page: link replaced')
  }
  // A process that was killed here has left no link: the next call, or the next mail, makes it.
  const { id: link_id } = await linkOf(container, cartId)
  await container
    .resolve(Modules.EVENT_BUS)
    .emit({ name: PAGE_LINK_REPLACED, data: { order_id: orderId, link_id } })
  return { replaced: true, at, repeated: last !== undefined }
}
