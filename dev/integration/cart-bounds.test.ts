import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deliverAndPay } from './begin-payment.ts'
import { endOpenStoreApi, openStore, startOpenStoreApi } from './open-store-api.ts'
import { shop, store } from './shop.ts'
import { plentifulVariant, region } from './shopper.ts'
import { storefrontSignature } from './storefront-signature.ts'

interface Cart {
  id: string
  items: { id: string; variant_id: string; quantity: number }[]
}

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
let regionId: string
let variantId: string
/** Every variant that the shop sells. */
let variants: string[]

beforeAll(async () => {
  await database.connect()
  regionId = (await region('eur')).id
  variantId = (await plentifulVariant(regionId)).id
  const { products } = await store<{ products: { variants: { id: string }[] }[] }>(
    '/products?limit=100&fields=id,*variants',
  )
  variants = products.flatMap((product) => product.variants.map(({ id }) => id))
})
afterAll(() => database.end())

/** A store request with a body that may be anything, also no JSON that JSON.stringify would make. */
async function post(path: string, body: string): Promise<{ status: number; message: string }> {
  const response = await fetch(`${shop.api}/store${path}`, {
    method: 'POST',
    headers: {
      'x-publishable-api-key': shop.publishableKey,
      'content-type': 'application/json',
      ...storefrontSignature('127.0.0.1'),
    },
    body,
    signal: AbortSignal.timeout(60_000),
  })
  const { message = '' } = (await response.json()) as { message?: string }
  return { status: response.status, message }
}

const count = async (table: string) =>
  Number((await database.query(`SELECT count(*) FROM ${table}`)).rows[0].count)

const newCart = async (items: object[] = []) =>
  (await store<{ cart: Cart }>('/carts', { region_id: regionId, items })).cart

describe('a quantity that is no whole number of pieces', () => {
  const wrong = ['0.01', '-1', '0', '1.5', '100', '1e309', '"1"', 'null', '99999999999999999999']

  it('is refused at every entrance, and nothing is stored', async () => {
    const cart = await newCart([{ variant_id: variantId, quantity: 2 }])
    const line = cart.items[0]?.id
    const before = [await count('cart'), await count('cart_line_item')]
    for (const quantity of wrong) {
      const item = `{"variant_id":"${variantId}","quantity":${quantity}}`
      const answers = [
        await post('/carts', `{"region_id":"${regionId}","items":[${item}]}`),
        await post(`/carts/${cart.id}/line-items`, item),
      ]
      if (quantity !== '0')
        answers.push(await post(`/carts/${cart.id}/line-items/${line}`, `{"quantity":${quantity}}`))
      for (const { status, message } of answers) {
        expect(status, quantity).toBe(400)
        expect(message, quantity).toMatch(/must be a whole number from [01] to 99\.$/)
      }
    }
    expect([await count('cart'), await count('cart_line_item')]).toEqual(before)
    const { cart: after } = await store<{ cart: Cart }>(`/carts/${cart.id}`)
    expect(after.items.map(({ quantity }) => quantity)).toEqual([2])
  })

  it('is refused when portions add up to it', async () => {
    const cart = await newCart([{ variant_id: variantId, quantity: 60 }])
    const { status, message } = await post(
      `/carts/${cart.id}/line-items`,
      JSON.stringify({ variant_id: variantId, quantity: 40 }),
    )
    expect([status, message]).toEqual([400, 'A cart can hold up to 99 pieces of a product.'])
  })

  it('of 0 removes a line', async () => {
    const cart = await newCart([{ variant_id: variantId, quantity: 2 }])
    const { status } = await post(
      `/carts/${cart.id}/line-items/${cart.items[0]?.id}`,
      '{"quantity":0}',
    )
    expect(status).toBe(200)
    expect((await store<{ cart: Cart }>(`/carts/${cart.id}`)).cart.items).toEqual([])
  })
})

