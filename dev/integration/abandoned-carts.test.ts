import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expire, pay } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { runJob } from './run-job.ts'
import { processControl, shop, store } from './shop.ts'
import {
  type PayableCart as Payable,
  payableCart,
  paymentStatus,
  plentifulVariant,
  region,
} from './shopper.ts'

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())

/** Makes a cart, and all that hangs on it, older. */
async function age(cartId: string, days: number, touchedDays = days): Promise<void> {
  const times = (days: number) => `now() - interval '${days} days'`
  const touched = `created_at = ${times(days)}, updated_at = ${times(touchedDays)}`
  await database.query(`UPDATE cart SET ${touched} WHERE id = $1`, [cartId])
  for (const table of ['cart_line_item', 'cart_shipping_method'])
    await database.query(`UPDATE ${table} SET ${touched} WHERE cart_id = $1`, [cartId])
  await database.query(
    `UPDATE cart_address SET ${touched} WHERE id IN
     (SELECT unnest(ARRAY[shipping_address_id, billing_address_id]) FROM cart WHERE id = $1)`,
    [cartId],
  )
  await database.query(
    `UPDATE payment_session SET ${touched} WHERE payment_collection_id IN
     (SELECT payment_collection_id FROM cart_payment_collection WHERE cart_id = $1)`,
    [cartId],
  )
}

/** Which of these carts are there. */
async function existing(ids: string[]): Promise<boolean[]> {
  const { rows } = await database.query('SELECT id FROM cart WHERE id = ANY($1)', [ids])
  return ids.map((id) => rows.some((row) => row.id === id))
}

async function plainCart(email: string): Promise<string> {
  const { id: regionId } = await region('eur')
  const variant = await plentifulVariant(regionId)
  const { cart } = await store<{ cart: { id: string } }>('/carts', {
    region_id: regionId,
    email,
    items: [{ variant_id: variant.id, quantity: 1 }],
    shipping_address: { first_name: 'Old', city: email, country_code: 'de' },
  })
  return cart.id
}

/** BTCPay is away meanwhile: the time at which its invoices ended is in its file. */
function endedLongAgo(invoices: string[]): void {
  const file = join(process.env.SHOP_DATA ?? '', 'btcpay/btcpay.json')
  const state = JSON.parse(readFileSync(file, 'utf8'))
  for (const id of invoices) state.invoices[id].expirationTime -= 30 * 86_400
  writeFileSync(file, JSON.stringify(state))
}

/** What the ledger says became of an invoice. */
async function rowOf(invoiceId: string): Promise<string | undefined> {
  const { rows } = await database.query<{ outcome: string }>(
    'SELECT outcome FROM btcpay_invoice WHERE invoice_id = $1',
    [invoiceId],
  )
  return rows[0]?.outcome
}

async function startBtcpay(): Promise<void> {
  await processControl('btcpay', 'start')
  await eventually('BTCPay answers', 30, async () =>
    fetch(`${shop.btcpay}/api/v1/health`).then(({ ok }) => ok),
  )
}

