import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { NotCompared } from '../../app/src/ledger-check/at-btcpay.ts'
import { checkLedger } from '../../app/src/ledger-check/check-ledger.ts'
import { DISAGREEMENTS, type Kind, lineOf } from '../../app/src/ledger-check/disagreement.ts'
import { judge } from '../../app/src/modules/ledger/outcome.ts'
import { ROOT } from '../shop/settings.ts'
import { Bookkeeping } from './bookkeeping.ts'

const OWNER = 'owner@example.org'
const SHOPPER = 'ada@example.org'
const books = new Bookkeeping(26_380)
beforeAll(() => books.start())
afterAll(() => books.stop())
/** Invoices that are not archived yet. */
const made = new Set<string>()
beforeEach(async () => {
  for (const id of made) await books.archive(id)
  made.clear()
  books.database.sql(
    'TRUNCATE btcpay_invoice, btcpay_entry, btcpay_offer, btcpay_check, payment, payment_session, payment_collection, capture, cart_payment_collection, order_cart, mail_message, "order" CASCADE',
  )
})

const short = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 12)
const sql = (text: string) => books.database.sql(text)
const asPaid = (invoiceId: string, amount?: string) =>
  books.toStandIn(`invoices/${invoiceId}/pay`, {
    method: 'lightning',
    ...(amount ? { amount } : {}),
  })

/** As the shop's settlement: asks BTCPay, writes it down, judges it; an order is there already. */
async function settle(sessionId: string): Promise<void> {
  const row = await books.ledger.bySession(sessionId)
  if (!row?.invoice_id) return
  const askedAt = new Date()
  const answer = await books.btcpay.getInvoice(row.invoice_id)
  if (!answer.ok) throw new Error(answer.failure.message)
  const after = await books.ledger.answered(sessionId, answer.value, askedAt)
  if (!after) return
  const verdict = judge({
    state: after.state,
    additionalState: after.additional_state,
    amount: after.amount,
    paid: after.paid_amount,
    refunded: after.refunded_amount,
    hasOrder: after.order_id !== null,
    hasCart: true,
    cartHasOtherOrder: false,
    replaced: false,
    mismatch: false,
    obstacle: undefined,
  })
  await books.ledger.decide(sessionId, verdict, after.order_id)
}

/** An invoice at BTCPay alone. */
async function atBtcpay(orderId: string): Promise<string> {
  const answer = await books.btcpay.createInvoice({
    orderId,
    amount: '20.00',
    currency: 'EUR',
    redirectUrl: 'http://127.0.0.1/',
  })
  if (!answer.ok) throw new Error(answer.failure.message)
  made.add(answer.value.id)
  return answer.value.id
}

let count = 0
/** An invoice at BTCPay and in the ledger, made an hour ago. */
async function invoice() {
  const session = `payses_${Date.now()}_${++count}`
  await books.ledger.begin({ id: session, amount: '20.00', currency: 'EUR' })
  const id = await atBtcpay(session)
  sql(`UPDATE btcpay_invoice SET invoice_id = '${id}' WHERE session_id = '${session}'`)
  await settle(session)
  sql(`UPDATE btcpay_invoice SET created_at = now() - interval '1 hour', cart_id = 'cart${count}',
    purchase = '{"email": "${SHOPPER}"}' WHERE session_id = '${session}'`)
  return { session, invoice: id, n: count }
}

/** A paid invoice with all that follows from it: order, captured payment, mails. */
async function purchase() {
  const made = await invoice()
  const { session, n } = made
  const number = 1000 + n
  await asPaid(made.invoice)
  await settle(session)
  sql(`
    INSERT INTO "order" (id, display_id, currency_code, email, created_at) VALUES ('order${n}', ${number}, 'eur', '${SHOPPER}', now() - interval '1 hour');
    INSERT INTO order_cart (id, order_id, cart_id) VALUES ('oc${n}', 'order${n}', 'cart${n}');
    INSERT INTO payment_collection (id, currency_code, amount, raw_amount, status) VALUES ('pc${n}', 'eur', 20, '{}', 'completed');
    INSERT INTO cart_payment_collection (id, cart_id, payment_collection_id) VALUES ('k${n}', 'cart${n}', 'pc${n}');
    INSERT INTO payment_session (id, currency_code, amount, raw_amount, provider_id, payment_collection_id) VALUES ('${session}', 'eur', 20, '{}', 'pp_btcpay_btcpay', 'pc${n}');
    INSERT INTO payment (id, currency_code, amount, raw_amount, provider_id, payment_collection_id, payment_session_id) VALUES ('pay${n}', 'eur', 20, '{}', 'pp_btcpay_btcpay', 'pc${n}', '${session}');
    INSERT INTO capture (id, payment_id, amount, raw_amount) VALUES ('cap${n}', 'pay${n}', 19.9961, '{}')`)
  await books.ledger.decide(session, { outcome: 'order', reason: null }, `order${n}`)
  sql(
    `UPDATE btcpay_invoice SET decided_at = now() - interval '1 hour' WHERE session_id = '${session}'`,
  )
  mailed(`order-placed:order${n}`)
  mailed(`owner-order:order${n}`)
  return { ...made, order: `order${n}`, reference: `#${number}` }
}

