import { randomInt } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { beginPayment, invoiceOf } from './begin-payment.ts'
import { expire, mark, pay } from './btcpay.ts'
import { eventually } from './eventually.ts'
import {
  cartWith,
  chooseDelivery,
  payable,
  product,
  refusal,
  takeOutOfSale,
} from './own-product.ts'
import { admin, askStore, call, shop, store } from './shop.ts'
import { paymentStatus } from './shopper.ts'
import { storefrontSignature } from './storefront-signature.ts'

const SECONDS = 90
const OTHER = { status: 400, message: expect.stringContaining('Somebody else is paying') }

afterAll(takeOutOfSale)

/** Reservations of an inventory item: for a line of an order, or for a cart that is being paid. */
async function reserved(item: string): Promise<{ line_item_id: string; quantity: number }[]> {
  const { reservations } = await admin<{
    reservations: { line_item_id: string; quantity: number }[]
  }>(`/reservations?inventory_item_id=${item}&limit=100`)
  return reservations
}

async function held(item: string): Promise<number> {
  const all = await reserved(item)
  return all
    .filter(({ line_item_id }) => line_item_id.startsWith('hold_'))
    .reduce((sum, { quantity }) => sum + quantity, 0)
}

const isPaid = (token: string) =>
  eventually('the payment is an order', SECONDS, async () => {
    const { order_number } = await paymentStatus(token)
    return order_number !== null
  })

/** Waits for a payment to need its owner's decision. */
function underReview(token: string) {
  return eventually('it is under review', SECONDS, async () => {
    const page = await paymentStatus(token)
    return page.status === 'review' && page
  })
}

/** A cart of a stranger with an address of its own begins a payment. */
async function strangerPays(variant: string, client: string): Promise<void> {
  const cart = await cartWith(variant)
  await chooseDelivery(cart)
  await call(`${shop.api}/store/carts/${cart}/payment`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-publishable-api-key': shop.publishableKey,
      ...storefrontSignature(client),
    },
    body: '{}',
  })
}

describe('goods that are being paid', () => {
  it('are nobody else’s: the second shopper of the last piece gets no invoice', async () => {
    const { variant, item } = await product(1)
    const other = await cartWith(variant)
    await chooseDelivery(other)
    const { token, invoiceId } = await payable(variant)
    expect(await held(item)).toBe(1)
    expect(await refusal(other)).toEqual(OTHER)
    await pay(invoiceId)
    await isPaid(token)
    // Reserved for the order's line, once.
    const all = await reserved(item)
    expect(all.map(({ quantity }) => quantity)).toEqual([1])
    expect(all[0]?.line_item_id).toMatch(/^ordli_/)
    expect((await refusal(other)).message).toContain('is sold out')
  })

  it('are nobody else’s either while their order is being made', async () => {
    const { variant, item } = await product(1)
    const other = await cartWith(variant)
    await chooseDelivery(other)
    const { token, invoiceId } = await payable(variant)
    let going = true
    const answers: number[] = []
    const press = async () => {
      while (going) answers.push((await refusal(other)).status)
    }
    const pressed = [press(), press(), press()]
    await pay(invoiceId)
    await isPaid(token)
    going = false
    await Promise.all(pressed)
    expect(answers.length).toBeGreaterThan(3)
    expect(new Set(answers)).toEqual(new Set([400]))
    expect(await reserved(item)).toHaveLength(1)
  })

  it('are held once, however often the payment is begun', async () => {
    const { variant, item } = await product(2)
    const { cartId, invoiceId } = await payable(variant, 2)
    const again = await Promise.all([1, 2, 3].map(() => beginPayment(store, cartId)))
    expect(new Set(again.map(({ checkout_link }) => invoiceOf(checkout_link)))).toEqual(
      new Set([invoiceId]),
    )
    expect(await held(item)).toBe(2)
  })

  it('are free again when their invoice has ended without money', async () => {
    const { variant, item } = await product(1)
    const other = await cartWith(variant)
    await chooseDelivery(other)
    const { invoiceId } = await payable(variant)
    expect(await refusal(other)).toEqual(OTHER)
    await expire(invoiceId)
    await eventually('the piece is free', SECONDS, async () => (await held(item)) === 0)
    await beginPayment(store, other)
    expect(await held(item)).toBe(1)
  })

  it('follow their cart: fewer are free at its next payment, and a refused change frees none', async () => {
    const { variant, item } = await product(3)
    const { cartId } = await payable(variant, 3)
    const { cart } = await store<{ cart: { items: { id: string }[] } }>(`/carts/${cartId}`)
    const line = `/carts/${cartId}/line-items/${cart.items[0]?.id}`
    expect((await askStore('POST', line, { quantity: 4 })).status).toBe(400)
    await eventually('three are held', SECONDS, async () => (await held(item)) === 3)
    await store(line, { quantity: 2 })
    await beginPayment(store, cartId)
    expect(await held(item)).toBe(2)
    await payable(variant, 1)
    expect(await held(item)).toBe(3)
  })

  it('stay held while their whole amount is under review, until the owner has sent it back', async () => {
    const { variant, item } = await product(1)
    const { token, invoiceId } = await payable(variant)
    await pay(invoiceId, 'onchain')
    await mark(invoiceId, 'Invalid')
    const { reference } = await underReview(token)
    expect(await held(item)).toBe(1)
    await admin(`/bitcoin-payments/${reference}/refunded`, {})
    await eventually('the piece is free', SECONDS, async () => (await held(item)) === 0)
  })

  it('are not kept from others for a part of their price', async () => {
    const { variant, item } = await product(1)
    const { token, invoiceId } = await payable(variant)
    await pay(invoiceId, 'lightning', '1.00')
    await expire(invoiceId)
    await underReview(token)
    await eventually('the piece is free', 200, async () => (await held(item)) === 0)
  })

  it('are of three unpaid carts of one client at the most; a fourth is paid without a hold', async () => {
    const { variant, item } = await product(5)
    const client = `198.51.100.${randomInt(1, 250)}`
    for (let cart = 1; cart <= 4; cart++) await strangerPays(variant, client)
    expect(await held(item)).toBe(3)
    await strangerPays(variant, '203.0.113.77')
    expect(await held(item)).toBe(4)
  })
})
