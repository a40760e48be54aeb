import type {
  InventoryLevelDTO,
  MedusaContainer,
  ReservationItemDTO,
} from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN, Modules } from '@medusajs/framework/utils'
import type { Goods } from './goods'
import { ALL, movingOf, piecesOf } from './reservations'

/** The levels of some goods where the cart's shop sells from, and what of them is on its way into other carts' orders. */
export interface Stock {
  levels: InventoryLevelDTO[]
  moving: ReservationItemDTO[]
}

export async function stockFor(
  container: MedusaContainer,
  cartId: string,
  goods: Goods[],
): Promise<Stock> {
  const inventory = container.resolve(Modules.INVENTORY)
  const ids = goods.map(({ inventory_item_id }) => inventory_item_id)
  const [levels, moving, places] = await Promise.all([
    inventory.listInventoryLevels({ inventory_item_id: ids }, ALL),
    movingOf(inventory, ids, cartId),
    placesOf(container, cartId),
  ])
  return { levels: levels.filter(({ location_id }) => places.includes(location_id)), moving }
}

/** The stock locations of a cart's sales channel: Medusa takes an order's goods from no other. */
async function placesOf(container: MedusaContainer, cartId: string): Promise<string[]> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: carts } = await query.graph({
    entity: 'cart',
    fields: ['id', 'sales_channel_id'],
    filters: { id: [cartId] },
  })
  const channel = carts[0]?.sales_channel_id
  if (!channel) return []
  const { data } = await query.graph({
    entity: 'sales_channel_location',
    fields: ['stock_location_id'],
    filters: { sales_channel_id: [channel] },
  })
  return (data as { stock_location_id: string }[]).map((each) => each.stock_location_id)
}

/**
 * The place that has enough of something; undefined when none has.
 * @param ours reservations that count as free: those of the cart itself
 */
export function placeFor(
  { inventory_item_id: item, quantity }: Goods,
  { levels, moving }: Stock,
  ours: ReservationItemDTO[],
): string | undefined {
  const at = (held: ReservationItemDTO[], location: string) =>
    held.filter((each) => each.inventory_item_id === item && each.location_id === location)
  return levels
    .filter((level) => level.inventory_item_id === item)
    .find(({ location_id, stocked_quantity, reserved_quantity }) => {
      const mine = at(ours, location_id).map((each) => each.quantity)
      const gone = at(moving, location_id).map(piecesOf)
      const left = MathBN.sub(stocked_quantity, reserved_quantity, ...gone)
      return MathBN.gte(MathBN.add(left, ...mine), quantity)
    })?.location_id
}
