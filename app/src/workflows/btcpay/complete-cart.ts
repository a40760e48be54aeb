import type { MedusaContainer } from '@medusajs/framework/types'
import { MedusaError, Modules } from '@medusajs/framework/utils'
import { completeCartWorkflow } from '@medusajs/medusa/core-flows'
import { endUncoveredHold, fromHold } from '../holds/hold'
import { orderOfCart } from './cart-payments'
import { obstacleTo } from './obstacle'
import { beginCompletion } from './orphan'

/** An order that is there to stay, or why the cart cannot become one; throws for what may pass by itself. */
export type Placed = { order: string } | { obstacle: string }

/** Errors of Medusa that say something of the cart, and are the same at the next try. */
const LASTING: string[] = [
  MedusaError.Types.INVALID_DATA,
  MedusaError.Types.NOT_FOUND,
  // Too little on stock, for example: somebody else's order took it a moment ago.
  MedusaError.Types.NOT_ALLOWED,
]

/** What Medusa says of a cart when it refuses what was asked of it; anything else is thrown again. */
export function obstacleOf(error: unknown): { obstacle: string } {
  if (MedusaError.isMedusaError(error) && LASTING.includes(error.type))
    return { obstacle: error.message }
  throw error
}

/**
 * Makes the order of a cart that has none yet, of the goods that are held for it. Medusa takes the payment of
 * its session, and asks for none when nothing is to be paid (`validateCartPaymentsStep`). The caller holds a
 * lock.
 */
export async function completeCart(container: MedusaContainer, cartId: string): Promise<Placed> {
  await beginCompletion(container, cartId)
  // Somebody else may have made it while this one waited for the cart.
  const made = await orderOfCart(container, cartId)
  if (made) return { order: made }
  // Foreseen here, it burns no order number.
  let obstacle = await obstacleTo(container, cartId)
  // Too few are there for all who hold them: another one may just have lost its own.
  if (obstacle && !(await endUncoveredHold(container, cartId)))
    obstacle = await obstacleTo(container, cartId)
  if (obstacle) return { obstacle }
  return fromHold(container, cartId, () => complete(container, cartId))
}

async function complete(container: MedusaContainer, cartId: string): Promise<Placed> {
  try {
    await completeCartWorkflow(container).run({ input: { id: cartId } })
  } catch (error) {
    return obstacleOf(error)
  }
  const order = await orderOfCart(container, cartId)
  if (!order) throw new Error('btcpay: a cart was completed and has no order')
  return { order }
}

/** The number by which owner and shopper know an order. */
export async function numberOf(container: MedusaContainer, orderId: string): Promise<number> {
  const { display_id } = await container
    .resolve(Modules.ORDER)
    .retrieveOrder(orderId, { select: ['id', 'display_id'] })
  return Number(display_id)
}
