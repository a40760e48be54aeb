import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules, ProductStatus } from '@medusajs/framework/utils'
import { unpayable } from '../../cart-bounds/payable'
import { GOODS_FIELDS, goodsOf, type LineOfGoods } from '../holds/goods'
import { ALL, heldFor, isHold } from '../holds/reservations'
import { placeFor, stockFor } from '../holds/stock'

interface Item {
  title: string
  quantity: BigNumberInput
  requires_shipping: boolean
  variant:
    | (NonNullable<LineOfGoods['variant']> & {
        id: string
        product?: {
          status: string
          sales_channels?: { id: string }[]
          shipping_profile?: { id: string } | null
        } | null
      })
    | null
}
interface Cart {
  email: string | null
  completed_at: string | null
  sales_channel_id: string | null
  shipping_address: { country_code: string | null } | null
  items: Item[]
  shipping_methods: { shipping_option_id: string | null }[]
}

const FIELDS = [
  'id',
  'email',
  'sales_channel_id',
  'shipping_address.country_code',
  ...GOODS_FIELDS,
  'items.requires_shipping',
  'items.variant.id',
  'items.variant.product.status',
  'items.variant.product.sales_channels.id',
  'items.variant.product.shipping_profile.id',
  'shipping_methods.shipping_option_id',
]

/**
 * Why a cart cannot become an order, in words for its shopper; undefined when it can. It asks what Medusa
 * asks when it completes a cart (`completeCartWorkflow`), and what it finds out too late: goods that are not
 * sold any more.
 */
export async function obstacleTo(
  container: MedusaContainer,
  cartId: string,
): Promise<string | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({ entity: 'cart', fields: FIELDS, filters: { id: [cartId] } })
  const cart = data[0] as unknown as Cart | undefined
  if (!cart) return 'There is no such cart.'
  const items = cart.items ?? []
  const problem = unpayable(items)
  if (problem) return problem
  if (!cart.email || !cart.shipping_address?.country_code) return 'Please enter your address first.'
  return (
    items.map((item) => notSold(item, cart.sales_channel_id)).find(Boolean) ??
    (await notDelivered(container, cart)) ??
    (await notInStock(container, cartId, items))
  )
}

function notSold({ title, variant }: Item, channel: string | null): string | undefined {
  const product = variant?.product
  const sold =
    product?.status === ProductStatus.PUBLISHED &&
    (!channel || product.sales_channels?.some(({ id }) => id === channel))
  return sold ? undefined : `“${title}” is no longer available. Please remove it from your cart.`
}

async function notDelivered(container: MedusaContainer, cart: Cart): Promise<string | undefined> {
  const shipped = cart.items.filter(({ requires_shipping }) => requires_shipping !== false)
  if (shipped.length === 0) return undefined
  const chosen = (cart.shipping_methods ?? []).flatMap(({ shipping_option_id: id }) => id ?? [])
  if (chosen.length === 0) return 'Please choose a delivery method first.'
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: options } = await query.graph({
    entity: 'shipping_option',
    fields: ['id', 'shipping_profile_id'],
    filters: { id: chosen },
  })
  if (options.length < new Set(chosen).size)
    return 'The delivery method you chose is no longer available. Please choose another one.'
  const profiles = new Set(options.map((option) => option.shipping_profile_id))
  const left = shipped.find(
    ({ variant }) => !profiles.has(variant?.product?.shipping_profile?.id ?? ''),
  )
  return left && `“${left.title}” cannot be delivered by the method you chose. Please contact us.`
}

/**
 * Each inventory item must be there in one place, for all lines together: that is where Medusa reserves it.
 * What is held for this cart counts as there.
 */
async function notInStock(
  container: MedusaContainer,
  cartId: string,
  items: Item[],
): Promise<string | undefined> {
  const goods = goodsOf(items)
  if (goods.length === 0) return undefined
  const inventory = container.resolve(Modules.INVENTORY)
  const [stock, own] = await Promise.all([
    stockFor(container, cartId, goods),
    heldFor(container, cartId),
  ])
  const missing = goods.find((each) => !placeFor(each, stock, own))
  if (!missing) return undefined
  const reserved = await inventory.listReservationItems(
    { inventory_item_id: missing.inventory_item_id },
    ALL,
  )
  return placeFor(missing, stock, reserved.filter(isHold))
    ? beingPaid(missing.title)
    : `“${missing.title}” is sold out, or there is less left than you want.`
}

/** Words for goods that another cart's open invoice holds. */
export function beingPaid(title: string): string {
  return `Somebody else is paying for the last of “${title}” right now. Please try again in a few minutes: if they do not pay, it is free again.`
}
