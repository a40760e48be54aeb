import { describe, expect, it } from 'vitest'
import { processControl, shop, startMedusa, store } from './shop.ts'
import { region } from './shopper.ts'

interface Product {
  handle: string
  thumbnail: string | null
  variants: {
    inventory_quantity: number
    calculated_price: { calculated_amount: number; currency_code: string } | null
  }[]
}

async function products(currency: 'eur' | 'usd'): Promise<Product[]> {
  const { id } = await region(currency)
  const answer = await store<{ products: Product[] }>(
    `/products?limit=100&region_id=${id}&fields=handle,thumbnail,*variants.calculated_price,+variants.inventory_quantity`,
  )
  return answer.products
}

describe('the seeded shop', () => {
  it.each(['eur', 'usd'] as const)('sells at least 24 products priced in %s', async (currency) => {
    const all = await products(currency)
    expect(all.length).toBeGreaterThanOrEqual(24)
    const prices = all.flatMap((each) => each.variants.map((variant) => variant.calculated_price))
    expect(prices.every((price) => price?.currency_code === currency)).toBe(true)
  })

  it('has a picture of every product', async () => {
    for (const { handle, thumbnail } of await products('eur')) {
      const response = await fetch(thumbnail ?? `missing picture of ${handle}`)
      expect(response.status, handle).toBe(200)
      expect(response.headers.get('content-type'), handle).toMatch(/^image\//)
    }
  })

  it('has five categories and two collections', async () => {
    const { product_categories } = await store<{ product_categories: unknown[] }>(
      '/product-categories',
    )
    const { collections } = await store<{ collections: unknown[] }>('/collections')
    expect(product_categories).toHaveLength(5)
    expect(collections).toHaveLength(2)
  })
})

describe('a catalogue page', () => {
  it('is the same for every visitor and sets no cookie', async () => {
    const [product] = await products('eur')
    for (const path of ['/eu', `/eu/products/${product?.handle}`]) {
      const first = await fetch(`${shop.storefront}${path}`)
      expect(first.status, path).toBe(200)
      expect(first.headers.getSetCookie(), path).toEqual([])
      const other = await fetch(`${shop.storefront}${path}`, {
        headers: { cookie: 'anything=else', 'user-agent': 'another visitor' },
      })
      expect(await other.text(), path).toBe(await first.text())
    }
  })

  it('comes from the cache while Medusa is away', async () => {
    const [product] = await products('eur')
    const page = `${shop.storefront}/eu/products/${product?.handle}`
    expect((await fetch(page)).status).toBe(200)
    await processControl('medusa-server', 'kill', { signal: 'SIGKILL' })
    try {
      const cached = await fetch(page)
      expect(cached.status).toBe(200)
      expect(cached.headers.get('x-nextjs-cache')).toMatch(/HIT|STALE/)
    } finally {
      await startMedusa('medusa-server')
    }
  })
})
