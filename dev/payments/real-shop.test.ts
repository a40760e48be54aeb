import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IsLast, killedAt, listened } from './mortal.ts'
import { type Counter, cartWith, counterOf, type Goods, goodsFor } from './purchase.ts'
import { ofApp, RealShop } from './real-shop.ts'
import { whatIsWrong } from './reckoning.ts'
import { timePasses } from './time.ts'
import { happening, WholeSequence } from './whole-sequence.ts'

/** `npm run payments -- --kills`: at every word to PostgreSQL and BTCPay, and after it. */
const EVERYWHERE = process.env.RR_PAYMENTS_KILLS === '1'

/** `npm run payments -- --whole` plays more of them, and others each time; a failure prints its sequence. */
const runs = Number(process.env.RR_PAYMENTS_WHOLE_RUNS ?? 4)
const seed = Number(process.env.RR_PAYMENTS_SEED ?? 1)
const LONGEST = 8

const shop = new RealShop(Number(process.env.RR_PAYMENTS_PORT ?? 26_390))
let counter: Counter
let goods: Goods
/** Goods that shoppers take from each other. */
let few: Goods
beforeAll(async () => {
  await shop.start()
  counter = await counterOf(shop)
  goods = await goodsFor(shop, counter, 100_000)
  few = await goodsFor(shop, counter, 0)
})
afterAll(() => shop.stop())

type Begin = typeof import('../../app/src/workflows/order-page/begin-payment.ts')
type Page = typeof import('../../app/src/workflows/order-page/read-page.ts')
type Settle = typeof import('../../app/src/workflows/btcpay/settle.ts')

let shoppers = 0
function begin(cart: string) {
  const { beginPayment } = ofApp<Begin>('workflows/order-page/begin-payment')
  return beginPayment(shop.container, cart, undefined)
}

async function invoice() {
  const email = `shopper-${++shoppers}@example.org`
  const cart = await cartWith(shop, counter, goods, { quantity: 2, email })
  const begun = await begin(cart)
  if (begun.begun !== 'payment') throw new Error(`no payment was begun: ${JSON.stringify(begun)}`)
  const id = new URL(begun.payment.checkout_link).pathname.split('/').at(-1) ?? ''
  const { rows } = await shop.connection.raw<{ rows: { session_id: string }[] }>(
    'SELECT session_id FROM btcpay_invoice WHERE invoice_id = ?',
    [id],
  )
  const token = begun.payment.order_page
  return { cart, email, id, token, session: rows[0]?.session_id ?? '' }
}

const settle = (session: string) =>
  ofApp<Settle>('workflows/btcpay/settle').settlePayment(shop.container, session)

describe('the page of a payment', () => {
  const read = (token: string) =>
    ofApp<Page>('workflows/order-page/read-page').readPage(shop.container, token)

  it('says that it is there while somebody else is at its order', async () => {
    const { id, session, token } = await invoice()
    await shop.toStandIn(`invoices/${id}/pay`)
    const locking = shop.container.resolve('locking')
    const lock = `btcpay:${session}`
    await locking.acquire(lock, { ownerId: 'another-process' })
    try {
      const began = Date.now()
      expect(await read(token)).toMatchObject({ page: { status: 'paid', order_number: null } })
      expect(Date.now() - began).toBeLessThan(30_000)
    } finally {
      await locking.release(lock, { ownerId: 'another-process' })
    }
    await settle(session)
    // However long it took.
    await shop.connection.raw('UPDATE btcpay_invoice SET asked_at = now() WHERE session_id = ?', [
      session,
    ])
    const { result, spoken } = await listened(() => read(token))
    expect(result).toMatchObject({ page: { status: 'paid', order_number: expect.any(Number) } })
    // BTCPay has just said that it is settled.
    expect(spoken.filter((said) => said.startsWith('fetch'))).toEqual([])
  })
})

/** What is left of a settlement that was killed there, when everybody has looked again. */
async function killedOnce(
  isLast: IsLast,
  lastIsDone: boolean,
  meanwhile: (cart: string) => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const { cart, email, id, session } = await invoice()
  await shop.toStandIn(`invoices/${id}/pay`)
  const { wasKilled } = await killedAt(isLast, lastIsDone, () => settle(session))
  if (!wasKilled) return ['it was not killed']
  await meanwhile(cart)
  const bought = { emails: [email], carts: [cart], items: [goods.item] }
  await timePasses(shop, bought)
  return whatIsWrong(shop.connection, bought)
}

