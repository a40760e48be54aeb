import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginPayment } from './begin-payment.ts'
import { endBtcpay, expire, pay, startBtcpay, webhooks } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { askOpenStore, endOpenStoreApi, startOpenStoreApi } from './open-store-api.ts'
import { askStore, store } from './shop.ts'
import {
  type PayableCart,
  payableCart,
  paymentStatus,
  plentifulVariant,
  region,
} from './shopper.ts'

const PAID = 'A payment for this order has been seen, so it can no longer be changed.'
const ORDERED = 'This cart has become an order, so it can no longer be changed.'
const UNKNOWN = /nothing was changed/

interface Cart {
  id: string
  email: string
  items: { id: string; quantity: number }[]
  shipping_address: { address_1: string; city: string }
  shipping_methods: { shipping_option_id: string }[]
  payment_collection: { id: string }
}

/** Everything that may be changed of a cart. */
async function cartOf(id: string): Promise<Cart> {
  const fields =
    'id,email,*items,*shipping_address,*shipping_methods,*promotions,payment_collection.id'
  return (await store<{ cart: Cart }>(`/carts/${id}?fields=${fields}`)).cart
}

interface Change {
  name: string
  method: string
  path(cart: Cart): string
  body?(cart: Cart): object
}

let variant = ''

/** Every route that changes a cart where the store API is open, each with a body that it would take. */
const CHANGES: Change[] = [
  {
    name: 'address and e-mail',
    method: 'POST',
    path: ({ id }) => `/carts/${id}`,
    body: () => ({
      email: 'eve@example.org',
      shipping_address: { address_1: 'Elsewhere 1', city: 'Elsewhere', country_code: 'de' },
    }),
  },
  {
    name: 'another line',
    method: 'POST',
    path: ({ id }) => `/carts/${id}/line-items`,
    body: () => ({ variant_id: variant, quantity: 1 }),
  },
  {
    name: 'the quantity of a line',
    method: 'POST',
    path: ({ id, items }) => `/carts/${id}/line-items/${items[0]?.id}`,
    body: () => ({ quantity: 2 }),
  },
  {
    name: 'a promotion',
    method: 'POST',
    path: ({ id }) => `/carts/${id}/promotions`,
    body: () => ({ promo_codes: ['NONE'] }),
  },
  {
    name: 'no promotion',
    method: 'DELETE',
    path: ({ id }) => `/carts/${id}/promotions`,
    body: () => ({ promo_codes: ['NONE'] }),
  },
  {
    name: 'the delivery',
    method: 'POST',
    path: ({ id }) => `/carts/${id}/shipping-methods`,
    body: ({ shipping_methods }) => ({ option_id: shipping_methods[0]?.shipping_option_id }),
  },
  { name: 'taxes', method: 'POST', path: ({ id }) => `/carts/${id}/taxes`, body: () => ({}) },
  {
    name: 'the payment collection',
    method: 'POST',
    path: () => '/payment-collections',
    body: ({ id }) => ({ cart_id: id }),
  },
  {
    name: 'another payment session',
    method: 'POST',
    path: ({ payment_collection }) =>
      `/payment-collections/${payment_collection.id}/payment-sessions`,
    body: () => ({ provider_id: 'pp_btcpay_btcpay' }),
  },
  {
    name: 'no line any more',
    method: 'DELETE',
    path: ({ id, items }) => `/carts/${id}/line-items/${items[0]?.id}`,
  },
]

function change({ method, path, body }: Change, cart: Cart): Promise<Response> {
  return askOpenStore(method, path(cart), body?.(cart))
}

beforeAll(startOpenStoreApi, 90_000)
afterAll(endOpenStoreApi, 60_000)
beforeAll(async () => {
  variant = (await plentifulVariant((await region('eur')).id)).id
})

describe('a cart whose invoice nobody has paid', () => {
  it.each(CHANGES)('may be changed: $name', async (each) => {
    const { cartId } = await payableCart()
    const { status } = await change(each, await cartOf(cartId))
    // What Medusa itself says of it, such as that nobody is signed in, is not our concern.
    expect([409, 503]).not.toContain(status)
  })

  it('may be changed when the invoice has expired', async () => {
    const { cartId, invoiceId, token } = await payableCart()
    await expire(invoiceId)
    await store(`/carts/${cartId}`, { email: 'ada.again@example.org' })
    expect((await cartOf(cartId)).email).toBe('ada.again@example.org')
    // And paid anew, on the same page.
    const again = await beginPayment(store, cartId)
    expect(again).toMatchObject({ under_way: false, order_page: token })
    expect(again.checkout_link).not.toContain(invoiceId)
  })
})

