import type {
  IInventoryService,
  InventoryLevelDTO,
  ReservationItemDTO,
} from '@medusajs/framework/types'
import { MathBN } from '@medusajs/framework/utils'
import type { Goods } from './goods'
import { ALL, movingOf, piecesOf } from './reservations'

/** The levels of some goods, and what of them is on its way into other carts' orders. */
export interface Stock {
  levels: InventoryLevelDTO[]
  moving: ReservationItemDTO[]
}

export async function stockFor(
  inventory: IInventoryService,
  cartId: string,
  goods: Goods[],
): Promise<Stock> {
  const ids = goods.map(({ inventory_item_id }) => inventory_item_id)
  const [levels, moving] = await Promise.all([
    inventory.listInventoryLevels({ inventory_item_id: ids }, ALL),
    movingOf(inventory, ids, cartId),
  ])
  return { levels, moving }
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
