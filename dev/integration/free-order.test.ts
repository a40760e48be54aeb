import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BegunPayment, invoiceOf } from './begin-payment.ts'
import { pay, sessionOf } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { mailsAbout } from './mails.ts'
import { endPromotions, freeOfCharge } from './promotions.ts'
import { admin, askStore, shop, store } from './shop.ts'
import { orders, payableCart, paymentStatus, plentifulVariant, region } from './shopper.ts'

type Answer = { payment: BegunPayment } | { order: { order_page: string } }

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
let codes: string[]

beforeAll(async () => {
  await database.connect()
  codes = await freeOfCharge('FREE')
})
afterAll(() => database.end())

/** Applies both codes to a cart that has a waiting invoice; gives what is left to pay. */
async function takeEverythingOff(cartId: string): Promise<number> {
  return (await store<{ cart: { total: number } }>(`/carts/${cartId}`, { promo_codes: codes })).cart
    .total
}

const begin = (cartId: string) => store<Answer>(`/carts/${cartId}/payment`, {})

function pageOf(answer: Answer): string {
  if (!('order' in answer)) throw new Error('a payment was begun')
  return answer.order.order_page
}

const rowsOf = async (sql: string, value: string) => (await database.query(sql, [value])).rows

/** The page of an order for which nothing was to be paid. */
const PAGE = {
  status: 'placed',
  order_number: expect.any(Number),
  reference: null,
  amount: '0',
  paid_amount: '0',
  checkout_link: null,
}

it('is placed once without an invoice, however often it is asked for, and confirmed once', async () => {
  const cart = await payableCart()
  expect(await takeEverythingOff(cart.cartId)).toBeCloseTo(0, 9)
  const before = (await orders()).length
  const answers = await Promise.all([1, 2, 3].map(() => begin(cart.cartId)))
  answers.push(await begin(cart.cartId))
  expect(answers.map(pageOf)).toEqual(answers.map(() => cart.token))

  const page = await paymentStatus(cart.token)
  expect(page).toMatchObject(PAGE)
  expect(page.lines.map(({ total }) => Math.abs(Number(total)).toFixed(2))).toEqual(['0.00'])
  const all = await orders()
  expect(all.length).toBe(before + 1)
  // As the admin shows an order that is paid; no payment stands behind it.
  expect(all[0]).toMatchObject({
    display_id: page.order_number,
    total: 0,
    payment_status: 'captured',
  })
  expect(
    await rowsOf(
      `SELECT p.id FROM payment p JOIN cart_payment_collection k USING (payment_collection_id) WHERE k.cart_id = $1`,
      cart.cartId,
    ),
  ).toEqual([])
  // What the host's watch asks (nixos/watch/checks/money).
  expect(
    await rowsOf(
      `SELECT round((totals->>'original_order_total')::numeric, 3)::text AS total FROM order_summary WHERE order_id = $1 AND version = 1`,
      all[0]?.id ?? '',
    ),
  ).toEqual([{ total: '0.000' }])
  const change = await askStore('POST', `/carts/${cart.cartId}`, { email: 'eve@example.org' })
  expect(change.status).toBe(409)

  const mails = await eventually('the confirmation', 60, async () => {
    const mine = await mailsAbout(cart.token)
    return mine.length > 0 && mine
  })
  expect(mails).toHaveLength(1)
  expect(mails[0]?.text).toMatch(/^Total +€0\.00$/m)
  expect(mails[0]?.text).not.toMatch(/bitcoin|payment|paid/i)
  const keys = await rowsOf(
    `SELECT key FROM mail_message WHERE key LIKE '%' || $1`,
    all[0]?.id ?? '',
  )
  expect(keys.map(({ key }) => key.split(':')[0]).sort()).toEqual(['order-placed', 'owner-order'])
})

it('that the admin cancels says so, and speaks of no refund', async () => {
  const cart = await payableCart()
  await takeEverythingOff(cart.cartId)
  await begin(cart.cartId)
  const { order_number } = await paymentStatus(cart.token)
  const order = (await orders()).find(({ display_id }) => display_id === order_number)
  await admin(`/orders/${order?.id}/cancel`, {})
  expect(await paymentStatus(cart.token)).toMatchObject({ ...PAGE, status: 'cancelled' })
})

it.each([
  ['that the discount has taken back', false],
  // As a process leaves it that is killed while the discount is written.
  ['that is still the cart’s', true],
])('keeps money that comes for an earlier invoice %s: a person looks at it', async (_, stays) => {
  const cart = await payableCart()
  const session = sessionOf(cart.invoiceId)
  const [row] = await rowsOf(
    'SELECT to_jsonb(s) AS whole FROM payment_session s WHERE id = $1',
    session,
  )
  await takeEverythingOff(cart.cartId)
  if (stays) {
    const whole = JSON.stringify(row?.whole)
    await rowsOf(
      'INSERT INTO payment_session SELECT * FROM jsonb_populate_record(NULL::payment_session, $1)',
      whole,
    )
  }
  await begin(cart.cartId)
  await pay(cart.invoiceId, 'onchain')
  await eventually('the review', 60, async () => {
    const [row] = await rowsOf(
      'SELECT outcome, reason, order_id FROM btcpay_invoice WHERE cart_id = $1',
      cart.cartId,
    )
    return row?.outcome === 'review' && row.reason === 'replaced' && row.order_id === null
  })
  expect(await paymentStatus(cart.token)).toMatchObject(PAGE)
})

it('is not placed while a payment is under way', async () => {
  const cart = await payableCart()
  await pay(cart.invoiceId, 'onchain')
  const refused = await askStore('POST', `/carts/${cart.cartId}`, { promo_codes: codes })
  expect(refused.status).toBe(409)
  expect(await begin(cart.cartId)).toMatchObject({ payment: { under_way: true } })
})

it('is not placed for what cannot be ordered', async () => {
  const { id: region_id } = await region('eur')
  const variant = await plentifulVariant(region_id)
  const { cart } = await store<{ cart: { id: string } }>('/carts', {
    region_id,
    email: 'ada@example.org',
    items: [{ variant_id: variant.id, quantity: 1 }],
    shipping_address: { first_name: 'Ada', last_name: 'Lovelace', country_code: 'de' },
  })
  expect(await takeEverythingOff(cart.id)).toBeCloseTo(0, 9)
  const refused = await askStore('POST', `/carts/${cart.id}/payment`, {})
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('Please choose a delivery method first.')
})

it('is paid for as any other when the promotion has ended in between', async () => {
  const cart = await payableCart()
  expect(await takeEverythingOff(cart.cartId)).toBeCloseTo(0, 9)
  await endPromotions('FREE')
  const answer = await begin(cart.cartId)
  if (!('payment' in answer)) throw new Error('an order was placed')
  const { amount } = await paymentStatus(answer.payment.order_page)
  expect(Number(amount)).toBeGreaterThan(0)
  expect(invoiceOf(answer.payment.checkout_link)).not.toBe(cart.invoiceId)
  expect(shop.btcpay).toBe(new URL(answer.payment.checkout_link).origin)
})
