import { store } from './client.ts'

/** Speaks to the store API; shoppers under load bring one that tries again. */
export type Ask = <T>(path: string, body?: unknown) => Promise<T>

interface Session {
  id: string
  provider_id: string
  data: { invoice_id: string }
}

const BITCOIN = 'pp_btcpay_btcpay'
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
): Promise<{ sessionId: string; invoiceId: string }> {
  await ask(`/carts/${cartId}`, { email: 'ada@example.org', shipping_address: ADDRESS })
  const { shipping_options } = await ask<{ shipping_options: { id: string }[] }>(
    `/shipping-options?cart_id=${cartId}`,
  )
  await ask(`/carts/${cartId}/shipping-methods`, { option_id: shipping_options[0]?.id })
  const { payment_collection } = await ask<{ payment_collection: { id: string } }>(
    '/payment-collections',
    { cart_id: cartId },
  )
  const answer = await ask<{ payment_collection: { payment_sessions: Session[] } }>(
    `/payment-collections/${payment_collection.id}/payment-sessions`,
    { provider_id: BITCOIN },
  )
  const session = answer.payment_collection.payment_sessions.find(
    (each) => each.provider_id === BITCOIN,
  )
  if (!session) throw new Error('no Bitcoin payment session was made')
  return { sessionId: session.id, invoiceId: session.data.invoice_id }
}

/** What the shopper's page sees of a payment. */
export async function paymentOf(
  sessionId: string,
  ask: Ask = store,
): Promise<{ status: string; order_id: string | null }> {
  return (
    await ask<{ payment: { status: string; order_id: string | null } }>(
      `/btcpay/sessions/${sessionId}`,
    )
  ).payment
}
