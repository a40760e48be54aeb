import type {
  BigNumberInput,
  IInventoryService,
  MedusaContainer,
  ReservationItemDTO,
} from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'

/** Medusa lists 15 unless it is told otherwise. */
export const ALL = { take: null } as const

/** Marks a reservation that stands for no line of an order, but for a cart that is being paid. */
export const PREFIX = 'hold_'

/** Stands for a line of an order in the reservations of a cart. */
export const nameOf = (cartId: string) => `${PREFIX}${cartId}`

/** Whether a reservation is some cart's hold. */
export function isHold({ line_item_id }: ReservationItemDTO): boolean {
  return line_item_id?.startsWith(PREFIX) ?? false
}

/**
 * The pieces that a hold stands for. While its order is being made, Medusa must be able to reserve them for
 * the order's lines: then the reservation itself is of none, and only who takes a hold still counts them.
 */
export function piecesOf({ quantity, metadata }: ReservationItemDTO): BigNumberInput {
  return (metadata?.moving as BigNumberInput | undefined) ?? quantity
}

/** The reservations by which a cart's goods are held; none when they are not. */
export function heldFor(container: MedusaContainer, cartId: string): Promise<ReservationItemDTO[]> {
  return container
    .resolve(Modules.INVENTORY)
    .listReservationItems({ line_item_id: nameOf(cartId) }, ALL)
}

/** Holds of other carts whose order is being made: no level counts them, and they are nobody else's. */
export async function movingOf(
  inventory: IInventoryService,
  inventoryItemIds: string[],
  butOf: string,
): Promise<ReservationItemDTO[]> {
  const filters = { inventory_item_id: inventoryItemIds, quantity: 0 }
  const all = await inventory.listReservationItems(filters, ALL)
  return all.filter((each) => isHold(each) && each.line_item_id !== nameOf(butOf))
}
