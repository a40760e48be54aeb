import { createRequire } from 'node:module'
import type MedusaSdk from '@medusajs/js-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endOpenStoreApi, OPEN_API, startOpenStoreApi } from './open-store-api.ts'
import { shop } from './shop.ts'

const ADDRESS = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  address_1: 'Analytical Way 1',
  city: 'Berlin',
  postal_code: '10115',
  country_code: 'de',
}

// As CommonJS, which Node loads by itself: the package's other form is not Node's.
const { default: Sdk } = createRequire(import.meta.url)('@medusajs/js-sdk') as {
  default: (typeof MedusaSdk)['default']
}

beforeAll(startOpenStoreApi, 90_000)
afterAll(endOpenStoreApi, 60_000)

/** Medusa's own SDK, as another storefront or an app has it: with the publishable key and no secret. */
const sdk = (baseUrl: string, publishableKey = shop.publishableKey) =>
  new Sdk({
    baseUrl,
    publishableKey,
    auth: { type: 'jwt', jwtTokenStorageMethod: 'nostore' },
  })

const status = (asked: Promise<unknown>): Promise<number> =>
  asked.then(
    () => 200,
    (error: { status?: number }) => error.status ?? 0,
  )

describe("Medusa's SDK", () => {
  it('finds nothing as long as the store API is closed', async () => {
    const { store } = sdk(shop.api)
    expect(await status(store.product.list({ limit: 1 }))).toBe(404)
    expect(await status(store.region.list())).toBe(404)
    expect(await status(store.cart.create({}))).toBe(404)
    expect(await status(store.payment.listPaymentProviders({ region_id: 'x' }))).toBe(404)
  })

  it('lists, fills a cart and begins a payment when it is open', async () => {
    const { store } = sdk(OPEN_API)
    const { regions } = await store.region.list()
    const region = regions.find((each) => each.currency_code === 'eur')
    const regionId = region?.id ?? ''
    const { products } = await store.product.list({
      limit: 20,
      region_id: regionId,
      fields: 'id,*variants,+variants.inventory_quantity,*variants.calculated_price',
    })
    const product = products[0]
    expect((await store.product.retrieve(product?.id ?? '')).product.id).toBe(product?.id)
    const variants = products.flatMap((each) => each.variants ?? [])
    const variant = variants.find((each) => (each.inventory_quantity ?? 0) > 5)

    const { cart } = await store.cart.create({ region_id: regionId })
    await store.cart.createLineItem(cart.id, { variant_id: variant?.id ?? '', quantity: 1 })
    await store.cart.update(cart.id, { email: 'ada@example.org', shipping_address: ADDRESS })
    const { shipping_options } = await store.fulfillment.listCartOptions({ cart_id: cart.id })
    await store.cart.addShippingMethod(cart.id, { option_id: shipping_options[0]?.id ?? '' })
    const { payment_providers } = await store.payment.listPaymentProviders({ region_id: regionId })
    expect(payment_providers.map(({ id }) => id)).toContain('pp_btcpay_btcpay')
    const { cart: full } = await store.cart.retrieve(cart.id)
    const { payment_collection } = await store.payment.initiatePaymentSession(full, {
      provider_id: 'pp_btcpay_btcpay',
    })
    const [session] = payment_collection.payment_sessions ?? []
    expect(String(session?.data.checkout_link)).toContain('/i/')

    // Nobody has paid: it does not become an order.
    const completed = await store.cart.complete(cart.id).catch(() => ({ type: 'refused' }))
    expect(completed.type).not.toBe('order')
  })

  it('needs the publishable key all the same', async () => {
    const { store } = sdk(OPEN_API, `pk_${'1'.repeat(64)}`)
    expect(await status(store.product.list({ limit: 1 }))).toBe(400)
  })

  it('finds no order, no transfer and no customer in either case', async () => {
    for (const api of [shop.api, OPEN_API]) {
      const { store, auth } = sdk(api)
      expect(await status(store.order.retrieve('order_1'))).toBe(404)
      expect(await status(store.order.requestTransfer('order_1', {}))).toBe(404)
      expect(await status(store.customer.retrieve())).toBe(404)
      const account = { email: 'ada@example.org', password: 'a long enough sentence' }
      expect(await status(auth.register('customer', 'emailpass', account))).toBe(404)
      expect(await status(auth.login('customer', 'emailpass', account))).toBe(404)
    }
  })

  it('is answered in the page of a listed site, by its preflight, too', async () => {
    const preflight = (api: string) =>
      fetch(`${api}/store/carts`, {
        method: 'OPTIONS',
        headers: { origin: shop.storefront, 'access-control-request-method': 'POST' },
      })
    const open = await preflight(OPEN_API)
    expect(open.headers.get('access-control-allow-origin')).toBe(shop.storefront)
    expect((await preflight(shop.api)).status).toBe(404)
  })
})