describe('an invoice', () => {
  it('is not made for goods that lie where the shop does not sell from', async () => {
    const elsewhere = await shop.container
      .resolve('stock_location')
      .createStockLocations({ name: 'Not linked to the sales channel' })
    const there = await goodsFor(shop, { ...counter, location: elsewhere.id }, 5)
    const cart = await cartWith(shop, counter, there, { quantity: 1, email: 'x@example.org' })
    expect(await begin(cart)).toMatchObject({ begun: false, reason: 'refused' })
  })
})

/** The link of an order without a cart to the payment of the cart that it is marked with. */
const LINK_OF_PAYMENT = `
  INSERT INTO order_payment_collection (id, order_id, payment_collection_id)
  SELECT 'ordpay_' || o.id, o.id, c.payment_collection_id
  FROM "order" o JOIN cart_payment_collection c ON c.cart_id = o.metadata->>'cart_id'
  WHERE c.cart_id = ? AND c.deleted_at IS NULL`

const LINKS_OF_NO_ORDER = `
  SELECT k.order_id FROM order_payment_collection k WHERE k.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM "order" o WHERE o.id = k.order_id AND o.deleted_at IS NULL)`

describe('a settlement that is killed becomes one whole order all the same', () => {
  it.each([
    ['before the order', 'insert into "order" '],
    ['between the order and its cart', 'insert into "order_cart"'],
    ['between the order and its payment collection', 'insert into "order_payment_collection"'],
    ['between the order and its goods', 'insert into "reservation_item"'],
    ['between the order and its payment', 'insert into "payment" '],
    ['between the order and its capture', 'insert into "capture"'],
    ['between the payment and the order’s sum', 'insert into "order_transaction"'],
    ['between the order and its line in the ledger', 'update "btcpay_invoice" set "outcome"'],
  ])('%s', async (_, said) => {
    expect(await killedOnce((text) => text.startsWith(said), false)).toEqual([])
  })

  it('between the order’s payment and its cart: both are linked at once, and either may be first', async () => {
    const linkPayment = async (cart: string) => {
      const { rowCount } = await shop.connection.raw<{ rowCount: number }>(LINK_OF_PAYMENT, [cart])
      expect(rowCount).toBe(1)
    }
    const isCarts: IsLast = (text) => text.startsWith('insert into "order_cart"')
    expect(await killedOnce(isCarts, false, linkPayment)).toEqual([])
    // And no payment is linked to an order that was taken back.
    const { rows } = await shop.connection.raw<{ rows: unknown[] }>(LINKS_OF_NO_ORDER)
    expect(rows).toEqual([])
  })

  it.runIf(EVERYWHERE)('wherever it stands', { timeout: 3_600_000 }, async () => {
    const whole = await invoice()
    await shop.toStandIn(`invoices/${whole.id}/pay`)
    const { spoken, result } = await listened(() => settle(whole.session))
    expect(result).toMatchObject({ found: true, payment: { status: 'paid' } })
    const wrong: string[] = []
    for (let last = 1; last <= spoken.length; last++) {
      for (const isDone of [false, true]) {
        const all = await killedOnce((_, nth) => nth === last, isDone)
        const where = `killed ${isDone ? 'after' : 'at'} ${last}, ${spoken[last - 1]?.slice(0, 60)}`
        wrong.push(...all.map((each) => `${where}: ${each}`))
      }
    }
    expect(wrong).toEqual([])
  })
})

describe(`${runs} random sequences against the whole app`, () => {
  it(`end with one order or a review of each payment (seed ${seed})`, {
    timeout: 600_000 + runs * 10_000,
  }, async () => {
    const began = Date.now()
    let played = 0
    const failures: string[] = []
    const sequence = fc.array(happening, { minLength: 2, maxLength: LONGEST, size: 'max' })
    const property = fc.asyncProperty(sequence, async (each) => {
      played += 1
      try {
        await new WholeSequence(shop, counter, few).play(each)
      } catch (error) {
        // The others are played all the same: they show how many faults there are.
        failures.push(`${(error as Error).message}\n${fc.stringify(each)}`)
        process.stderr.write(`sequence ${played}: ${failures.at(-1)}\n`)
      }
    })
    await fc.assert(property, { numRuns: runs, seed })
    const rate = (played / (Date.now() - began)) * 1_000
    process.stderr.write(`${played} sequences, ${rate.toFixed(1)} a second\n`)
    expect(failures).toEqual([])
  })
})
