import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { beginPayment, invoiceOf } from './begin-payment.ts'
import { endBtcpay, expire, forbid, pay, sessionOf, startBtcpay, webhooks } from './btcpay.ts'
import { eventually } from './eventually.ts'
import {
  cartWith,
  chooseDelivery,
  payable,
  product,
  recount,
  refusal,
  takeOutOfSale,
} from './own-product.ts'
import { admin, store } from './shop.ts'
import { orders, payableCart, paymentStatus } from './shopper.ts'

const SECONDS = 90
const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(async () => {
  await takeOutOfSale()
  await database.end()
})
afterEach(() => webhooks('deliver'))

interface Row {
  outcome: string
  reason: string | null
  order_id: string | null
  state: string
  paid_amount: string
}

async function rowOf(invoiceId: string): Promise<Row | undefined> {
  const { rows } = await database.query<Row>(
    'SELECT outcome, reason, order_id, state, paid_amount FROM btcpay_invoice WHERE invoice_id = $1',
    [invoiceId],
  )
  return rows[0]
}

/** Where the money of an invoice is, as sums of its entries. */
async function accountsOf(invoiceId: string): Promise<Record<string, number>> {
  const { rows } = await database.query<{ account: string; sum: string }>(
    `SELECT account, sum(amount) AS sum FROM btcpay_entry WHERE session_id = $1
     GROUP BY account HAVING sum(amount) <> 0`,
    [sessionOf(invoiceId)],
  )
  return Object.fromEntries(rows.map(({ account, sum }) => [account, Number(sum)]))
}

/** Waits until the ledger says what became of an invoice. */
function decided(invoiceId: string, outcome: string): Promise<Row> {
  return eventually(`${invoiceId} is ${outcome}`, SECONDS, async () => {
    const row = await rowOf(invoiceId)
    return row?.outcome === outcome && row
  })
}

describe('the ledger', () => {
  it('has an invoice from before it is paid, and its money in balance afterwards', async () => {
    const cart = await payableCart()
    expect(await rowOf(cart.invoiceId)).toMatchObject({ outcome: 'open', state: 'New' })
    expect(await accountsOf(cart.invoiceId)).toEqual({})
    await pay(cart.invoiceId)
    const row = await decided(cart.invoiceId, 'order')
    const paid = Number(row.paid_amount)
    expect(row).toMatchObject({ reason: null, order_id: expect.stringMatching(/^order_/) })
    expect(await accountsOf(cart.invoiceId)).toEqual({ received: paid, for_order: paid })
  })

  it('shows a surplus as owed to the shopper', async () => {
    const cart = await payableCart()
    const { amount } = await paymentStatus(cart.token)
    await pay(cart.invoiceId, 'lightning', (Number(amount) + 2.5).toFixed(2))
    expect(await decided(cart.invoiceId, 'order')).toMatchObject({ reason: 'surplus' })
    expect(await accountsOf(cart.invoiceId)).toMatchObject({ for_order: Number(amount), owed: 2.5 })
  })

  it('refuses entries that do not balance, and any change of one', async () => {
    const session = sessionOf((await payableCart()).invoiceId)
    const insert = `INSERT INTO btcpay_entry (id, session_id, account, amount, raw_amount, cause)
      VALUES ('bent_${session}', '${session}', 'received', 5, '{}', 'a test')`
    await expect(database.query(insert)).rejects.toThrow(/do not balance: 5/)
    for (const change of ['UPDATE btcpay_entry SET amount = 1', 'DELETE FROM btcpay_entry'])
      await expect(database.query(change)).rejects.toThrow(/only added/)
  })
})

