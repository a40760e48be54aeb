/** Speaks to a store API; without a body it is a GET. */
export type Ask = <T>(path: string, body?: object) => Promise<T>

/** Medusa's payment session with our provider. */
export interface Session {
  id: string
  provider_id: string
  status: string
  data: { invoice_id: string; checkout_link: string; expires_at: string }
}

/** The Bitcoin provider's id in Medusa. */
const BITCOIN = 'pp_btcpay_btcpay'

/** Delivery and invoice for a cart that has an address. */
export async function paymentSession(ask: Ask, cartId: string): Promise<Session> {
  const { shipping_options } = await ask<{ shipping_options: { id: string }[] }>(
    `/shipping-options?cart_id=${cartId}`,
  )
  const option = shipping_options[0]
  if (!option) throw new Error('nothing delivers to this address')
  await ask(`/carts/${cartId}/shipping-methods`, { option_id: option.id })
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
  return session
}
