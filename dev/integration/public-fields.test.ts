import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { endOpenStoreApi, openStore, startOpenStoreApi } from './open-store-api.ts'
import {
  type MadeProduct,
  makeCategory,
  makeProduct,
  onlineChannel,
  otherChannel,
  SECRET,
} from './owners-catalogue.ts'
import { admin, shop, store } from './shop.ts'
import { region } from './shopper.ts'

const HANDLE = 'griffin-beaker'
const RUN = Date.now()

let regionId: string
let cartId: string
let internal: { id: string }
let inactive: { id: string }
let draft: MadeProduct
let elsewhere: MadeProduct

/** What the storefront shows at an address. */
async function page(path: string): Promise<{ status: number; html: string }> {
  const response = await fetch(`${shop.storefront}${path}`, { redirect: 'manual' })
  return { status: response.status, html: await response.text() }
}

beforeAll(startOpenStoreApi, 90_000)
afterAll(endOpenStoreApi, 60_000)
beforeAll(async () => {
  regionId = (await region('eur')).id
  internal = await makeCategory(`clearance-${RUN}`, { is_internal: true, is_active: true })
  inactive = await makeCategory(`not-yet-${RUN}`, { is_internal: false, is_active: false })
  const { products } = await admin<{
    products: {
      id: string
      metadata: Record<string, unknown>
      categories: { id: string }[]
      variants: { id: string }[]
    }[]
  }>(`/products?handle=${HANDLE}&fields=id,metadata,*categories,*variants`)
  const [product] = products
  const [variant] = product?.variants ?? []
  if (!product || !variant) throw new Error(`${HANDLE} is not in the sample catalogue`)
  await admin(`/products/${product.id}`, {
    external_id: SECRET,
    metadata: { ...product.metadata, supplier_cost: SECRET },
    // First of all, where the page would take its link from.
    categories: [internal, inactive, ...product.categories].map(({ id }) => ({ id })),
  })
  await admin(`/products/${product.id}/variants/${variant.id}`, {
    metadata: { supplier_cost: SECRET },
  })
  draft = await makeProduct(`draft-${RUN}`, { status: 'draft', channel: await onlineChannel() })
  elsewhere = await makeProduct(`wholesale-${RUN}`, {
    status: 'published',
    channel: await otherChannel(),
  })
  const { cart } = await store<{ cart: { id: string } }>('/carts', {
    region_id: regionId,
    items: [{ variant_id: variant.id, quantity: 1 }],
  })
  cartId = cart.id
}, 60_000)

