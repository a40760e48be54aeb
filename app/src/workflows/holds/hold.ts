import type { MedusaContainer, ReservationItemDTO } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN, Modules } from '@medusajs/framework/utils'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { GOODS_FIELDS, type Goods, goodsOf, type LineOfGoods } from './goods'
import { inTurn } from './in-turn'
import { ALL, heldFor, nameOf, piecesOf } from './reservations'
import { holderOf, mayHold } from './share'
import { placeFor, stockFor } from './stock'

/** What a cart wants of the stock. */
async function wantedBy(container: MedusaContainer, cartId: string): Promise<Goods[]> {
  const { data } = await container
    .resolve(ContainerRegistrationKeys.QUERY)
    .graph({ entity: 'cart', fields: GOODS_FIELDS, filters: { id: [cartId] } })
  return goodsOf((data[0]?.items ?? []) as unknown as LineOfGoods[])
}

/**
 * Keeps a cart's goods for it, as reservations of Medusa's own, so that nobody else can be asked to pay for
 * them. One hold a cart: a new one takes the place of the one before. Safe to repeat.
 * @param client who pays, as limits count clients; none for this machine itself
 * @returns false when somebody else has taken the goods; true also when this client may hold no more, since
 *   an invoice without a hold is better than none
 */
export async function holdGoods(
  container: MedusaContainer,
  cartId: string,
  client: string | undefined,
): Promise<boolean> {
  const [wanted, own] = await Promise.all([wantedBy(container, cartId), heldFor(container, cartId)])
  if (isSame(wanted, own)) return true
  const ids = [...wanted, ...own].map((each) => each.inventory_item_id)
  // A client's carts in turn, too: each counts what the others hold.
  return inTurn(container, client ? [holderOf(client), ...ids] : ids, async () => {
    const share = await mayHold(container, cartId, client, wanted)
    if (!share.may) {
      const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
      logger.info(`hold: cart ${short(cartId)} is paid without one, ${share.why}`)
      return true
    }
    const inventory = container.resolve(Modules.INVENTORY)
    const before = await heldFor(container, cartId)
    const stock = await stockFor(container, cartId, wanted)
    const places = wanted.map((goods) => ({ goods, location: placeFor(goods, stock, before) }))
    if (places.some(({ location }) => !location)) return false
    if (before.length > 0) await inventory.deleteReservationItems(before.map(({ id }) => id))
    await inventory.createReservationItems(
      places.map(({ goods, location }) => ({
        line_item_id: nameOf(cartId),
        inventory_item_id: goods.inventory_item_id,
        location_id: location ?? '',
        quantity: goods.quantity,
        description: `Held while cart ${short(cartId)} is being paid`,
        created_by: share.holder,
      })),
    )
    return true
  })
}

function isSame(wanted: Goods[], own: ReservationItemDTO[]): boolean {
  return (
    wanted.length === own.length &&
    wanted.every(({ inventory_item_id: id, quantity }) =>
      own.some((held) => held.inventory_item_id === id && MathBN.eq(piecesOf(held), quantity)),
    )
  )
}

/** Ends a cart's hold: its goods are free again. Safe to repeat. */
export async function endHold(container: MedusaContainer, cartId: string): Promise<boolean> {
  const own = await heldFor(container, cartId)
  if (own.length === 0) return false
  const inventory = container.resolve(Modules.INVENTORY)
  await inTurn(container, itemsOf(own), async () => {
    const still = await heldFor(container, cartId)
    if (still.length > 0) await inventory.deleteReservationItems(still.map(({ id }) => id))
  })
  return true
}

/**
 * Ends a cart's hold if its goods are not all there: the owner has counted fewer than are held and ordered. So
 * one of those who have paid loses its goods, and not all of them.
 * @returns whether it was ended
 */
export async function endUncoveredHold(
  container: MedusaContainer,
  cartId: string,
): Promise<boolean> {
  const own = await heldFor(container, cartId)
  const inventory = container.resolve(Modules.INVENTORY)
  return inTurn(container, itemsOf(own), async () => {
    const levels = await inventory.listInventoryLevels({ inventory_item_id: itemsOf(own) }, ALL)
    const isShort = own.some((held) =>
      levels.some(
        (level) =>
          level.inventory_item_id === held.inventory_item_id &&
          level.location_id === held.location_id &&
          MathBN.lt(level.stocked_quantity, level.reserved_quantity),
      ),
    )
    if (isShort) await inventory.deleteReservationItems(own.map(({ id }) => id))
    return isShort
  })
}

/**
 * Makes an order of held goods: Medusa reserves them for its lines, and nobody takes them in between. When no
 * order comes of it, they are held again.
 */
export async function fromHold<Result extends { order: string } | { obstacle: string }>(
  container: MedusaContainer,
  cartId: string,
  makeOrder: () => Promise<Result>,
): Promise<Result> {
  const own = await heldFor(container, cartId)
  const inventory = container.resolve(Modules.INVENTORY)
  if (own.length > 0) {
    await inTurn(container, itemsOf(own), () =>
      inventory.updateReservationItems(
        own.map((held) => ({
          id: held.id,
          quantity: 0,
          metadata: { ...held.metadata, moving: MathBN.convert(piecesOf(held)).toString() },
        })),
      ),
    )
  }
  let result: Result | undefined
  try {
    result = await makeOrder()
    return result
  } finally {
    if (result && 'order' in result) await endHold(container, cartId)
    else await holdAgain(container, cartId, own)
  }
}

async function holdAgain(
  container: MedusaContainer,
  cartId: string,
  own: ReservationItemDTO[],
): Promise<void> {
  if (own.length === 0) return
  try {
    await inTurn(container, itemsOf(own), () =>
      container.resolve(Modules.INVENTORY).updateReservationItems(
        own.map((held) => ({
          id: held.id,
          quantity: MathBN.convert(piecesOf(held)),
          metadata: { ...held.metadata, moving: null },
        })),
      ),
    )
  } catch (error) {
    // Nothing to hold any more: why the order could not be made is told by who tried.
    const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
    logger.warn(`hold: goods could not be held again: ${(error as Error).message}`)
    await endHold(container, cartId)
  }
}

const itemsOf = (held: ReservationItemDTO[]) =>
  held.map(({ inventory_item_id }) => inventory_item_id)