describe('an order that a killed process left without its payment', () => {
  it('gets it by the next one with news, and is captured once', async () => {
    await webhooks('drop')
    const cart = await payableCart()
    await pay(cart.invoiceId)
    const { order_id } = await decided(cart.invoiceId, 'order')
    const session = sessionOf(cart.invoiceId)
    // What stands in the database between Medusa's order and its authorisation.
    await database.query(`
      DELETE FROM order_transaction WHERE order_id = '${order_id}';
      DELETE FROM capture WHERE payment_id IN (SELECT id FROM payment WHERE payment_session_id = '${session}');
      DELETE FROM payment WHERE payment_session_id = '${session}';
      UPDATE payment_session SET status = 'pending', authorized_at = NULL WHERE id = '${session}';
      UPDATE payment_collection SET status = 'not_paid', authorized_amount = 0, raw_authorized_amount = NULL,
        captured_amount = 0, raw_captured_amount = NULL
        WHERE id = (SELECT payment_collection_id FROM payment_session WHERE id = '${session}');
      UPDATE btcpay_invoice SET outcome = 'open', order_id = NULL, next_ask_at = now() WHERE session_id = '${session}'`)
    const found = async () => (await orders()).find(({ id }) => id === order_id)
    expect((await found())?.payment_status).not.toBe('captured')
    await decided(cart.invoiceId, 'order')
    await eventually('the captured order', SECONDS, async () => {
      return (await found())?.payment_status === 'captured'
    })
    const { rows } = await database.query(
      'SELECT amount FROM order_transaction WHERE order_id = $1 AND deleted_at IS NULL',
      [order_id],
    )
    expect(rows).toHaveLength(1)
  })
})

describe('a cart that cannot become an order', () => {
  it('of a product without a shipping profile gets no invoice', async () => {
    const { variant } = await product(5, { profile: false })
    const cart = await cartWith(variant)
    expect(await refusal(cart)).toMatchObject({
      status: 400,
      message: expect.stringMatching(/delivery method|cannot be delivered/),
    })
  })

  it('of a product that was deleted, or taken out of sale, gets no invoice', async () => {
    for (const change of ['deleted', 'draft'] as const) {
      const { id, variant } = await product(5)
      const cart = await cartWith(variant)
      await chooseDelivery(cart)
      if (change === 'draft') await admin(`/products/${id}`, { status: 'draft' })
      else await database.query('UPDATE product SET deleted_at = now() WHERE id = $1', [id])
      expect(await refusal(cart), change).toEqual({
        status: 400,
        message: expect.stringContaining('is no longer available'),
      })
    }
  })

  it('of goods that are sold out meanwhile gets no invoice', async () => {
    const { variant } = await product(1)
    const cart = await cartWith(variant)
    await chooseDelivery(cart)
    const buyer = await payable(variant)
    await pay(buyer.invoiceId)
    await decided(buyer.invoiceId, 'order')
    expect(await refusal(cart)).toEqual({
      status: 400,
      message: expect.stringContaining('sold out'),
    })
  })
})

describe('money without an order', () => {
  it('for a piece that is not on the shelf after all is under review, and burns no number', async () => {
    const { variant, item } = await product(1)
    const second = await payable(variant)
    await recount(item, 0)
    await pay(second.invoiceId)
    expect(await decided(second.invoiceId, 'review')).toMatchObject({
      reason: 'cannot-be-ordered',
      order_id: null,
    })
    expect(await paymentStatus(second.token)).toMatchObject({
      status: 'review',
      review_reason: 'cannot-be-ordered',
      order_number: null,
    })
    const before = (await orders())[0]?.display_id ?? 0
    const next = await payableCart()
    await pay(next.invoiceId)
    await decided(next.invoiceId, 'order')
    expect((await orders())[0]?.display_id).toBe(before + 1)
  })

  it('of one of five shoppers who pay for four pieces in one moment is under review', async () => {
    const { variant, item } = await product(5)
    const carts: Awaited<ReturnType<typeof payable>>[] = []
    for (let shopper = 1; shopper <= 5; shopper++) carts.push(await payable(variant))
    await recount(item, 4)
    await Promise.all(carts.map(({ invoiceId }) => pay(invoiceId)))
    const outcomes = await eventually('all are decided', SECONDS, async () => {
      const rows = await Promise.all(carts.map(({ invoiceId }) => rowOf(invoiceId)))
      return rows.every((row) => row && row.outcome !== 'open') && rows
    })
    expect(outcomes.map((row) => row?.outcome).sort()).toEqual([
      'order',
      'order',
      'order',
      'order',
      'review',
    ])
    const { rows } = await database.query<{ reserved: string }>(
      `SELECT l.reserved_quantity AS reserved FROM inventory_level l
       JOIN product_variant_inventory_item i ON i.inventory_item_id = l.inventory_item_id
       WHERE i.variant_id = $1`,
      [variant],
    )
    expect(Number(rows[0]?.reserved)).toBe(4)
  })

  it.each([
    ['late', 'late', undefined],
    ['in part', 'partial', '1.00'],
  ] as const)('that came %s is found although every webhook is lost', async (_, reason, amount) => {
    await webhooks('drop')
    const cart = await payableCart()
    if (amount) await pay(cart.invoiceId, 'lightning', amount)
    await expire(cart.invoiceId)
    if (!amount) await pay(cart.invoiceId, 'onchain')
    const row = await decided(cart.invoiceId, 'review')
    expect(row.reason).toBe(reason)
    expect(await accountsOf(cart.invoiceId)).toEqual({
      received: Number(row.paid_amount),
      owed: Number(row.paid_amount),
    })
    expect(await paymentStatus(cart.token)).toMatchObject({
      status: 'review',
      review_reason: reason,
    })
  })

  it('for an invoice that another one replaced is under review, and its page says so', async () => {
    const cart = await payableCart()
    const { cart: known } = await store<{ cart: { items: { id: string }[] } }>(
      `/carts/${cart.cartId}?fields=id,items.id`,
    )
    await store(`/carts/${cart.cartId}/line-items/${known.items[0]?.id}`, { quantity: 2 })
    await chooseDelivery(cart.cartId)
    const anew = await beginPayment(store, cart.cartId)
    expect(invoiceOf(anew.checkout_link)).not.toBe(cart.invoiceId)
    await pay(cart.invoiceId, 'onchain')
    expect(await decided(cart.invoiceId, 'review')).toMatchObject({ reason: 'replaced' })
    expect(await paymentStatus(cart.token)).toMatchObject({
      status: 'review',
      review_reason: 'replaced',
    })
  })

  it('becomes an order when the owner has brought what was missing', async () => {
    const { id, variant } = await product(3)
    const cart = await payable(variant)
    await admin(`/products/${id}`, { status: 'draft' })
    await pay(cart.invoiceId)
    await decided(cart.invoiceId, 'review')
    await admin(`/products/${id}`, { status: 'published' })
    await database.query('UPDATE btcpay_invoice SET next_ask_at = now() WHERE invoice_id = $1', [
      cart.invoiceId,
    ])
    expect(await decided(cart.invoiceId, 'order')).toMatchObject({ reason: null })
  })
})

