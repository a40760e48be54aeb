import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import type { OrderFacts } from '../../mails/facts'
import { cartOfOrder } from '../btcpay/cart-payments'
import { linkOf, pageAddress } from '../order-page/page-link'

const FIELDS = [
  'id',
  'display_id',
  'email',
  'locale',
  'currency_code',
  'total',
  'tax_total',
  'discount_total',
  'shipping_total',
  'items.*',
  'items.total',
  'shipping_methods.name',
  'shipping_address.*',
]

interface Address {
  first_name?: string | null
  last_name?: string | null
  company?: string | null
  address_1?: string | null
  address_2?: string | null
  postal_code?: string | null
  city?: string | null
  province?: string | null
  country_code?: string | null
}

interface OrderRow {
  id: string
  display_id: number
  email: string | null
  locale: string | null
  currency_code: string
  total: BigNumberInput
  tax_total: BigNumberInput
  discount_total: BigNumberInput
  shipping_total: BigNumberInput
  items: {
    id: string
    title: string
    product_title: string | null
    variant_title: string | null
    quantity: BigNumberInput
    total: BigNumberInput
  }[]
  shipping_methods?: { name: string }[]
  shipping_address?: Address | null
}

/** An order as mails need it. */
export interface MailableOrder {
  id: string
  email: string | null
  /** The cart's when it was ordered (BCP 47); decides the language. */
  locale: string | null
  /** Titles by the id of their line. */
  titles: Map<string, string>
  facts: OrderFacts
}

/** Medusa's single variant of a product without options has a name that tells nothing. */
const NAMELESS_VARIANT = /^default( variant)?$/i

function decimal(value: BigNumberInput | null | undefined): string {
  return MathBN.convert(value ?? 0).toFixed()
}

/** An address as it is written on a parcel; parts that are missing leave no gap. */
export function addressLines(address: Address | null | undefined): string[] {
  if (!address) return []
  const join = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' ')
  return [
    join(address.first_name, address.last_name),
    address.company ?? '',
    address.address_1 ?? '',
    address.address_2 ?? '',
    join(address.postal_code, address.city),
    address.province ?? '',
    (address.country_code ?? '').toUpperCase(),
  ].filter((line) => line.trim() !== '')
}

/**
 * Reads an order with its totals.
 * @returns undefined when there is none
 */
export async function findOrder(
  container: MedusaContainer,
  orderId: string,
): Promise<MailableOrder | undefined> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'order',
    fields: FIELDS,
    filters: { id: [orderId] },
  })
  const order = data[0] as unknown as OrderRow | undefined
  if (!order) return undefined
  // An order that was made in the admin has no cart, and so no page.
  const cartId = await cartOfOrder(container, order.id)
  const link = cartId && pageAddress((await linkOf(container, cartId)).token)
  const title = (item: OrderRow['items'][number]) => item.product_title || item.title
  return {
    id: order.id,
    email: order.email,
    locale: order.locale,
    titles: new Map(order.items.map((item) => [item.id, title(item)])),
    facts: {
      number: Number(order.display_id),
      currency: order.currency_code.toUpperCase(),
      lines: order.items.map((item) => ({
        title: title(item),
        variant: NAMELESS_VARIANT.test(item.variant_title ?? '') ? '' : (item.variant_title ?? ''),
        quantity: MathBN.convert(item.quantity).toNumber(),
        amount: decimal(item.total),
      })),
      shippingName: order.shipping_methods?.map(({ name }) => name).join(', ') ?? '',
      shippingAmount: decimal(order.shipping_total),
      discountAmount: decimal(order.discount_total),
      taxAmount: decimal(order.tax_total),
      total: decimal(order.total),
      address: addressLines(order.shipping_address),
      ...(link ? { link } : {}),
    },
  }
}
