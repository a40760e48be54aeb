import { deliverAndPay, invoiceOf } from './begin-payment.ts'
import { admin, askStore, store } from './shop.ts'
import { region } from './shopper.ts'

/** Products that a test file has added, until they are taken out of sale. */
const products: string[] = []

/** Other tests look at all that the shop sells. A test may have deleted its own. */
export async function takeOutOfSale(): Promise<void> {
  for (const id of products.splice(0))
    await admin(`/products/${id}`, { status: 'draft' }).catch(() => {})
}

/** A product that only this test sells, with so many pieces on stock. */
export async function product(
  stock: number,
  { profile = true } = {},
): Promise<{ id: string; variant: string; item: string }> {
  const [{ shipping_profiles }, { stock_locations }, sold] = await Promise.all([
    admin<{ shipping_profiles: { id: string }[] }>('/shipping-profiles'),
    admin<{ stock_locations: { id: string }[] }>('/stock-locations'),
    store<{ products: { id: string }[] }>('/products?limit=1&fields=id'),
  ])
  // In the channel that the storefront sells in.
  const { product: like } = await admin<{ product: { sales_channels: { id: string }[] } }>(
    `/products/${sold.products[0]?.id}?fields=id,sales_channels.id`,
  )
  const { product: made } = await admin<{
    product: {
      id: string
      variants: { id: string; inventory_items: { inventory_item_id: string }[] }[]
    }
  }>('/products?fields=id,variants.id,variants.inventory_items.inventory_item_id', {
    title: `Beaker ${Date.now()}`,
    status: 'published',
    sales_channels: like.sales_channels.map(({ id }) => ({ id })),
    ...(profile ? { shipping_profile_id: shipping_profiles[0]?.id } : {}),
    options: [{ title: 'Size', values: ['one'] }],
    variants: [
      {
        title: 'one',
        options: { Size: 'one' },
        manage_inventory: true,
        prices: [
          { currency_code: 'eur', amount: 10 },
          { currency_code: 'usd', amount: 11 },
        ],
      },
    ],
  })
  products.push(made.id)
  const [variant] = made.variants
  const item = variant?.inventory_items[0]?.inventory_item_id
  await admin(`/inventory-items/${item}/location-levels`, {
    location_id: stock_locations[0]?.id,
    stocked_quantity: stock,
  })
  return { id: made.id, variant: variant?.id ?? '', item: item ?? '' }
}

/** The owner has counted again: so many pieces are there. */
export async function recount(item: string, stock: number): Promise<void> {
  const { stock_locations } = await admin<{ stock_locations: { id: string }[] }>('/stock-locations')
  await admin(`/inventory-items/${item}/location-levels/${stock_locations[0]?.id}`, {
    stocked_quantity: stock,
  })
}

/** A cart with so many pieces of a product, and an address. */
export async function cartWith(
  variant: string,
  quantity = 1,
  email = 'ada@example.org',
): Promise<string> {
  const { id: regionId } = await region('eur')
  const { cart } = await store<{ cart: { id: string } }>('/carts', {
    region_id: regionId,
    email,
    items: [{ variant_id: variant, quantity }],
    shipping_address: {
      first_name: 'Ada',
      last_name: 'Lovelace',
      address_1: 'Analytical Way 1',
      city: 'Berlin',
      postal_code: '10115',
      country_code: 'de',
    },
  })
  return cart.id
}

/** The same with an open invoice. */
export async function payable(variant: string, quantity = 1, email?: string) {
  const cartId = await cartWith(variant, quantity, email)
  const begun = await deliverAndPay(store, cartId)
  return { cartId, token: begun.order_page, invoiceId: invoiceOf(begun.checkout_link) }
}

/** Chooses the first way of delivery. */
export async function chooseDelivery(cartId: string): Promise<void> {
  const { shipping_options } = await store<{ shipping_options: { id: string }[] }>(
    `/shipping-options?cart_id=${cartId}`,
  )
  await store(`/carts/${cartId}/shipping-methods`, { option_id: shipping_options[0]?.id })
}

/** What a press of "Pay" is answered with. */
export async function refusal(cartId: string): Promise<{ status: number; message: string }> {
  const answer = await askStore('POST', `/carts/${cartId}/payment`, {})
  return { status: answer.status, message: ((await answer.json()) as { message: string }).message }
}
