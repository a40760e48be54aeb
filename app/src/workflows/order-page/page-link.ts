import type { MedusaContainer } from '@medusajs/framework/types'
import { environment, required } from '../../environment'
import { ORDER_PAGE } from '../../modules/order-page'
import type { OrderPages } from '../../modules/order-page/service'
import { isToken, newToken } from '../../modules/order-page/token'

/** A link that opens the page of a cart's order. */
export interface PageLink {
  id: string
  token: string
  cart_id: string
  created_at: Date
}

/** The address of an order's page; whoever has it sees the order. */
export function pageAddress(token: string): string {
  return `${required(environment(), 'STOREFRONT_URL')}/order/${token}`
}

/** The link that opens a cart's page now; undefined when there is none yet. */
export async function findLink(
  container: MedusaContainer,
  cartId: string,
): Promise<PageLink | undefined> {
  const pages = container.resolve<OrderPages>(ORDER_PAGE)
  const [link] = await pages.listOrderPageLinks({ cart_id: cartId, revoked_at: null })
  return link
}

/** The link of a cart's page, made when there is none yet; the same however often it is asked for. */
export async function linkOf(container: MedusaContainer, cartId: string): Promise<PageLink> {
  const known = await findLink(container, cartId)
  if (known) return known
  const pages = container.resolve<OrderPages>(ORDER_PAGE)
  try {
    return await pages.createOrderPageLinks({ token: newToken(), cart_id: cartId })
  } catch (error) {
    // Two at one moment: the unique index let the other one in.
    const other = await findLink(container, cartId)
    if (other) return other
    // The error itself repeats what was to be stored: the secret.
    throw new Error(`order page: no link could be stored (${(error as Error).name})`)
  }
}

/** The cart whose page a token opens; undefined for an unknown and for a replaced one alike. */
export async function cartOfToken(
  container: MedusaContainer,
  token: string,
): Promise<string | undefined> {
  if (!isToken(token)) return undefined
  const pages = container.resolve<OrderPages>(ORDER_PAGE)
  const [link] = await pages.listOrderPageLinks({ token, revoked_at: null })
  return link?.cart_id
}