describe('abandoned carts', () => {
  it('go after 30 days with all that was stored for them, and no others do', async () => {
    const stamp = Date.now()
    const [old, young, touched, ancient] = [
      await plainCart(`old-${stamp}@example.org`),
      await plainCart(`young-${stamp}@example.org`),
      await plainCart(`touched-${stamp}@example.org`),
      await plainCart(`ancient-${stamp}@example.org`),
    ]
    // Another address: the first one belongs to no cart any more.
    await store(`/carts/${old}`, {
      shipping_address: {
        first_name: 'Second',
        city: `old-${stamp}@example.org`,
        country_code: 'de',
      },
    })
    await age(old, 31)
    await age(young, 29)
    await age(touched, 80, 2)
    await age(ancient, 91, 2)
    await database.query(
      `UPDATE cart_address SET created_at = now() - interval '31 days' WHERE city = $1`,
      [`old-${stamp}@example.org`],
    )
    await database.query(
      `UPDATE customer SET updated_at = now() - interval '31 days' WHERE email LIKE $1`,
      [`%-${stamp}@example.org`],
    )
    const paid = await payableCart()
    await pay(paid.invoiceId)
    await eventually('the order', 60, async () => (await paymentStatus(paid.token)).order_number)
    await age(paid.cartId, 91)

    await runJob('delete-abandoned-carts')

    expect(await existing([old, young, touched, ancient, paid.cartId])).toEqual([
      false,
      true,
      true,
      false,
      true,
    ])
    for (const [table, column] of [
      ['cart_line_item', 'cart_id'],
      ['cart_payment_collection', 'cart_id'],
      ['order_page_link', 'cart_id'],
    ]) {
      const { rowCount } = await database.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [
        old,
      ])
      expect(rowCount, table).toBe(0)
    }
    const { rows: cities } = await database.query(
      'SELECT DISTINCT city FROM cart_address WHERE city LIKE $1 ORDER BY city',
      [`%-${stamp}@example.org`],
    )
    expect(cities.map(({ city }) => city)).toEqual([
      `touched-${stamp}@example.org`,
      `young-${stamp}@example.org`,
    ])
    const { rows: guests } = await database.query(
      'SELECT email FROM customer WHERE email LIKE $1 ORDER BY email',
      [`%-${stamp}@example.org`],
    )
    expect(guests.map(({ email }) => email)).toEqual([
      `touched-${stamp}@example.org`,
      `young-${stamp}@example.org`,
    ])
  })

  it('stay while an invoice of theirs has money or can get some, and go when it is over', async () => {
    const carts = await Promise.all(Array.from({ length: 5 }, () => payableCart()))
    // The first one stays open.
    const [, over, part, fresh, lost] = carts as [Payable, Payable, Payable, Payable, Payable]
    for (const each of [over, fresh]) await expire(each.invoiceId)
    await pay(part.invoiceId, 'lightning', '0.01')
    await expire(part.invoiceId)
    // What the ledger has as open is not asked for here: it stays.
    for (const { invoiceId } of [over, fresh])
      await eventually('the ledger knows', 90, async () => (await rowOf(invoiceId)) === 'ended')
    for (const { cartId } of carts) await age(cartId, 31)
    // An invoice that BTCPay does not know: nothing is known of its money.
    await database.query(
      `UPDATE payment_session SET data = jsonb_set(data, '{invoice_id}', '"elsewhere"')
       WHERE data->>'invoice_id' = $1`,
      [lost.invoiceId],
    )
    const remain = () => existing(carts.map(({ cartId }) => cartId))

    await processControl('btcpay', 'kill')
    try {
      endedLongAgo([over.invoiceId, part.invoiceId])
      await runJob('delete-abandoned-carts')
    } finally {
      await startBtcpay()
    }
    expect(await remain()).toEqual([true, true, true, true, true])

    await runJob('delete-abandoned-carts')
    expect(await remain()).toEqual([true, false, true, true, true])
    const { rowCount } = await database.query(
      `SELECT 1 FROM payment_session WHERE data->>'invoice_id' = $1`,
      [over.invoiceId],
    )
    expect(rowCount).toBe(0)
    // The ledger keeps the invoice and forgets who would have bought.
    const { rows: kept } = await database.query(
      'SELECT outcome, purchase FROM btcpay_invoice WHERE invoice_id = $1',
      [over.invoiceId],
    )
    expect(kept).toEqual([{ outcome: 'ended', purchase: null }])
  }, 600_000)

  it('have no rows in a table that the job does not know', async () => {
    const { rows } = await database.query(
      `SELECT table_name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'cart_id' ORDER BY table_name`,
    )
    expect(rows.map(({ table_name }) => table_name)).toEqual([
      // The ledger stays, and forgets who would have bought: see its own test.
      'btcpay_invoice',
      'cart_line_item',
      'cart_payment_collection',
      'cart_promotion',
      'cart_shipping_method',
      'credit_line',
      // Of an order: such a cart stays.
      'order_cart',
      'order_page_link',
    ])
  })
})
