import type { BigNumberInput, BigNumberRawValue, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import {
  createCartCreditLinesWorkflow,
  createPaymentCollectionForCartWorkflow,
  refreshCartItemsWorkflow,
} from '@medusajs/medusa/core-flows'
import { note } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { payableAmount } from '../../modules/btcpay/amount'
import { orderOfCart, paymentsOf } from './cart-payments'
import { completeCart, numberOf, obstacleOf, type Placed } from './complete-cart'
import { beginCompletion } from './orphan'

interface Cart {
  currency_code: string
  total: BigNumberInput
  raw_total?: BigNumberRawValue
  items?: ({ id: string } | null)[]
}

async function findCart(container: MedusaContainer, cartId: string): Promise<Cart | undefined> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'cart',
    // Medusa works out a total only with the lines as a whole.
    fields: ['id', 'currency_code', 'total', 'raw_total', 'items.*'],
    filters: { id: [cartId] },
  })
  return data[0] as unknown as Cart | undefined
}

/**
 * Whether nothing is to be paid for a cart: Medusa's own total of it, as an invoice would have it. The same
 * after it became an order.
 */
export async function isFree(container: MedusaContainer, cartId: string): Promise<boolean> {
  const cart = await findCart(container, cartId)
  // An empty cart costs nothing, too, and is nobody's order.
  if (!cart?.items?.length) return false
  return MathBN.lte(payableAmount(cart.total ?? 1, cart.currency_code), 0)
}

/**
 * Takes off what a discount of 100 % leaves of prices that contain taxes, such as 4e-16 EUR: Medusa divides
 * by the tax and multiplies again, and then refuses to complete the cart without a payment.
 */
async function takeOffRest(container: MedusaContainer, cartId: string): Promise<void> {
  const cart = await findCart(container, cartId)
  if (!cart || MathBN.lte(cart.total, 0)) return
  // The cart may have changed a moment ago: only what is no money is taken off.
  if (MathBN.gt(payableAmount(cart.total, cart.currency_code), 0)) return
  // Medusa's type names only numbers, which would not be exact; its service takes all of its amounts.
  const amount = (cart.raw_total ?? cart.total) as number
  await createCartCreditLinesWorkflow(container).run({
    input: [{ cart_id: cartId, amount, reference: 'rounding', reference_id: null, metadata: null }],
  })
}

/**
 * The order of a cart for which nothing was to be paid; undefined while it has none, and for a cart that was
 * paid.
 */
export async function freeOrderOf(
  container: MedusaContainer,
  cartId: string,
): Promise<string | undefined> {
  const order = await orderOfCart(container, cartId)
  return order && (await isFree(container, cartId)) ? order : undefined
}

/**
 * Makes the order of a cart for which nothing is to be paid: no invoice, no payment. Safe to repeat. The
 * caller holds the cart's lock of `beginPayment`, and has seen that no payment is under way.
 * @returns undefined: there is something to pay
 */
export async function placeFreeOrder(
  container: MedusaContainer,
  cartId: string,
): Promise<Placed | undefined> {
  if (!(await isFree(container, cartId))) return undefined
  // What a killed process has left of its order would refuse what follows: the cart looks completed.
  await beginCompletion(container, cartId)
  try {
    // Discounts lie in the cart as they were when it changed last; a promotion may have ended since then.
    await refreshCartItemsWorkflow(container).run({ input: { cart_id: cartId } })
  } catch (error) {
    return obstacleOf(error)
  }
  if (!(await isFree(container, cartId))) return undefined
  await takeOffRest(container, cartId)
  // By this collection over nothing Medusa calls the order paid; it asks for no payment all the same.
  if (!(await paymentsOf(container, cartId)).collectionId)
    await createPaymentCollectionForCartWorkflow(container).run({ input: { cart_id: cartId } })
  const placed = await completeCart(container, cartId)
  if ('obstacle' in placed) return placed
  note({ cart: short(cartId), order: await numberOf(container, placed.order) })
  record('info', 'order: placed, nothing was to be paid')
  return placed
}
