import { type Ask, deliverAndPay, invoiceOf } from '../integration/begin-payment.ts'
import { store } from './client.ts'

const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  address_1: 'Analytical Way 1',
  city: 'Berlin',
  postal_code: '10115',
  country_code: 'de',
}

/** A cart with one piece of what the shop has most of. */
export async function begin(ask: Ask = store): Promise<string> {
  const { regions } = await ask<{ regions: { id: string; currency_code: string }[] }>('/regions')
  const region = regions.find(({ currency_code }) => currency_code === 'eur')
  if (!region) throw new Error('no region sells in EUR')
  const { products } = await ask<{
    products: { variants: { id: string; inventory_quantity: number }[] }[]
  }>(`/products?limit=100&region_id=${region.id}&fields=id,*variants,+variants.inventory_quantity`)
  const variants = products.flatMap((product) => product.variants)
  variants.sort((a, b) => b.inventory_quantity - a.inventory_quantity)
  const { cart } = await ask<{ cart: { id: string } }>('/carts', {
    region_id: region.id,
    items: [{ variant_id: variants[0]?.id, quantity: 1 }],
  })
  return cart.id
}

/** Address, delivery and invoice for a cart, wherever it was begun. */
export async function checkOut(
  cartId: string,
  ask: Ask = store,
): Promise<{ token: string; invoiceId: string }> {
  await ask(`/carts/${cartId}`, { email: 'ada@example.org', shipping_address: ADDRESS })
  const begun = await deliverAndPay(ask, cartId)
  return { token: begun.order_page, invoiceId: invoiceOf(begun.checkout_link) }
}

/** What the shopper's page sees of a payment. */
export async function paymentOf(
  token: string,
  ask: Ask = store,
): Promise<{ status: string; order_number: number | null }> {
  return (
    await ask<{ order_page: { status: string; order_number: number | null } }>(
      `/order-pages/${token}`,
    )
  ).order_page
}
