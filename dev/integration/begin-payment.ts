/** Speaks to a store API; without a body it is a GET. */
export type Ask = <T>(path: string, body?: object) => Promise<T>

/** What the shop answers when a payment begins. */
export interface BegunPayment {
  under_way: boolean
  /** BTCPay's page of the invoice. */
  checkout_link: string
  /** Secret of the order's page. */
  order_page: string
  /** Names the payment in BTCPay's return address. */
  reference: string
}

/** The invoice of a cart that has an address and a way of delivery. */
export async function beginPayment(ask: Ask, cartId: string): Promise<BegunPayment> {
  return (await ask<{ payment: BegunPayment }>(`/carts/${cartId}/payment`, {})).payment
}

/** Chooses the first way of delivery, then begins the payment. */
export async function deliverAndPay(ask: Ask, cartId: string): Promise<BegunPayment> {
  const { shipping_options } = await ask<{ shipping_options: { id: string }[] }>(
    `/shipping-options?cart_id=${cartId}`,
  )
  const option = shipping_options[0]
  if (!option) throw new Error('nothing delivers to this address')
  await ask(`/carts/${cartId}/shipping-methods`, { option_id: option.id })
  return beginPayment(ask, cartId)
}

/** BTCPay's id of the invoice that a checkout link leads to. */
export function invoiceOf(checkoutLink: string): string {
  const id = new URL(checkoutLink).pathname.split('/').at(-1)
  if (!id) throw new Error(`${checkoutLink} names no invoice`)
  return id
}
