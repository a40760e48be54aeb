import type { HttpTypes } from '@medusajs/types'
import { describe, expect, it } from 'vitest'
import { productOf } from './product'

function variant(value: string, amount: number | null, quantity: number) {
  return {
    id: `variant_${value}`,
    sku: null,
    manage_inventory: true,
    allow_backorder: false,
    inventory_quantity: quantity,
    options: [{ value, option: { title: 'Volume' } }],
    calculated_price: amount === null ? null : { calculated_amount: amount, currency_code: 'eur' },
  }
}

function raw(variants: ReturnType<typeof variant>[]): HttpTypes.StoreProduct {
  return {
    handle: 'flask',
    title: 'Flask',
    subtitle: null,
    description: null,
    thumbnail: null,
    metadata: { Material: 'Glass' },
    images: [{ url: 'http://127.0.0.1:9000/static/flask.webp' }],
    options: [{ title: 'Volume', values: [{ value: '250 ml' }, { value: '100 ml' }] }],
    variants,
    categories: [
      { id: 'pcat_internal', handle: 'clearance', name: 'Clearance' },
      { id: 'pcat_glassware', handle: 'glassware', name: 'Glassware' },
    ],
  } as unknown as HttpTypes.StoreProduct
}

describe('a product', () => {
  it('starts at its lowest price and says that there are several', () => {
    const product = productOf(raw([variant('100 ml', 5.9, 9), variant('250 ml', 6.8, 9)]))
    expect(product).toMatchObject({ from: { amount: '5.90' }, severalPrices: true, soldOut: false })
  })

  it('lists option values in the order of its variants', () => {
    const product = productOf(raw([variant('100 ml', 5.9, 9), variant('250 ml', 6.8, 9)]))
    expect(product?.options[0]?.values).toEqual(['100 ml', '250 ml'])
  })

  it('tells how many are left of a low stock, and nothing of a full one', () => {
    const product = productOf(raw([variant('100 ml', 5.9, 3), variant('250 ml', 6.8, 400)]))
    expect(product?.variants.map(({ stock }) => stock)).toEqual([
      { state: 'low', left: 3 },
      { state: 'in' },
    ])
  })

  it('is sold out when every variant is', () => {
    expect(productOf(raw([variant('100 ml', 5.9, 0)]))?.soldOut).toBe(true)
  })

  it('is not shown where it has no price', () => {
    expect(productOf(raw([variant('100 ml', null, 5)]))).toBeNull()
  })

  it('takes its first picture when it has no thumbnail', () => {
    expect(productOf(raw([variant('100 ml', 1, 1)]))?.image).toBe('/pictures/uploads/flask.webp')
  })

  it('shows the attributes of the list, in its order, and nothing else of the metadata', () => {
    const product = productOf({
      ...raw([variant('100 ml', 1, 1)]),
      metadata: {
        Standard: 'ISO 3819',
        supplier_cost: '1.20',
        constructor: 'x',
        Pages: 312,
        Lens: { supplier: 'x' },
        Rack: '',
        Material: 'Glass',
      },
    })
    expect(product?.facts).toEqual([
      ['Material', 'Glass'],
      ['Standard', 'ISO 3819'],
      ['Pages', '312'],
    ])
  })

  it('is in a category that has a page, and in no other', () => {
    const shelves = [{ id: 'pcat_glassware', handle: 'glassware', name: 'Glassware' }]
    const product = raw([variant('100 ml', 1, 1)])
    expect(productOf(product, shelves)?.category).toEqual({
      handle: 'glassware',
      name: 'Glassware',
    })
    expect(productOf(product, [])?.category).toBeNull()
  })
})
