import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sentBack, withoutClaimLink } from '../../app/src/modules/ledger/balance.ts'
import { Bookkeeping } from './bookkeeping.ts'

const books = new Bookkeeping(26_390)
beforeAll(() => books.start())
afterAll(() => books.stop())

const sql = (text: string) => books.database.sql(text)
let count = 0

/** A payment of 20 EUR of which so much came, and what the shop made of it. */
async function payment(
  paid: string,
  outcome: 'order' | 'review',
  reason: 'surplus' | 'late' | null,
) {
  const session = `payses_offers_${++count}`
  await books.ledger.begin({ id: session, amount: '20.00', currency: 'EUR' })
  const made = await books.btcpay.createInvoice({
    orderId: session,
    amount: '20.00',
    currency: 'EUR',
    redirectUrl: 'http://127.0.0.1/',
  })
  if (!made.ok) throw new Error(made.failure.message)
  const { id } = made.value
  if (reason === 'late') await books.toStandIn(`invoices/${id}/expire`)
  await books.toStandIn(`invoices/${id}/pay`, { method: 'lightning', amount: paid })
  await hear(session, id)
  await books.ledger.decide(
    session,
    { outcome, reason },
    outcome === 'order' ? `order_${count}` : null,
  )
  return { session, id }
}

async function hear(session: string, invoiceId: string): Promise<void> {
  const askedAt = new Date()
  const answer = await books.btcpay.getInvoice(invoiceId)
  if (!answer.ok) throw new Error(answer.failure.message)
  await books.ledger.answered(session, answer.value, askedAt)
}

/** A pull payment at BTCPay. */
async function pullPayment(invoiceId: string, amount: string) {
  const made = await books.btcpay.refund(invoiceId, `Refund ${++count}`, amount, 'EUR')
  if (!made.ok) throw new Error(made.failure.message)
  return { id: made.value.id, link: made.value.viewLink, amount }
}

/** Claims a part of a pull payment; it is paid out when `until` says `complete`. */
async function claim(pullPaymentId: string, amount: string, until: string[]): Promise<string> {
  const id = await books.claim(pullPaymentId, amount)
  for (const step of until) await books.toStandIn(`payouts/${id}/${step}`)
  return id
}
const COMPLETE = ['approve', 'complete']

/** As reconciliation looks an offer up. */
async function lookUp(pullPaymentId: string) {
  const askedAt = new Date()
  const answer = await books.btcpay.payouts(pullPaymentId)
  if (!answer.ok) throw new Error(answer.failure.message)
  const completed = answer.value
    .filter(({ state }) => state === 'Completed')
    .map(({ id, originalAmount }) => ({ id, amount: originalAmount }))
  return books.ledger.paidOut(pullPaymentId, completed, askedAt)
}

async function row(session: string) {
  const found = await books.ledger.bySession(session)
  if (!found) throw new Error('no row')
  return found
}

/** received, for_order, owed, refunded: what the entries add up to, and how many moved money out. */
function accounts(session: string) {
  const sums = sql(`SELECT account, trim_scale(sum(amount)) FROM btcpay_entry
    WHERE session_id = '${session}' GROUP BY account`)
  const by = new Map(sums.split('\n').map((line) => line.split('|') as [string, string]))
  return ['received', 'for_order', 'owed', 'refunded'].map((account) => by.get(account) ?? '0')
}
const moves = (session: string) =>
  sql(`SELECT count(*) FROM btcpay_entry WHERE session_id = '${session}' AND account = 'refunded'`)