function mailed(key: string): void {
  sql(`INSERT INTO mail_message (id, key, kind, recipient, subject, next_attempt_at)
    VALUES ('mail${++count}', '${key}', 'x', 'x', 'x', now())`)
}

/** An invoice that was paid late, decided an hour ago; its mails are not written. */
async function review() {
  const made = await invoice()
  await books.toStandIn(`invoices/${made.invoice}/expire`)
  await asPaid(made.invoice)
  await settle(made.session)
  sql(
    `UPDATE btcpay_invoice SET decided_at = now() - interval '1 hour' WHERE session_id = '${made.session}'`,
  )
  return made
}

const check = () =>
  checkLedger({ connection: books.connection, btcpay: books.btcpay, settle }, { owner: OWNER })
async function disagreements(): Promise<string[]> {
  return (await check()).disagreements.map(({ kind, reference }) => `${kind} ${reference}`)
}

/** Kinds that these tests have made. */
const seen = new Set<string>()
async function disagrees(kind: Kind, id: string): Promise<void> {
  seen.add(kind)
  expect(await disagreements()).toContain(`${kind} ${id.startsWith('#') ? id : short(id)}`)
}

describe('the check of the ledger', () => {
  it('finds nothing in a shop that agrees with itself, and counts', async () => {
    await purchase()
    await invoice()
    const late = await review()
    mailed(`owner-review:${late.session}:late`)
    mailed(`payment-review:${late.session}:late`)
    expect(await check()).toEqual({ invoices: 3, orders: 1, disagreements: [] })
    expect(sql('SELECT invoices, orders, disagreements, lines FROM btcpay_check')).toBe('3|1|0|[]')
  })

  it('asks anew about what BTCPay has otherwise, and says nothing of news that was on its way', async () => {
    const { session, invoice: id } = await invoice()
    await books.toStandIn(`invoices/${id}/expire`)
    expect(await disagreements()).toEqual([])
    expect((await books.ledger.bySession(session))?.state).toBe('Expired')
  })

  it('sees an invoice that the ledger lacks, but not one that is not the shop’s', async () => {
    const { session, invoice: id } = await invoice()
    await atBtcpay('by-hand')
    expect(await disagreements()).toEqual([])
    sql(`DELETE FROM btcpay_invoice WHERE session_id = '${session}'`)
    await disagrees('not-in-ledger', id)
  })

  it('sees an invoice that BTCPay does not have, but not one that is only archived there', async () => {
    const { session, invoice: id } = await invoice()
    await books.archive(id)
    expect(await disagreements()).toEqual([])
    sql(`UPDATE btcpay_invoice SET invoice_id = 'gone' WHERE session_id = '${session}'`)
    await disagrees('not-at-btcpay', session)
  })

  it('sees two invoices for one payment', async () => {
    const { session } = await invoice()
    await disagrees('other-invoice', await atBtcpay(session))
  })

  it.each<[Kind, string]>([
    ['other-state', `state = 'New'`],
    ['other-money', `paid_amount = '19.99'`],
    ['other-amount', `amount = '19.99'`],
    ['undecided', `outcome = 'open', order_id = NULL`],
    ['no-order', `order_id = 'order_of_nobody'`],
  ])('sees %s', async (kind, change) => {
    const { session } = await purchase()
    // As if an answer that is still to come were known: what BTCPay says now is older.
    sql(
      `UPDATE btcpay_invoice SET ${change}, asked_at = now() + interval '1 hour' WHERE session_id = '${session}'`,
    )
    const entriesStay = `ALTER TABLE btcpay_entry DISABLE TRIGGER USER;
      UPDATE btcpay_entry SET created_at = now() - interval '1 hour';
      ALTER TABLE btcpay_entry ENABLE TRIGGER USER`
    if (kind === 'undecided') sql(entriesStay)
    await disagrees(kind, session)
  })

  it('sees a payment that stands for another order than its cart’s, and a cart with two orders', async () => {
    const [one, other] = [await purchase(), await purchase()]
    sql(`UPDATE btcpay_invoice SET order_id = '${other.order}' WHERE session_id = '${one.session}'`)
    await disagrees('other-order', one.session)
    await disagrees('paid-twice', other.reference)
    sql(
      `INSERT INTO order_cart (id, order_id, cart_id) VALUES ('more', '${other.order}', 'cart${one.n}')`,
    )
    await disagrees('two-orders', one.session)
  })

  it('does not take a surplus, or a second payment under review, for an order that is paid twice', async () => {
    const order = await purchase()
    await asPaid(order.invoice, '5.00')
    mailed(`owner-review:${order.session}:surplus`)
    const second = await invoice()
    await asPaid(second.invoice)
    await settle(second.session)
    await books.ledger.decide(second.session, { outcome: 'review', reason: 'second-payment' }, null)
    expect(await disagreements()).toEqual([])
  })

  it('sees an order without its captured payment, or with one of another amount', async () => {
    const { session, n } = await purchase()
    sql(`UPDATE capture SET amount = 19.99 WHERE id = 'cap${n}'`)
    await disagrees('no-capture', session)
    sql(`UPDATE capture SET deleted_at = now() WHERE id = 'cap${n}'`)
    await disagrees('no-capture', session)
  })

  it('sees an order whose invoice the ledger does not know', async () => {
    const { session, reference } = await purchase()
    sql(`DELETE FROM btcpay_invoice WHERE session_id = '${session}'`)
    await disagrees('not-paid-for', reference)
  })

  it('sees entries that do not balance, and entries of another sum', async () => {
    const { session } = await purchase()
    sql(`ALTER TABLE btcpay_entry DISABLE TRIGGER USER;
      UPDATE btcpay_entry SET amount = 19 WHERE session_id = '${session}' AND account = 'received';
      ALTER TABLE btcpay_entry ENABLE TRIGGER USER`)
    await disagrees('unbalanced', session)
    await disagrees('entries-differ', session)
  })

  it('sees a refund that differs from its payouts, and one of which nothing is known', async () => {
    const { session } = await review()
    await books.ledger.owedOffered(session, { id: 'pull', link: 'http://btcpay/', amount: '5' })
    sql(`UPDATE btcpay_offer SET counted_amount = '5', paid_amount = '5'`)
    await disagrees('refunded-differs', session)
    sql(
      `UPDATE btcpay_offer SET counted_amount = '0', paid_amount = '0', created_at = now() - interval '3 days'`,
    )
    await disagrees('payouts-unknown', session)
    // One that is too old to be followed is not looked up any more.
    sql('UPDATE btcpay_offer SET next_ask_at = NULL')
    const kinds = (await disagreements()).map((each) => each.split(' ')[0])
    expect(kinds).not.toContain('payouts-unknown')
    expect(kinds).not.toContain('refunded-differs')
  })

  it('sees a review of which the owner, or the shopper, was told nothing', async () => {
    const { session } = await review()
    await disagrees('review-not-mailed', session)
    mailed(`owner-review:${session}:late`)
    await disagrees('review-not-mailed', session)
    mailed(`payment-review:${session}:late`)
    expect(await disagreements()).toEqual([])
  })

  it('sees an order without its mails, unless its shopper has no address', async () => {
    const { order, reference } = await purchase()
    sql(`DELETE FROM mail_message WHERE key = 'owner-order:${order}'`)
    await disagrees('order-not-mailed', reference)
    mailed(`owner-order:${order}`)
    sql(`DELETE FROM mail_message WHERE key = 'order-placed:${order}'`)
    await disagrees('order-not-mailed', reference)
    sql(`UPDATE "order" SET email = NULL WHERE id = '${order}'`)
    expect(await disagreements()).toEqual([])
  })

  it('keeps no result when BTCPay gives no answer', async () => {
    await books.toStandIn('permissions', { forbidden: true })
    await expect(check()).rejects.toThrow(NotCompared)
    await books.toStandIn('permissions', { forbidden: false })
    expect(sql('SELECT count(*) FROM btcpay_check')).toBe('0')
  })

  it('is shown to see every kind by these tests, each in one line', () => {
    expect([...seen].sort()).toEqual(Object.keys(DISAGREEMENTS).sort())
    for (const kind of Object.keys(DISAGREEMENTS) as Kind[])
      expect(lineOf({ kind, reference: '0123456789ab' })).toMatch(
        /^0123456789ab: .{20,80} \([a-z-]+\)$/,
      )
  })

  it('has every kind in docs/payments.md, with what to do', () => {
    const docs = readFileSync(join(ROOT, 'docs/payments.md'), 'utf8')
    for (const kind of Object.keys(DISAGREEMENTS))
      expect(docs, kind).toMatch(
        new RegExp(`^\\| [^|]*\`${kind}\`[^|]*\\|[^|]{15,}\\|[^|]{15,}\\|$`, 'm'),
      )
  })
})