it('a cart is not there by an address that is written another way', async () => {
  const { cartId } = await payableCart()
  const encoded = `/%63arts/${cartId.replace('cart', '%63art')}/`
  const body = { shipping_address: { address_1: 'Elsewhere 1', city: 'Elsewhere' } }
  for (const ask of [askStore, askOpenStore])
    expect((await ask('POST', encoded, body)).status).toBe(404)
})

/** Refuses every change and has changed nothing. */
async function expectReadOnly(each: Change, cart: Cart, status: number, words: string | RegExp) {
  const answer = await change(each, cart)
  const { message } = (await answer.json()) as { message: string }
  expect([answer.status, message]).toEqual([
    status,
    typeof words === 'string' ? words : expect.stringMatching(words),
  ])
}

describe.each([
  ['of which a part was paid', (invoiceId: string) => pay(invoiceId, 'lightning', '1.00')],
  ['that is paid and not confirmed', (invoiceId: string) => pay(invoiceId, 'onchain')],
  [
    'that has expired with money on it',
    async (invoiceId: string) => {
      await pay(invoiceId, 'lightning', '1.00')
      await expire(invoiceId)
    },
  ],
])('a cart with an invoice %s', (_state, paid) => {
  let payable: PayableCart
  let before: Cart
  beforeAll(async () => {
    payable = await payableCart()
    before = await cartOf(payable.cartId)
    await paid(payable.invoiceId)
  })

  it.each(CHANGES)('is not changed: $name', async (each) => {
    await expectReadOnly(each, before, 409, PAID)
    expect(await cartOf(payable.cartId)).toEqual(before)
  })

  it('leads to its page instead of to another invoice', async () => {
    const begun = await beginPayment(store, payable.cartId)
    expect(begun).toMatchObject({ under_way: true, order_page: payable.token })
  })
})

describe('a cart that is paid', () => {
  let payable: PayableCart
  let before: Cart
  beforeAll(async () => {
    payable = await payableCart()
    before = await cartOf(payable.cartId)
    await pay(payable.invoiceId)
    await eventually('the order', 90, async () => {
      return (await paymentStatus(payable.token)).order_number !== null
    })
  })

  it.each(CHANGES)('is not changed once it is an order: $name', async (each) => {
    await expectReadOnly(each, before, 409, ORDERED)
  })
})

it('a cart is not changed between the settled payment and its order', async () => {
  await webhooks('drop')
  const { cartId, invoiceId } = await payableCart()
  await pay(invoiceId)
  const answer = await askStore('POST', `/carts/${cartId}`, { email: 'eve@example.org' })
  await webhooks('deliver')
  expect(answer.status).toBe(409)
  expect((await cartOf(cartId)).email).toBe('ada@example.org')
})

describe('while BTCPay does not answer', () => {
  let payable: PayableCart
  let before: Cart
  let other: string
  beforeAll(async () => {
    payable = await payableCart()
    before = await cartOf(payable.cartId)
    const { cart } = await store<{ cart: { id: string } }>('/carts', {
      region_id: (await region('eur')).id,
      items: [{ variant_id: variant, quantity: 1 }],
    })
    other = cart.id
    await endBtcpay()
  })
  afterAll(startBtcpay)

  it.each(CHANGES)('a cart with an invoice is not changed: $name', async (each) => {
    await expectReadOnly(each, before, 503, UNKNOWN)
    expect(await cartOf(payable.cartId)).toEqual(before)
  })

  it('no second invoice is made for it', async () => {
    const begun = await askStore('POST', `/carts/${payable.cartId}/payment`, {})
    expect(begun.status).toBe(503)
  })

  it('a cart without an invoice is changed as always', async () => {
    const answer = await askStore('POST', `/carts/${other}`, { email: 'ada@example.org' })
    expect(answer.status).toBe(200)
  })
})
