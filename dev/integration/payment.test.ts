import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { confirm, expire, pay, webhooks } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { endOpenStoreApi, openStore, startOpenStoreApi } from './open-store-api.ts'
import { store } from './shop.ts'
import { orders, type PayableCart, payableCart, paymentStatus } from './shopper.ts'

/** Long enough for the inbox's and the reconciler's timers, short enough to notice a lost payment. */
const WORKER_SECONDS = 90

/** Waits for orders without asking the shopper's status route, which would itself complete the cart. */
async function newOrders(before: number, wanted: number): Promise<number> {
  await eventually(`${wanted} new order(s)`, WORKER_SECONDS, async () => {
    return (await orders()).length >= before + wanted
  })
  return (await orders()).length - before
}

async function expectPaid(cart: PayableCart): Promise<void> {
  // A page says that it is paid while its order is being placed.
  const status = await eventually('the number of the order', 30, async () => {
    const seen = await paymentStatus(cart.token)
    return seen.order_number !== null && seen
  })
  expect(status.status).toBe('paid')
  // The order is there a moment before its payment is captured.
  await eventually('a captured payment', 60, async () => {
    const order = (await orders()).find((each) => each.display_id === status.order_number)
    return order?.payment_status === 'captured'
  })
}

describe('a Bitcoin payment', () => {
  afterEach(() => webhooks('deliver'))

  it('becomes one captured order by the webhook alone, with the browser closed', async () => {
    const before = (await orders()).length
    const cart = await payableCart()
    await pay(cart.invoiceId)
    expect(await newOrders(before, 1)).toBe(1)
    await expectPaid(cart)
  })

  it('becomes one order when every webhook is lost', async () => {
    const before = (await orders()).length
    await webhooks('drop')
    const cart = await payableCart('usd')
    await pay(cart.invoiceId)
    expect(await newOrders(before, 1)).toBe(1)
    await expectPaid(cart)
  })

  it('becomes one order when every webhook comes twice', async () => {
    const before = (await orders()).length
    await webhooks('duplicate')
    const cart = await payableCart()
    await pay(cart.invoiceId)
    expect(await newOrders(before, 1)).toBe(1)
    await expectPaid(cart)
    expect((await orders()).length - before).toBe(1)
  })

  it('becomes one order by the returning browser alone', async () => {
    const before = (await orders()).length
    await webhooks('drop')
    const cart = await payableCart()
    await pay(cart.invoiceId)
    await expectPaid(cart)
    expect((await orders()).length - before).toBe(1)
  })

  it('is seen at once but no order before the chain confirms it', async () => {
    const before = (await orders()).length
    const cart = await payableCart()
    await pay(cart.invoiceId, 'onchain')
    await eventually('the page says seen', 30, async () => {
      return (await paymentStatus(cart.token)).status === 'seen'
    })
    expect((await orders()).length).toBe(before)
    await confirm(cart.invoiceId)
    expect(await newOrders(before, 1)).toBe(1)
    await expectPaid(cart)
  })

  it('of a part says what is due and makes no order', async () => {
    const before = (await orders()).length
    const cart = await payableCart()
    const { amount } = await paymentStatus(cart.token)
    await pay(cart.invoiceId, 'lightning', '1.00')
    const status = await eventually('the page says underpaid', 30, async () => {
      const seen = await paymentStatus(cart.token)
      return seen.status === 'underpaid' && seen
    })
    expect(Number(status.due_amount)).toBeCloseTo(Number(amount) - 1, 2)
    expect((await orders()).length).toBe(before)
  })

  it('that never comes expires and makes no order', async () => {
    const before = (await orders()).length
    const cart = await payableCart()
    await expire(cart.invoiceId)
    await eventually('the page says expired', 30, async () => {
      return (await paymentStatus(cart.token)).status === 'expired'
    })
    expect((await orders()).length).toBe(before)
  })
})

describe('a payment where the store API is open', () => {
  beforeAll(startOpenStoreApi, 90_000)
  afterAll(endOpenStoreApi, 60_000)

  it('cannot be claimed by writing a paid invoice into the session', async () => {
    const victim = await payableCart()
    await pay(victim.invoiceId)
    await eventually('the paid order', WORKER_SECONDS, async () => {
      return (await paymentStatus(victim.token)).status === 'paid'
    })
    const before = (await orders()).length
    const thief = await payableCart()
    const { cart } = await store<{ cart: { payment_collection: { id: string } } }>(
      `/carts/${thief.cartId}?fields=id,payment_collection.id`,
    )
    const forge = openStore(`/payment-collections/${cart.payment_collection.id}/payment-sessions`, {
      provider_id: 'pp_btcpay_btcpay',
      data: { invoice_id: victim.invoiceId },
    })
    await expect(forge).rejects.toThrow(/400 .*data is not taken here/)
    expect((await paymentStatus(thief.token)).status).toBe('waiting')
    const completed = await openStore<{ type: string }>(
      `/carts/${thief.cartId}/complete`,
      {},
    ).catch(() => ({ type: 'refused' }))
    expect(completed.type).not.toBe('order')
    expect((await orders()).length).toBe(before)
  })
})