describe('the store API', () => {
  const OF_PRODUCTS = `/products?handle=${HANDLE}`
  it.each([
    [OF_PRODUCTS, ''],
    [OF_PRODUCTS, '*'],
    [OF_PRODUCTS, 'handle,metadata,external_id'],
    [OF_PRODUCTS, '*categories,+categories.metadata'],
    [OF_PRODUCTS, '*variants,+variants.metadata'],
    [OF_PRODUCTS, '*variants.prices,*variants.inventory_items.inventory.location_levels'],
    ['/product-variants', ''],
    ['/product-categories', '*products,*products.variants,*category_children'],
    ['/collections', '*products,*products.categories,+products.metadata'],
    ['/regions', '*,+metadata'],
    ['cart', ''],
    ['cart', '*items.product,*items.variant,+items.metadata'],
    ['delivery', '*service_zone.fulfillment_set.location,+data'],
  ])('gives nothing of the owner’s at %s, asked for %s', async (path, fields) => {
    const paths: Record<string, string> = {
      cart: `/carts/${cartId}?`,
      delivery: `/shipping-options?cart_id=${cartId}`,
    }
    const at = paths[path] ?? path
    const query = fields === '' ? '' : `fields=${encodeURIComponent(fields)}`
    // Open where the store API is.
    const ask = path === '/product-variants' ? openStore : store
    const answer = await ask<object>(`${at}${at.includes('?') ? '&' : '?'}${query}`)
    const text = JSON.stringify(answer)
    expect(text.length).toBeGreaterThan(60)
    expect(text).not.toContain(SECRET)
    expect(text).not.toMatch(/"(metadata":\{"(?!Material)|location_levels|inventory_items|prices")/)
  })

  it('gives what the page shows', async () => {
    const { products } = await store<{ products: { metadata: object; categories: object[] }[] }>(
      `${OF_PRODUCTS}&fields=handle,metadata,*categories`,
    )
    expect(products[0]?.metadata).toMatchObject({ Standard: 'ISO 3819' })
    expect(products[0]?.categories).toEqual([expect.objectContaining({ handle: 'glassware' })])
  })

  it.each([
    ['a draft', () => draft],
    ['what is sold elsewhere', () => elsewhere],
  ])('does not know %s, by handle, id or text, and puts none into a cart', async (_, of) => {
    const { id, handle, variants } = of()
    for (const query of [
      `handle=${handle}`,
      `id=${id}`,
      `q=${handle}`,
      `handle=${handle}&with_deleted=true`,
    ]) {
      expect(await store(`/products?${query}`), query).toMatchObject({ products: [] })
    }
    await expect(store(`/products/${id}`)).rejects.toThrow(/: 404 /)
    const line = { variant_id: variants[0]?.id, quantity: 1 }
    await expect(store(`/carts/${cartId}/line-items`, line)).rejects.toThrow(/: 4\d\d /)
  })

  it.each([
    ['internal', () => internal],
    ['inactive', () => inactive],
  ])('does not know an %s category', async (_, of) => {
    const { id } = of()
    expect(JSON.stringify(await store('/product-categories?limit=100'))).not.toContain(id)
    const one = await store<object>(`/product-categories/${id}`).catch(() => ({}))
    expect(one).toEqual({})
  })
})

describe('the storefront', () => {
  it('shows attributes of the list, and neither cost nor internal category', async () => {
    const html = await eventually('the page is made anew', 30, async () => {
      const { html: now } = await page(`/eu/products/${HANDLE}`)
      return now.includes('ISO 3819') && !now.includes('supplier_cost') && now
    })
    expect(html).not.toContain(SECRET)
    expect(html).toContain('href="/eu/categories/glassware"')
    expect(html).not.toContain(`clearance-${RUN}`)
  })

  it('has no page for a draft, what is sold elsewhere, or a category of the owner’s', async () => {
    for (const path of [
      `/products/${draft.handle}`,
      `/products/${elsewhere.handle}`,
      `/categories/clearance-${RUN}`,
      `/categories/not-yet-${RUN}`,
    ]) {
      expect((await page(`/eu${path}`)).status, path).toBe(404)
    }
    const { html: map } = await page('/sitemap.xml')
    expect(map).toContain(`/eu/products/${HANDLE}`)
    expect(map).not.toMatch(new RegExp(`${draft.handle}|${elsewhere.handle}|${RUN}`))
  })

  it('has a page for a product as soon as it is made, and none when it is taken back', async () => {
    const handle = `fresh-${RUN}`
    // Asked for before it is there, as by somebody who was told of it.
    expect((await page(`/eu/products/${handle}`)).status).toBe(404)
    const channel = await onlineChannel()
    const { id } = await makeProduct(handle, {
      status: 'published',
      channel,
      metadata: { Warranty: '7 years', supplier_cost: SECRET },
    })
    const html = await eventually('the new product has a page', 30, async () => {
      const now = await page(`/eu/products/${handle}`)
      return now.status === 200 && now.html
    })
    expect(html).toContain('7 years')
    expect(html).not.toContain(SECRET)
    await admin(`/products/${id}`, { status: 'draft' })
    await eventually('it has none any more', 30, async () => {
      return (await page(`/eu/products/${handle}`)).status === 404
    })
    // It stays so: the page that was kept is gone.
    expect((await page(`/eu/products/${handle}`)).status).toBe(404)
  })
})
