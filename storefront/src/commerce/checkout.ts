import 'server-only'
import type { HttpTypes } from '@medusajs/types'
import type { AddressForm } from './address'
import { callStore } from './medusa'
import { type Money, money } from './money'
import { type Result, success } from './result'

/** A way of delivery for a cart. */
export interface DeliveryOption {
  id: string
  name: string
  description: string
  price: Money
}

/** Saves who orders and where it goes. */
export async function saveAddress(cartId: string, form: AddressForm): Promise<Result<null>> {
  const { email, ...address } = form
  const answer = await callStore<unknown>(`/carts/${cartId}`, {
    method: 'POST',
    body: { email, shipping_address: address, billing_address: address },
  })
  return answer.ok ? success(null) : answer
}

/** Ways of delivery to the cart's address, the cheapest first. */
export async function deliveryOptions(
  cartId: string,
  currency: string,
): Promise<Result<DeliveryOption[]>> {
  const answer = await callStore<HttpTypes.StoreShippingOptionListResponse>('/shipping-options', {
    query: { cart_id: cartId },
  })
  if (!answer.ok) return answer
  const options = [...answer.value.shipping_options].sort((a, b) => a.amount - b.amount)
  return success(
    options.map(({ id, name, amount, type }) => ({
      id,
      name,
      description: type?.description ?? '',
      price: money(amount, currency),
    })),
  )
}

/** Chooses the way of delivery. */
export async function saveDelivery(cartId: string, optionId: string): Promise<Result<null>> {
  const answer = await callStore<unknown>(`/carts/${cartId}/shipping-methods`, {
    method: 'POST',
    body: { option_id: optionId },
  })
  return answer.ok ? success(null) : answer
}
