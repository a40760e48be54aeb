import 'server-only'
import type { HttpTypes } from '@medusajs/types'
import { callStore, readCatalogue } from './medusa'
import { type Product, type ProductSummary, productOf } from './product'
import { PRODUCT_FIELDS } from './product-fields'
import type { Region } from './regions'
import { type Result, success } from './result'

/** Products on one page of a list. */
export const PAGE_SIZE = 24

/** Longest search text that is passed on. */
const SEARCH_MAX_LENGTH = 80

/** A category or a collection: a heading over products. */
export interface Shelf {
  id: string
  handle: string
  name: string
  description: string
}

/** One page of products. */
export interface ProductPage {
  products: ProductSummary[]
  /** From 1. */
  page: number
  pages: number
  total: number
}

/** Categories in the owner's order. */
export async function categories(): Promise<Shelf[]> {
  const answer = await readCatalogue<HttpTypes.StoreProductCategoryListResponse>(
    '/product-categories',
    { fields: 'id,handle,name,description,rank', limit: 50 },
  )
  const all = [...(answer?.product_categories ?? [])].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
  return all.map(({ id, handle, name, description }) => ({
    id,
    handle,
    name,
    description: description ?? '',
  }))
}

/** Collections, such as a kit for a purpose. */
export async function collections(): Promise<Shelf[]> {
  const answer = await readCatalogue<HttpTypes.StoreCollectionListResponse>('/collections', {
    fields: 'id,handle,title',
    limit: 50,
  })
  return (answer?.collections ?? []).map(({ id, handle, title }) => ({
    id,
    handle,
    name: title,
    description: '',
  }))
}

/**
 * One page of a category, a collection or all. A page after the last one has no products, and the backend
 * is not asked for it: anybody can make up numbers.
 */
export async function products(
  region: Region,
  of: { category?: string; collection?: string },
  page = 1,
  size = PAGE_SIZE,
): Promise<ProductPage> {
  if (page > 1) {
    const { total, pages } = await products(region, of, 1, size)
    if (page > pages) return { products: [], page, pages, total }
  }
  const answer = await readCatalogue<HttpTypes.StoreProductListResponse>('/products', {
    region_id: region.id,
    fields: PRODUCT_FIELDS,
    limit: size,
    offset: (page - 1) * size,
    order: 'created_at',
    ...(of.category ? { category_id: [of.category] } : {}),
    ...(of.collection ? { collection_id: [of.collection] } : {}),
  })
  const total = answer?.count ?? 0
  const found = (answer?.products ?? [])
    .map((raw) => productOf(raw))
    .filter((each) => each !== null)
  return { products: found, page, pages: Math.max(1, Math.ceil(total / size)), total }
}

/** Products that match a text; not cached by text, since anyone can make up texts. */
export async function search(region: Region, text: string): Promise<Result<ProductSummary[]>> {
  // Nobody types control characters, and a database refuses some.
  const wanted = text
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, SEARCH_MAX_LENGTH)
  if (wanted === '') return success([])
  const answer = await callStore<HttpTypes.StoreProductListResponse>('/products', {
    query: { region_id: region.id, fields: PRODUCT_FIELDS, limit: PAGE_SIZE, q: wanted },
  })
  // Who asks too often can wait; a backend that is away is an error, and must be seen as one.
  if (!answer.ok && answer.failure.kind !== 'refused') throw new Error(answer.failure.message)
  if (!answer.ok) return answer
  return success(answer.value.products.map((raw) => productOf(raw)).filter((each) => each !== null))
}

/**
 * The product of an address; null when there is none in this region. The backend is asked for handles
 * that it has, and no other: an answer is kept for each.
 */
export async function product(region: Region, handle: string): Promise<Product | null> {
  if (!(await productHandles()).includes(handle)) return null
  const answer = await readCatalogue<HttpTypes.StoreProductListResponse>('/products', {
    region_id: region.id,
    fields: PRODUCT_FIELDS,
    handle,
    limit: 1,
  })
  const [raw] = answer?.products ?? []
  return raw ? productOf(raw, await categories()) : null
}

/** Handles of all products: one list for all visitors, made anew with the rest of the catalogue. */
export async function productHandles(): Promise<string[]> {
  const handles: string[] = []
  for (;;) {
    const answer = await readCatalogue<HttpTypes.StoreProductListResponse>('/products', {
      fields: 'handle',
      limit: 500,
      offset: handles.length,
      order: 'created_at',
    })
    const page = answer?.products ?? []
    handles.push(...page.map(({ handle }) => handle))
    if (page.length === 0 || handles.length >= (answer?.count ?? 0)) return handles
  }
}
