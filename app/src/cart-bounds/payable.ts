import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MedusaError } from '@medusajs/framework/utils'
import { isWholeQuantity } from './lines'

/** Lines of a cart as they are stored. */
type StoredLine = { quantity: BigNumberInput } | null

/** Why these lines cannot be paid for; undefined when they can. */
export function unpayable(lines: StoredLine[]): string | undefined {
  if (lines.length === 0) return 'Your cart is empty.'
  if (lines.every((line) => isWholeQuantity(line?.quantity))) return undefined
  return 'Your cart has a product without a whole quantity. Please remove it and add it again.'
}

/**
 * Refuses to begin a payment for a cart in which nothing, or no whole piece, is bought: its invoice
 * would be for delivery alone. Asked before an invoice is made, never when one is paid: money that
 * came must become an order.
 * @throws MedusaError: not_found without such a cart, invalid_data when it cannot be paid for
 */
export async function refuseUnpayableCart(
  container: MedusaContainer,
  cartId: string,
): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'cart',
    fields: ['id', 'items.quantity'],
    filters: { id: cartId },
  })
  const cart = data[0]
  if (!cart) throw new MedusaError(MedusaError.Types.NOT_FOUND, 'There is no such cart.')
  const problem = unpayable(cart.items ?? [])
  if (problem) throw new MedusaError(MedusaError.Types.INVALID_DATA, problem)
}
