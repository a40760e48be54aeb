import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'

/** Many may pay for the same goods at one moment; each needs them for some milliseconds. */
const WAIT_SECONDS = 20
/** A killed process's lock ends by itself; a living one renews it. */
const EXPIRES_SECONDS = 15

/**
 * Runs work while nobody else reserves these inventory items: the same locks as Medusa's own
 * `reserveInventoryStep`, one after the other in one order, so that no two wait for each other.
 * @throws MedusaError of type conflict when a lock is not free in time
 */
export function inTurn<Result>(
  container: MedusaContainer,
  inventoryItemIds: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const locking = container.resolve(Modules.LOCKING)
  const locked = ([first, ...rest]: string[]): Promise<Result> =>
    first === undefined
      ? work()
      : locking.execute(first, () => locked(rest), {
          timeout: WAIT_SECONDS,
          expire: EXPIRES_SECONDS,
        })
  return locked([...new Set(inventoryItemIds)].sort())
}
