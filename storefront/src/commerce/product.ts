import type { HttpTypes } from '@medusajs/types'
import { pictureAddress } from '@/pictures/address'
import { ATTRIBUTES } from '../../../app/src/public-fields/attributes'
import { lowest, type Money, money } from './money'

/** At or below this many pieces a shopper is told how many are left. */
const LOW_STOCK = 5

/** in: enough; low: say how many; out: none can be bought. */
export type Stock = { state: 'in' } | { state: 'low'; left: number } | { state: 'out' }

/** What a card shows. */
export interface ProductSummary {
  handle: string
  title: string
  subtitle: string
  /** Address of our own, see `@/pictures/address`. */
  image: string | null
  /** Lowest price of its variants. */
  from: Money
  /** Whether variants differ in price. */
  severalPrices: boolean
  soldOut: boolean
}

/** One thing that can be put into a cart. */
export interface Variant {
  id: string
  sku: string | null
  /** Option title to value, such as Volume to 250 ml. */
  options: Record<string, string>
  price: Money
  stock: Stock
}

/** A product with everything its page shows. */
export interface Product extends ProductSummary {
  description: string
  images: string[]
  options: { title: string; values: string[] }[]
  variants: Variant[]
  /** Facts such as material or standard: those of app/src/public-fields/attributes.ts. */
  facts: [string, string][]
  category: { handle: string; name: string } | null
}

function stockOf(variant: HttpTypes.StoreProductVariant): Stock {
  if (!variant.manage_inventory || variant.allow_backorder) return { state: 'in' }
  const left = variant.inventory_quantity ?? 0
  if (left <= 0) return { state: 'out' }
  return left <= LOW_STOCK ? { state: 'low', left } : { state: 'in' }
}

function variantOf(variant: HttpTypes.StoreProductVariant): Variant | null {
  const price = variant.calculated_price
  // A variant without a price in this region is not sold there.
  if (price?.calculated_amount == null || !price.currency_code) return null
  const options = (variant.options ?? []).map(({ option, value }) => [option?.title ?? '', value])
  return {
    id: variant.id,
    sku: variant.sku,
    options: Object.fromEntries(options),
    price: money(price.calculated_amount, price.currency_code),
    stock: stockOf(variant),
  }
}

/** Attributes in the order of the list, and nothing else of the metadata. */
function factsOf(metadata: Record<string, unknown>): Product['facts'] {
  return ATTRIBUTES.flatMap((name) => {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined
    const shown =
      typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
    return shown && value !== '' ? [[name, String(value)] as [string, string]] : []
  })
}

/**
 * Plain form of a product of the store API.
 * @param categories those that have a page; a product may be in others that only the owner sees
 * @returns null when nothing of it is sold in this region
 */
export function productOf(
  raw: HttpTypes.StoreProduct,
  categories: readonly { id: string; handle: string; name: string }[] = [],
): Product | null {
  const variants = (raw.variants ?? []).map(variantOf).filter((each) => each !== null)
  const from = lowest(variants.map(({ price }) => price))
  if (!from) return null
  const images = (raw.images ?? [])
    .map(({ url }) => pictureAddress(url))
    .filter((address) => address !== null)
  const category = categories.find(({ id }) => raw.categories?.some((each) => each.id === id))
  return {
    handle: raw.handle,
    title: raw.title,
    subtitle: raw.subtitle ?? '',
    description: raw.description ?? '',
    image: pictureAddress(raw.thumbnail) ?? images[0] ?? null,
    images,
    from,
    severalPrices: variants.some(({ price }) => price.amount !== from.amount),
    soldOut: variants.every(({ stock }) => stock.state === 'out'),
    options: (raw.options ?? []).map(({ title, values }) => ({
      title,
      values: inVariantOrder(
        (values ?? []).map(({ value }) => value),
        variants.map(({ options }) => options[title]),
      ),
    })),
    variants,
    facts: factsOf(raw.metadata ?? {}),
    category: category ? { handle: category.handle, name: category.name } : null,
  }
}

/** Medusa gives option values in no order; variants come in the owner's. */
function inVariantOrder(values: string[], order: (string | undefined)[]): string[] {
  const rank = (value: string) => {
    const found = order.indexOf(value)
    return found < 0 ? order.length : found
  }
  return values.sort((a, b) => rank(a) - rank(b))
}
