import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import { short } from '@rr-bizops/telemetry/logging/redact'

/** A cart's metadata, which Medusa copies to its order: the cart that the order is being made of. */
const MARK = 'cart_id'
/** As long as Medusa's own `completeCartWorkflow` waits for the cart, and holds it. */
const LOCK_WAIT_SECONDS = 30
const LOCK_EXPIRES_SECONDS = 120

/** Orders of a cart that are not linked to it: all that a kill leaves between the two is this mark. */
const ORPHANS = `
  SELECT o.id FROM "order" o WHERE o.metadata->>'${MARK}' = ? AND o.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM order_cart k WHERE k.order_id = o.id AND k.deleted_at IS NULL)`

/**
 * Whether an order that carries these metadata still lacks its cart, so that it may be taken back; false for
 * orders of the admin, which come of no cart.
 */
export function mayBeOrphan(
  metadata: Record<string, unknown> | null | undefined,
  cart: { id: string } | null | undefined,
): boolean {
  return typeof metadata?.[MARK] === 'string' && !cart
}

/**
 * Before Medusa makes a cart's order: marks the cart, so that an order is found again whose process was killed
 * before Medusa linked it to its cart. What such a process has left is taken back first.
 */
export async function beginCompletion(container: MedusaContainer, cartId: string): Promise<void> {
  const carts = container.resolve(Modules.CART)
  const { metadata } = await carts.retrieveCart(cartId, { select: ['id', 'metadata'] })
  if (metadata?.[MARK] === cartId) return takeBackOrphans(container, cartId)
  await carts.updateCarts(cartId, { metadata: { ...metadata, [MARK]: cartId } })
}

/**
 * As Medusa's own compensation does it: the order and its reservations are deleted, and its number stays a
 * gap. Nobody was told of it: its event leaves only at the end of Medusa's workflow.
 */
async function takeBackOrphans(container: MedusaContainer, cartId: string): Promise<void> {
  const work = async () => {
    const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
    const { rows } = await connection.raw<{ rows: { id: string }[] }>(ORPHANS, [cartId])
    for (const { id } of rows) await takeBack(container, cartId, id)
  }
  // Whoever makes the order now holds this lock: what is not linked then is nobody's.
  await container.resolve(Modules.LOCKING).execute(cartId, work, {
    timeout: LOCK_WAIT_SECONDS,
    expire: LOCK_EXPIRES_SECONDS,
  })
}

/**
 * Ends the order's links one by one: a deletion of all that it is linked to would take the payment with it
 * that the cart's next order is made of.
 */
async function unlink(container: MedusaContainer, orderId: string): Promise<void> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'order',
    fields: ['id', 'payment_collections.id', 'promotions.id'],
    filters: { id: [orderId] },
  })
  const linked = data[0] as unknown as Linked | undefined
  const order = { [Modules.ORDER]: { order_id: orderId } }
  const links = [
    ...idsOf(linked?.payment_collections).map((id) => ({
      ...order,
      [Modules.PAYMENT]: { payment_collection_id: id },
    })),
    ...idsOf(linked?.promotions).map((id) => ({
      ...order,
      [Modules.PROMOTION]: { promotion_id: id },
    })),
  ]
  if (links.length > 0) await container.resolve(ContainerRegistrationKeys.LINK).dismiss(links)
}

type Ids = ({ id: string } | null)[] | null
interface Linked {
  payment_collections?: Ids
  promotions?: Ids
}

function idsOf(linked: Ids | undefined): string[] {
  return (linked ?? []).flatMap((each) => (each ? [each.id] : []))
}

async function takeBack(
  container: MedusaContainer,
  cartId: string,
  orderId: string,
): Promise<void> {
  const orders = container.resolve(Modules.ORDER)
  const { items } = await orders.retrieveOrder(orderId, { select: ['id'], relations: ['items'] })
  await container
    .resolve(Modules.INVENTORY)
    .deleteReservationItemsByLineItem((items ?? []).map(({ id }) => id))
  await unlink(container, orderId)
  await orders.deleteOrders([orderId])
  // As when Medusa's own workflow is undone: a cart that is complete could not be worked out anew.
  await container.resolve(Modules.CART).updateCarts(cartId, { completed_at: null })
  container
    .resolve(ContainerRegistrationKeys.LOGGER)
    .warn(`btcpay: an unfinished order of cart ${short(cartId)} was taken back`)
}