describe('a payment', () => {
  beforeAll(startOpenStoreApi, 90_000)
  afterAll(endOpenStoreApi, 60_000)

  const address = {
    first_name: 'Ada',
    last_name: 'Lovelace',
    address_1: 'Analytical Way 1',
    city: 'Berlin',
    postal_code: '10115',
    country_code: 'de',
  }

  it('cannot begin for a cart in which no whole piece is bought', async () => {
    const cart = await newCart([{ variant_id: variantId, quantity: 1 }])
    await store(`/carts/${cart.id}`, { email: 'ada@example.org', shipping_address: address })
    await database.query('UPDATE cart_line_item SET quantity = 0 WHERE cart_id = $1', [cart.id])
    await expect(deliverAndPay(store, cart.id)).rejects.toThrow(/400 .*whole quantity/)
    await expect(openStore('/payment-collections', { cart_id: cart.id })).rejects.toThrow(
      /400 .*whole quantity/,
    )
    await database.query('DELETE FROM cart_line_item WHERE cart_id = $1', [cart.id])
    await expect(openStore('/payment-collections', { cart_id: cart.id })).rejects.toThrow(
      /400 .*Your cart is empty/,
    )
    await expect(store(`/carts/${cart.id}/payment`, {})).rejects.toThrow(/400 .*Your cart is empty/)
  })

  it('cannot begin for a cart that became empty after its payment collection was made', async () => {
    const cart = await newCart([{ variant_id: variantId, quantity: 1 }])
    await store(`/carts/${cart.id}`, { email: 'ada@example.org', shipping_address: address })
    await deliverAndPay(store, cart.id)
    const { rows } = await database.query(
      'SELECT payment_collection_id AS id FROM cart_payment_collection WHERE cart_id = $1',
      [cart.id],
    )
    await database.query('DELETE FROM cart_line_item WHERE cart_id = $1', [cart.id])
    await expect(
      openStore(`/payment-collections/${rows[0].id}/payment-sessions`, {
        provider_id: 'pp_btcpay_btcpay',
      }),
    ).rejects.toThrow(/400 .*Your cart is empty/)
  })
})

describe('what a shopper can store', () => {
  beforeAll(startOpenStoreApi, 90_000)
  afterAll(endOpenStoreApi, 60_000)

  it('is no metadata, no text without end and no address of another cart', async () => {
    const cart = await newCart()
    const before = await count('cart')
    const bodies: [string, object, RegExp][] = [
      [
        '/carts',
        { region_id: regionId, metadata: { a: 'x'.repeat(10_000) } },
        /metadata is not taken/,
      ],
      ['/carts', { region_id: regionId, additional_data: {} }, /additional_data is not taken/],
      [`/carts/${cart.id}`, { metadata: { a: 1 } }, /metadata is not taken/],
      [`/carts/${cart.id}`, { shipping_address: { metadata: {} } }, /metadata is not taken/],
      [`/carts/${cart.id}`, { shipping_address: { id: 'caaddr_01' } }, /id is not taken/],
      [`/carts/${cart.id}`, { shipping_address: { city: 'x'.repeat(121) } }, /too long/],
      [
        `/carts/${cart.id}/line-items`,
        { variant_id: variantId, quantity: 1, metadata: {} },
        /metadata/,
      ],
    ]
    for (const [path, body, words] of bodies) {
      const { status, message } = await post(path, JSON.stringify(body))
      expect([status, message], path).toEqual([400, expect.stringMatching(words)])
    }
    const codes = openStore(`/carts/${cart.id}/promotions`, { promo_codes: Array(6).fill('A') })
    await expect(codes).rejects.toThrow(/400 .*too many/)
    expect(await count('cart')).toBe(before)
  })

  it('is no body that makes a thousand lines', async () => {
    const made = (length: number) => {
      const items = Array.from({ length }, () => ({ variant_id: variantId, quantity: 1 }))
      return post('/carts', JSON.stringify({ region_id: regionId, items }))
    }
    const before = [await count('cart'), await count('cart_line_item')]
    const { status, message } = await made(100)
    expect([status, message]).toEqual([400, 'items are too many: up to 20 at once.'])
    // Larger than the route's body may be.
    expect((await made(1_100)).status).toBe(413)
    expect([await count('cart'), await count('cart_line_item')]).toEqual(before)
  })

  it('is a hundred lines in a cart, also when requests come at once', async () => {
    const cart = await newCart([{ variant_id: variants[0], quantity: 1 }])
    // More lines than the sample shop has products.
    await database.query(
      `INSERT INTO cart_line_item (id, cart_id, title, quantity, unit_price, raw_unit_price, is_custom_price)
       SELECT 'cali_' || n || $1, $1, 'A line', 1, 1, '{"value":"1"}', true FROM generate_series(1, 97) n`,
      [cart.id],
    )
    const add = (variant: string | undefined) =>
      post(`/carts/${cart.id}/line-items`, JSON.stringify({ variant_id: variant, quantity: 1 }))
    const lines = async () => {
      const { rows } = await database.query(
        'SELECT count(*)::int AS lines FROM cart_line_item WHERE cart_id = $1 AND deleted_at IS NULL',
        [cart.id],
      )
      return rows[0].lines
    }
    expect(await lines()).toBe(98)
    await Promise.all(variants.slice(1, 5).map(add))
    expect(await lines()).toBeLessThanOrEqual(100)
    // On a busy machine some wait in vain for the cart's lock, and add nothing.
    for (const variant of variants.slice(1, 5)) if ((await lines()) < 100) await add(variant)
    const { status, message } = await add(variants[30])
    expect([status, message]).toEqual([400, 'A cart can hold up to 100 different products.'])
    expect(await lines()).toBe(100)
  })
})
