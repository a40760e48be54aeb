import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN, Modules } from '@medusajs/framework/utils'
import { GOODS_FIELDS, goodsOf, type LineOfGoods } from '../holds/goods'
import { inTurn } from '../holds/in-turn'
import { placeFor, stockFor } from '../holds/stock'

interface Line extends LineOfGoods {
  id: string
  /** Medusa keeps an order's quantities here alone. */
  detail: { quantity: BigNumberInput; fulfilled_quantity: BigNumberInput }
}
interface Order {
  id: string
  canceled_at: string | null
  payment_collections?: ({ id: string } | null)[]
  promotions?: ({ id: string } | null)[]
  items?: Line[]
}
interface Cart {
  id: string
  completed_at: string | null
  payment_collection?: { id: string } | null
  promotions?: ({ id: string } | null)[]
}

const ORDER_FIELDS = [
  'id',
  'canceled_at',
  'payment_collections.id',
  'promotions.id',
  'items.id',
  'items.detail.quantity',
  'items.detail.fulfilled_quantity',
  ...GOODS_FIELDS,
]
const CART_FIELDS = ['id', 'completed_at', 'payment_collection.id', 'promotions.id']

/**
 * Gives an order that is linked to its cart what Medusa's `completeCartWorkflow` gives it in the same moment,
 * and what a kill in that moment leaves out: its payment collection, its promotions, its goods, and the cart's
 * end. Safe to repeat. The cart's hold has made room for the goods (`fromHold`).
 */
export async function mendOrder(
  container: MedusaContainer,
  cartId: string,
  orderId: string,
): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const [orders, carts] = await Promise.all([
    query.graph({ entity: 'order', fields: ORDER_FIELDS, filters: { id: [orderId] } }),
    query.graph({ entity: 'cart', fields: CART_FIELDS, filters: { id: [cartId] } }),
  ])
  const order = orders.data[0] as unknown as Order | undefined
  const cart = carts.data[0] as unknown as Cart | undefined
  if (!order || !cart || order.canceled_at) return
  await linkAll(container, order, cart)
  if (!cart.completed_at)
    await container.resolve(Modules.CART).updateCarts(cartId, { completed_at: new Date() })
  await reserveAll(container, cartId, order)
}

async function linkAll(container: MedusaContainer, order: Order, cart: Cart): Promise<void> {
  const has = (linked: Order['promotions'], id: string) => linked?.some((each) => each?.id === id)
  const collection = cart.payment_collection?.id
  const links = [
    ...(collection && !has(order.payment_collections, collection)
      ? [{ [Modules.PAYMENT]: { payment_collection_id: collection } }]
      : []),
    ...(cart.promotions ?? []).flatMap((promotion) =>
      promotion && !has(order.promotions, promotion.id)
        ? [{ [Modules.PROMOTION]: { promotion_id: promotion.id } }]
        : [],
    ),
  ].map((other) => ({ [Modules.ORDER]: { order_id: order.id }, ...other }))
  if (links.length > 0) await container.resolve(ContainerRegistrationKeys.LINK).create(links)
}

async function reserveAll(
  container: MedusaContainer,
  cartId: string,
  { id: orderId, items = [] }: Order,
): Promise<void> {
  const inventory = container.resolve(Modules.INVENTORY)
  for (const line of items) {
    // What has left the stock is reserved no more.
    if (MathBN.gt(line.detail.fulfilled_quantity, 0)) continue
    const wanted = goodsOf([{ ...line, quantity: line.detail.quantity }])
    const ids = wanted.map(({ inventory_item_id }) => inventory_item_id)
    await inTurn(container, ids, async () => {
      const there = await inventory.listReservationItems({ line_item_id: line.id })
      const missing = wanted.filter(
        (goods) => !there.some((each) => each.inventory_item_id === goods.inventory_item_id),
      )
      if (missing.length === 0) return
      const stock = await stockFor(container, cartId, missing)
      const placed = missing.flatMap((goods) => {
        const location = placeFor(goods, stock, [])
        return location ? [{ goods, location }] : []
      })
      if (placed.length < missing.length)
        container
          .resolve(ContainerRegistrationKeys.LOGGER)
          .error(`btcpay: order ${orderId} is paid, and its goods are not on stock`)
      await inventory.createReservationItems(
        placed.map(({ goods, location }) => ({
          line_item_id: line.id,
          inventory_item_id: goods.inventory_item_id,
          location_id: location,
          quantity: goods.quantity,
        })),
      )
    })
  }
}