describe('without BTCPay', () => {
  it('the page of an order is there all the same', async () => {
    const cart = await payableCart()
    await pay(cart.invoiceId)
    await decided(cart.invoiceId, 'order')
    await endBtcpay()
    try {
      expect(await paymentStatus(cart.token)).toMatchObject({
        status: 'paid',
        order_number: expect.any(Number),
      })
    } finally {
      await startBtcpay()
    }
  })
})

describe('BTCPay that says 403 for a while', () => {
  afterEach(() => forbid(false))

  it('loses no payment: its webhook waits', async () => {
    const cart = await payableCart()
    await forbid(true)
    await pay(cart.invoiceId)
    const delivery = async () => {
      const { rows } = await database.query<{ attempts: number; outcome: string | null }>(
        "SELECT attempts, outcome FROM webhook_delivery WHERE invoice_id = $1 AND type = 'InvoiceSettled'",
        [cart.invoiceId],
      )
      return rows[0]
    }
    await eventually('a first try', SECONDS, async () => ((await delivery())?.attempts ?? 0) > 0)
    expect((await delivery())?.outcome).toBeNull()
    await forbid(false)
    await decided(cart.invoiceId, 'order')
    await eventually('the delivery is handled', SECONDS, async () => {
      return (await delivery())?.outcome === 'handled'
    })
  })
})

describe('an invoice that the ledger has lost', () => {
  it('as by a restore is adopted by its webhook', async () => {
    const cart = await payableCart()
    const session = sessionOf(cart.invoiceId)
    await database.query('DELETE FROM btcpay_invoice WHERE session_id = $1', [session])
    await pay(cart.invoiceId)
    await decided(cart.invoiceId, 'order')
  })

  it('with its session, so that nobody knows whose money it is, is shown to the owner', async () => {
    const cart = await payableCart()
    const session = sessionOf(cart.invoiceId)
    await database.query('DELETE FROM btcpay_invoice WHERE session_id = $1', [session])
    await database.query('DELETE FROM payment_session WHERE id = $1', [session])
    await pay(cart.invoiceId)
    const row = await decided(cart.invoiceId, 'review')
    expect(row.reason).toBe('no-cart')
    expect(await accountsOf(cart.invoiceId)).toEqual({
      received: Number(row.paid_amount),
      owed: Number(row.paid_amount),
    })
  })
})
