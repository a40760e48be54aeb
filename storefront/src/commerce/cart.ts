import 'server-only'
import type { HttpTypes } from '@medusajs/types'
import { pictureAddress } from '@/pictures/address'
import { readCartId, writeCartId } from './cart-cookie'
import { LANGUAGE } from './language'
import { callStore } from './medusa'
import { type Money, money } from './money'
import type { RegionSlug } from './region-slugs'
import type { Region } from './regions'
import { type Result, success } from './result'

/** One line of a cart. */
export interface CartLine {
  id: string
  title: string
  /** Chosen options, such as "250 ml". */
  variant: string
  handle: string
  image: string | null
  quantity: number
  unitPrice: Money
  total: Money
}

/** Where an order goes; fields as Medusa names them. */
export interface Address {
  first_name: string
  last_name: string
  address_1: string
  address_2: string
  postal_code: string
  city: string
  province: string
  country_code: string
  phone: string
}

/** A cart as the shopper sees it; all amounts are Medusa's. */
export interface Cart {
  id: string
  lines: CartLine[]
  /** Pieces, not lines. */
  count: number
  email: string
  address: Address | null
  delivery: { optionId: string; name: string } | null
  /** With and without tax. */
  itemTotal: Money
  itemSubtotal: Money
  deliveryTotal: Money
  deliverySubtotal: Money
  taxTotal: Money
  discountTotal: Money
  total: Money
}

const CART_FIELDS =
  'id,email,currency_code,completed_at,item_total,item_subtotal,shipping_total,shipping_subtotal,tax_total,discount_total,total,*items,*shipping_address,*shipping_methods'

function addressOf(raw: HttpTypes.StoreCart['shipping_address']): Address | null {
  if (!raw?.address_1 || !raw.country_code) return null
  return {
    first_name: raw.first_name ?? '',
    last_name: raw.last_name ?? '',
    address_1: raw.address_1,
    address_2: raw.address_2 ?? '',
    postal_code: raw.postal_code ?? '',
    city: raw.city ?? '',
    province: raw.province ?? '',
    country_code: raw.country_code,
    phone: raw.phone ?? '',
  }
}

/** Plain form of a cart of the store API. */
export function cartOf(raw: HttpTypes.StoreCart): Cart {
  const amount = (value: number | undefined) => money(value ?? 0, raw.currency_code)
  const items = [...(raw.items ?? [])].sort((a, b) =>
    String(a.created_at).localeCompare(String(b.created_at)),
  )
  const method = raw.shipping_methods?.at(-1)
  return {
    id: raw.id,
    lines: items.map((item) => ({
      id: item.id,
      title: item.product_title ?? item.title,
      variant: item.variant_title ?? '',
      handle: item.product_handle ?? '',
      image: pictureAddress(item.thumbnail),
      quantity: item.quantity,
      unitPrice: amount(item.unit_price),
      total: amount(item.total),
    })),
    count: items.reduce((sum, { quantity }) => sum + quantity, 0),
    email: raw.email ?? '',
    address: addressOf(raw.shipping_address),
    delivery: method?.shipping_option_id
      ? { optionId: method.shipping_option_id, name: method.name }
      : null,
    itemTotal: amount(raw.item_total),
    itemSubtotal: amount(raw.item_subtotal),
    deliveryTotal: amount(raw.shipping_total),
    deliverySubtotal: amount(raw.shipping_subtotal),
    taxTotal: amount(raw.tax_total),
    discountTotal: amount(raw.discount_total),
    total: amount(raw.total),
  }
}

async function fetchCart(id: string): Promise<HttpTypes.StoreCart | null> {
  const answer = await callStore<HttpTypes.StoreCartResponse>(`/carts/${encodeURIComponent(id)}`, {
    query: { fields: CART_FIELDS },
  })
  if (answer.ok) return answer.value.cart
  if (answer.failure.kind === 'not-found') return null
  throw new Error(answer.failure.message)
}

/** This visitor's open cart; null when there is none, or it has become an order. */
export async function currentCart(region: RegionSlug): Promise<Cart | null> {
  const id = await readCartId(region)
  const raw = id ? await fetchCart(id) : null
  // Medusa's types leave the field out.
  const completed = (raw as { completed_at?: string | null } | null)?.completed_at
  return raw && !completed ? cartOf(raw) : null
}

/** Puts a variant into the visitor's cart, and makes a cart first when there is none. */
export async function addLine(
  region: Region,
  variantId: string,
  quantity: number,
): Promise<Result<Cart>> {
  const open = await currentCart(region.slug)
  const query = { fields: CART_FIELDS }
  const line = { variant_id: variantId, quantity }
  const answer = open
    ? await callStore<HttpTypes.StoreCartResponse>(`/carts/${open.id}/line-items`, {
        method: 'POST',
        query,
        body: line,
      })
    : await callStore<HttpTypes.StoreCartResponse>('/carts', {
        method: 'POST',
        query,
        body: { region_id: region.id, locale: LANGUAGE, items: [line] },
      })
  if (!answer.ok) return answer
  await writeCartId(region.slug, answer.value.cart.id)
  return success(cartOf(answer.value.cart))
}

/** Sets the quantity of a line of the visitor's own cart; 0 removes it. */
export async function setLine(
  region: RegionSlug,
  lineId: string,
  quantity: number,
): Promise<Result<null>> {
  const id = await readCartId(region)
  if (!id) return { ok: false, failure: { kind: 'not-found', message: 'Your cart is empty.' } }
  const path = `/carts/${encodeURIComponent(id)}/line-items/${encodeURIComponent(lineId)}`
  const answer =
    quantity === 0
      ? await callStore<unknown>(path, { method: 'DELETE' })
      : await callStore<unknown>(path, { method: 'POST', body: { quantity } })
  return answer.ok ? success(null) : answer
}
