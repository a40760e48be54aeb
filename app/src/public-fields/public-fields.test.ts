import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { describe, expect, it } from 'vitest'
import { products } from '../seed/catalogue'
import { ATTRIBUTES } from './attributes'
import { publicFields, showPublicFields } from './middleware'
import { ANSWER, RECORDS } from './public-fields'
import { pick } from './shape'

const { products: product, carts: cart } = RECORDS
if (!product || !cart) throw new Error('the lists are incomplete')

/** Something of the owner's, in every place where an owner writes. */
const SECRET = 'SECRET-4711'

const record = {
  id: 'prod_1',
  title: 'Flask',
  external_id: SECRET,
  created_at: new Date(0),
  metadata: { Material: 'Glass', supplier_cost: SECRET, constructor: SECRET },
  categories: [
    { handle: 'glassware', is_active: true, is_internal: false, metadata: { margin: SECRET } },
    { handle: SECRET, is_active: true, is_internal: true },
    { handle: SECRET, is_active: false, is_internal: false },
    // Medusa was not asked whether it is.
    { handle: SECRET },
  ],
  variants: [
    {
      id: 'variant_1',
      inventory_quantity: 3,
      metadata: { supplier_cost: SECRET },
      prices: [{ amount: SECRET }],
      inventory_items: [{ inventory: { location_levels: [{ stocked_quantity: SECRET }] } }],
      calculated_price: { calculated_amount: 5.9, raw_calculated_amount: { value: SECRET } },
    },
  ],
}

describe('an answer', () => {
  it('has what is named, and nothing else of any record in it', () => {
    const answer = pick({ products: [record], count: 1, [SECRET]: 1 }, ANSWER)
    expect(JSON.stringify(answer)).not.toContain(SECRET)
    expect(answer).toEqual({
      count: 1,
      products: [
        {
          id: 'prod_1',
          title: 'Flask',
          created_at: '1970-01-01T00:00:00.000Z',
          metadata: { Material: 'Glass' },
          categories: [{ handle: 'glassware' }],
          variants: [
            {
              id: 'variant_1',
              inventory_quantity: 3,
              calculated_price: { calculated_amount: 5.9 },
            },
          ],
        },
      ],
    })
  })

  it.each([
    ['a cart’s lines', { cart: { items: [{ title: 'Flask', metadata: record.metadata }] } }],
    ['products of a cart', { cart: { items: [{ product: record }] } }],
    ['what is left of a removed line', { parent: { metadata: { note: SECRET } } }],
    [
      'a collection',
      { collections: [{ title: 'Kit', metadata: { m: SECRET }, products: [record] }] },
    ],
    ['a region', { regions: [{ name: 'Europe', metadata: { m: SECRET } }] }],
    [
      'delivery',
      { shipping_options: [{ name: 'Post', data: { key: SECRET }, service_zone: record }] },
    ],
    ['a text in the place of a record', { product: SECRET }],
    ['a record in the place of a text', { product: { title: { toString: SECRET } } }],
  ])('keeps back what is the owner’s in %s', (_, body) => {
    expect(JSON.stringify(pick(body, ANSWER))).not.toContain(SECRET)
  })
})

describe('the fields that are asked for', () => {
  it.each([
    ['id,handle,metadata', 'id,handle,metadata'],
    ['*variants.calculated_price,+variants.inventory_quantity', undefined],
    ['*categories,*images,*options.values', undefined],
    ['*,-description', undefined],
    ['handle,*variants.inventory_items.inventory.location_levels', 'handle'],
    ['handle,+variants.metadata,+external_id,categories.metadata', 'handle'],
    ['handle,*sales_channels,*variants.prices,metadata.supplier_cost', 'handle'],
    ['handle,constructor,variants.__proto__', 'handle'],
    ['*variants.inventory_items', 'id'],
    ['variants.*, title', 'variants.*,title'],
  ])('%s are cut to what is public', (fields, left) => {
    expect(publicFields(fields, product)).toBe(left ?? fields)
  })

  it('may come as a list', () => {
    expect(publicFields(['handle', '+metadata,+external_id'], product)).toBe('handle,+metadata')
  })

  it('of our own storefront are all public', async () => {
    const { PRODUCT_FIELDS } = await import('../../../storefront/src/commerce/product-fields')
    expect(publicFields(PRODUCT_FIELDS, product)).toBe(PRODUCT_FIELDS)
  })
})

/** Sends one answer of Medusa's through the middleware. */
function through(originalUrl: string, query: Record<string, unknown>, body: object, status = 200) {
  let sent: unknown
  let passed = false
  const req = { originalUrl, query } as unknown as MedusaRequest
  const res = {
    statusCode: status,
    status(code: number) {
      this.statusCode = code
      return this
    },
    json(given: unknown) {
      sent = given
    },
  }
  showPublicFields(req, res as unknown as MedusaResponse, () => {
    passed = true
    res.json(body)
  })
  return { sent, passed, status: res.statusCode, query }
}

describe('the store API', () => {
  it('says what is public, however the address is written', () => {
    for (const url of ['/store/products', '/STORE/Products/', '//store//products?x=1']) {
      expect(JSON.stringify(through(url, {}, { products: [record] }).sent)).not.toContain(SECRET)
    }
  })

  it('puts a list in no order that would tell of what is not shown', () => {
    for (const order of [
      'external_id',
      '-metadata',
      'metadata.supplier_cost',
      'variants.prices.amount',
    ]) {
      expect(through('/store/products', { order }, {}), order).toMatchObject({
        passed: false,
        status: 400,
      })
    }
    expect(through('/store/products', { order: '-created_at' }, {}).passed).toBe(true)
  })

  it('does not bring back what was deleted', () => {
    expect(through('/store/products', { with_deleted: 'true' }, {}).query).toEqual({})
  })

  it('leaves errors, other addresses and our own routes as they are', () => {
    const error = { type: 'not_found', message: 'no such product', detail: { a: 1 } }
    expect(through('/store/products/x', {}, error, 404).sent).toEqual(error)
    expect(through('/admin/products', {}, { products: [record] }).sent).toEqual({
      products: [record],
    })
    expect(through('/store/carts/cart_1/payment', {}, { a: { b: 1 } }).sent).toEqual({
      a: { b: 1 },
    })
  })
})

it('the sample catalogue has no attribute that is not shown, and the list none that nothing has', () => {
  const used = new Set(products.flatMap(({ facts }) => Object.keys(facts)))
  expect([...used].sort()).toEqual([...ATTRIBUTES].sort())
})
