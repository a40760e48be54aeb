import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'

/** The Bitcoin provider's id in Medusa. */
export const BITCOIN = 'pp_btcpay_btcpay'

/** A Bitcoin payment session of a cart. */
export interface CartPayment {
  sessionId: string
  /** None while the invoice is being made, or when making it has failed. */
  invoiceId: string | undefined
}

/** What was begun to pay for a cart. */
export interface CartPayments {
  /** Undefined before the first payment is begun. */
  collectionId: string | undefined
  /** The newest first. */
  payments: CartPayment[]
}

interface SessionRow {
  id: string
  created_at: string | Date
  data?: { invoice_id?: unknown } | null
}

/** The payments of a cart as our database knows them; BTCPay is not asked. */
export async function paymentsOf(
  container: MedusaContainer,
  cartId: string,
): Promise<CartPayments> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: links } = await query.graph({
    entity: 'cart_payment_collection',
    fields: ['payment_collection_id'],
    filters: { cart_id: [cartId] },
  })
  const collectionId: string | undefined = links[0]?.payment_collection_id
  if (!collectionId) return { collectionId: undefined, payments: [] }
  const { data } = await query.graph({
    entity: 'payment_session',
    fields: ['id', 'created_at', 'data'],
    filters: { payment_collection_id: [collectionId], provider_id: BITCOIN },
  })
  const sessions = data as unknown as SessionRow[]
  const newestFirst = [...sessions].sort(
    (a, b) => new Date(b.created_at).getTime() - new Date(a.created_at).getTime(),
  )
  return {
    collectionId,
    payments: newestFirst.map(({ id, data: kept }) => ({
      sessionId: id,
      invoiceId: typeof kept?.invoice_id === 'string' ? kept.invoice_id : undefined,
    })),
  }
}

/** The cart that a payment collection pays for; undefined when it is no cart's. */
export async function cartOfCollection(
  container: MedusaContainer,
  collectionId: string,
): Promise<string | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'cart_payment_collection',
    fields: ['cart_id'],
    filters: { payment_collection_id: [collectionId] },
  })
  return data[0]?.cart_id
}

/** The cart that an order came of; undefined for an order that was made in the admin. */
export async function cartOfOrder(
  container: MedusaContainer,
  orderId: string,
): Promise<string | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'order_cart',
    fields: ['cart_id'],
    filters: { order_id: [orderId] },
  })
  return data[0]?.cart_id
}

/** The order of a cart, whether or not it is paid. */
export async function orderOfCart(
  container: MedusaContainer,
  cartId: string,
): Promise<string | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'order_cart',
    fields: ['order_id'],
    filters: { cart_id: [cartId] },
  })
  return data[0]?.order_id
}
