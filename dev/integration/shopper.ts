import { deliverAndPay, invoiceOf } from './begin-payment.ts'
import { admin, store } from './shop.ts'

interface Variant {
  id: string
  inventory_quantity: number
}
interface Region {
  id: string
  currency_code: string
}
/** A cart whose Bitcoin invoice exists and waits for money. */
export interface PayableCart {
  cartId: string
  /** Secret of the order's page. */
  token: string
  /** Names the payment in BTCPay's return address. */
  reference: string
  invoiceId: string
  checkoutLink: string
}

/** What the shop tells a shopper about a payment; amounts are decimal strings in major units. */
export interface PaymentStatus {
  status:
    | 'waiting'
    | 'underpaid'
    | 'seen'
    | 'paid'
    | 'expired'
    | 'invalid'
    | 'review'
    | 'refunded'
    | 'cancelled'
    | 'placed'
  /** Why the owner looks at it; null unless the status is review. */
  review_reason: string | null
  order_number: number | null
  reference: string | null
  currency_code: string
  amount: string
  paid_amount: string
  due_amount: string
  offered_amount: string
  sent_amount: string
  checkout_link: string | null
  lines: { title: string; variant: string; quantity: number; total: string }[]
}

export interface Order {
  id: string
  display_id: number
  payment_status: string
  total: number
}

/** The region with this currency. */
export async function region(currency: 'eur' | 'usd'): Promise<Region> {
  const { regions } = await store<{ regions: Region[] }>('/regions')
  const found = regions.find((each) => each.currency_code === currency)
  if (!found) throw new Error(`no region sells in ${currency}`)
  return found
}

/** The variant with the most pieces on stock, so that many carts can buy it. */
export async function plentifulVariant(regionId: string): Promise<Variant> {
  const { products } = await store<{ products: { variants: Variant[] }[] }>(
    `/products?limit=100&region_id=${regionId}&fields=id,*variants,+variants.inventory_quantity`,
  )
  const variants = products.flatMap((product) => product.variants)
  variants.sort((a, b) => b.inventory_quantity - a.inventory_quantity)
  const [first] = variants
  if (!first) throw new Error('the shop sells nothing')
  return first
}

/** Walks one cart through address, delivery and payment session, as the storefront does. */
export async function payableCart(
  currency: 'eur' | 'usd' = 'eur',
  {
    country = currency === 'eur' ? 'de' : 'us',
    locale,
  }: { country?: string; locale?: string } = {},
): Promise<PayableCart> {
  const { id: regionId } = await region(currency)
  const variant = await plentifulVariant(regionId)
  const { cart } = await store<{ cart: { id: string } }>('/carts', {
    region_id: regionId,
    email: 'ada@example.org',
    items: [{ variant_id: variant.id, quantity: 1 }],
    shipping_address: {
      first_name: 'Ada',
      last_name: 'Lovelace',
      address_1: 'Analytical Way 1',
      city: currency === 'eur' ? 'Berlin' : 'Boston',
      postal_code: currency === 'eur' ? '10115' : '02108',
      country_code: country,
    },
    ...(locale ? { locale } : {}),
  })
  const begun = await deliverAndPay(store, cart.id)
  return {
    cartId: cart.id,
    token: begun.order_page,
    reference: begun.reference,
    invoiceId: invoiceOf(begun.checkout_link),
    checkoutLink: begun.checkout_link,
  }
}

/** What the shopper's browser sees when it comes back from paying. */
export async function paymentStatus(token: string): Promise<PaymentStatus> {
  const { order_page } = await store<{ order_page: PaymentStatus }>(`/order-pages/${token}`)
  return order_page
}

/** Every order of the shop, newest first, as the owner sees them. */
export async function orders(): Promise<Order[]> {
  const all: Order[] = []
  for (;;) {
    const page = await admin<{ orders: Order[]; count: number }>(
      `/orders?limit=100&offset=${all.length}&order=-display_id&fields=id,display_id,payment_status,total`,
    )
    all.push(...page.orders)
    if (all.length >= page.count || page.orders.length === 0) return all
  }
}
