import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { categories, collections, products } from './catalogue'
import { drawings } from './pictures/drawings'
import { PICTURE_SIZE, render } from './pictures/render'

const variants = products.flatMap((product) => product.variants)

describe('the sample catalogue', () => {
  it('has at least 24 products in 5 categories and 2 collections', () => {
    expect(products.length).toBeGreaterThanOrEqual(24)
    expect(categories).toHaveLength(5)
    expect(collections).toHaveLength(2)
    for (const { handle } of categories) {
      expect(
        products.some((product) => product.category === handle),
        handle,
      ).toBe(true)
    }
    for (const { handle } of collections) {
      expect(
        products.some((product) => product.collection === handle),
        handle,
      ).toBe(true)
    }
  })

  it('has one handle and one drawing a product', () => {
    expect(new Set(products.map((product) => product.handle)).size).toBe(products.length)
    expect(new Set(products.map((product) => product.drawing)).size).toBe(products.length)
    expect(Object.keys(drawings)).toHaveLength(products.length)
  })

  it('has prices with two digits in both currencies', () => {
    for (const { eur, usd } of variants) {
      expect(eur).toMatch(/^[1-9]\d*\.\d\d$/)
      expect(usd).toMatch(/^[1-9]\d*\.\d\d$/)
    }
  })

  it('has two variants that are low and one product that is sold out', () => {
    expect(variants.filter(({ stock }) => stock > 0 && stock <= 3)).toHaveLength(2)
    expect(
      products.filter((product) => product.variants.every(({ stock }) => stock === 0)),
    ).toHaveLength(1)
  })

  it.each(products.map(({ handle, drawing, category }) => ({ handle, drawing, category })))(
    'draws $handle',
    async ({ drawing, category }) => {
      const image = sharp(await render(drawing, category))
      expect(await image.metadata()).toMatchObject({
        format: 'webp',
        width: PICTURE_SIZE,
        height: PICTURE_SIZE,
      })
      const { channels } = await image.stats()
      // The background alone spreads by less than 7.
      expect(Math.min(...channels.slice(0, 3).map(({ stdev }) => stdev))).toBeGreaterThan(20)
    },
  )
})