describe('an offer of money that is owed', () => {
  it('is owed until its payouts are Completed: in parts, each once, and then the review ends', async () => {
    const { session, id } = await payment('20', 'review', 'late')
    const offer = await pullPayment(id, '20')
    await books.ledger.owedOffered(session, offer)
    expect(accounts(session)).toEqual(['20', '0', '20', '0'])
    const approved = await claim(offer.id, '5', ['approve'])
    await lookUp(offer.id)
    expect(accounts(session), 'approved is not sent').toEqual(['20', '0', '20', '0'])
    await claim(offer.id, '6', COMPLETE)
    await claim(offer.id, '1', ['approve', 'cancel'])
    // Two processes, twice.
    for (let look = 1; look <= 2; look++) await Promise.all([lookUp(offer.id), lookUp(offer.id)])
    expect(accounts(session)).toEqual(['20', '0', '14', '6'])
    expect(moves(session)).toBe('1')
    expect(await row(session)).toMatchObject({ outcome: 'review', reason: 'late' })
    expect(withoutClaimLink(await row(session)), 'the rest has its link').toBe('0')
    await claim(offer.id, '9', COMPLETE)
    await lookUp(offer.id)
    expect(await row(session)).toMatchObject({ outcome: 'review', refunded_amount: '15' })
    const [open] = JSON.parse(
      sql(`SELECT json_agg(o) FROM btcpay_offer o WHERE pull_payment_id = '${offer.id}'`),
    ) as { payouts: object; paid_amount: string; next_ask_at: string | null }[]
    expect(open).toMatchObject({ paid_amount: '15', next_ask_at: expect.any(String) })
    expect(Object.values(open?.payouts ?? {}).sort()).toEqual(['6', '9'])
    // The claim that was only approved is sent at last.
    await books.toStandIn(`payouts/${approved}/complete`)
    await lookUp(offer.id)
    expect(accounts(session)).toEqual(['20', '0', '0', '20'])
    expect(await row(session)).toMatchObject({ outcome: 'refunded', reason: null })
    expect(
      sql(`SELECT next_ask_at IS NULL FROM btcpay_offer WHERE pull_payment_id = '${offer.id}'`),
      'nobody looks any more',
    ).toBe('t')
  })

  it('of a surplus ends it, and what comes afterwards is offered by itself', async () => {
    const { session, id } = await payment('22.5', 'order', 'surplus')
    const offer = await pullPayment(id, '2.5')
    await books.ledger.owedOffered(session, offer)
    await claim(offer.id, '2.5', COMPLETE)
    await lookUp(offer.id)
    expect(await row(session)).toMatchObject({ outcome: 'order', reason: null })
    expect(accounts(session)).toEqual(['22.5', '20', '0', '2.5'])
    expect(withoutClaimLink(await row(session))).toBe('0')
    await books.toStandIn(`invoices/${id}/pay`, { method: 'lightning', amount: '1' })
    await hear(session, id)
    expect(withoutClaimLink(await row(session))).toBe('1')
    expect(accounts(session)).toEqual(['23.5', '20', '1', '2.5'])
  })

  it('is not counted a second time when the owner has said that the money was sent', async () => {
    const { session, id } = await payment('20', 'review', 'late')
    const offer = await pullPayment(id, '20')
    await books.ledger.owedOffered(session, offer)
    expect(await books.ledger.refunded(session, 'owner')).toBe(true)
    await claim(offer.id, '20', COMPLETE)
    await lookUp(offer.id)
    expect(accounts(session)).toEqual(['20', '0', '0', '20'])
    // More that comes then is owed anew, all of it without a link.
    await books.toStandIn(`invoices/${id}/pay`, { method: 'lightning', amount: '3' })
    await hear(session, id)
    await books.ledger.decide(session, { outcome: 'review', reason: 'late' }, null)
    expect(withoutClaimLink(await row(session))).toBe('3')
  })

  it('may be a surplus that the owner has sent by other means', async () => {
    const { session } = await payment('25', 'order', 'surplus')
    expect(await books.ledger.refunded(session, 'owner')).toBe(true)
    expect(await row(session)).toMatchObject({
      outcome: 'order',
      reason: null,
      refunded_amount: '5',
    })
    expect(accounts(session)).toEqual(['25', '20', '0', '5'])
    expect(await books.ledger.refunded(session, 'owner'), 'once').toBe(false)
  })
})

describe('a refund of an order', () => {
  it('is owed until it is paid out, and takes nothing from a surplus', async () => {
    const { session, id } = await payment('22', 'order', 'surplus')
    const offer = await pullPayment(id, '5')
    await books.ledger.offered(session, '5', offer.id)
    expect(accounts(session)).toEqual(['22', '15', '7', '0'])
    await claim(offer.id, '5', COMPLETE)
    await lookUp(offer.id)
    expect(accounts(session)).toEqual(['22', '15', '2', '5'])
    expect(await row(session)).toMatchObject({ reason: 'surplus' })
    expect(withoutClaimLink(await row(session))).toBe('2')
    expect(sentBack(await row(session))).toBe('5')
  })
})

describe('offers of the release before', () => {
  it('are taken in from rows and payments, once', async () => {
    const late = await payment('20', 'review', 'late')
    const done = await payment('20', 'review', 'late')
    const order = await payment('20', 'order', null)
    const [one, two, three] = [
      await pullPayment(late.id, '20'),
      await pullPayment(done.id, '20'),
      await pullPayment(order.id, '20'),
    ]
    await books.ledger.owedOffered(late.session, one)
    await books.ledger.owedOffered(done.session, two)
    await books.ledger.offered(order.session, '20', three.id)
    // As that release leaves it.
    sql(`DELETE FROM btcpay_offer WHERE pull_payment_id IN ('${one.id}', '${two.id}', '${three.id}');
      UPDATE btcpay_invoice SET outcome = 'refunded', reason = NULL, refunded_amount = '20' WHERE session_id = '${done.session}';
      INSERT INTO payment_collection (id, currency_code, amount, raw_amount, status) VALUES ('pc', 'eur', 20, '{}', 'completed');
      INSERT INTO payment_session (id, currency_code, amount, raw_amount, provider_id, payment_collection_id) VALUES ('${order.session}', 'eur', 20, '{}', 'pp_btcpay_btcpay', 'pc');
      INSERT INTO payment (id, currency_code, amount, raw_amount, provider_id, payment_collection_id, payment_session_id, data) VALUES ('pay', 'eur', 20, '{}', 'pp_btcpay_btcpay', 'pc', '${order.session}', '{"refunds": {"ref_1": {"id": "${three.id}", "claim_link": "x"}}}');
      INSERT INTO refund (id, payment_id, amount, raw_amount) VALUES ('ref_1', 'pay', 19.9961, '{}')`)
    for (let run = 1; run <= 2; run++) await books.ledger.adoptOffers()
    const offers = sql(`SELECT kind, amount, counted_amount, next_ask_at <= now() FROM btcpay_offer
      WHERE pull_payment_id IN ('${one.id}', '${two.id}', '${three.id}') ORDER BY kind, counted_amount`)
    expect(offers.split('\n')).toEqual(['owed|20|0|t', 'owed|20|20|t', 'refund|20|0|t'])
    for (const { id } of [one, two, three]) {
      await claim(id, '20', COMPLETE)
      await lookUp(id)
    }
    for (const { session } of [late, done, order])
      expect(Number(sentBack(await row(session)))).toBe(20)
    expect(await row(late.session)).toMatchObject({ outcome: 'refunded' })
  })
})
