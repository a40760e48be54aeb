import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  claim,
  confirm,
  expire,
  loseNextRefund,
  mark,
  pay,
  payOut,
  refundsAtBtcpay,
} from './btcpay.ts'
import { eventually } from './eventually.ts'
import { mailsAbout } from './mails.ts'
import { admin, shop } from './shop.ts'
import { type PayableCart, payableCart, paymentStatus } from './shopper.ts'

interface Listed {
  bitcoin_payments: {
    reference: string
    invoice_link: string
    outcome: string
    reason: string | null
    paid_amount: string
    owed_amount: string
    offered_amount: string
    sent_amount: string
    email: string | null
    order_number: number | null
  }[]
  count: number
}

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())

const list = (query: string) => admin<Listed>(`/bitcoin-payments?${query}`)

/** A cart whose invoice was paid after its end. */
async function paidLate(): Promise<PayableCart> {
  const cart = await payableCart()
  await expire(cart.invoiceId)
  await pay(cart.invoiceId, 'onchain')
  await eventually('a review', 60, async () => {
    return (await paymentStatus(cart.token)).status === 'review'
  })
  return cart
}

describe('the list of Bitcoin payments', () => {
  it('finds a payment by reference, invoice, e-mail and order number', async () => {
    const cart = await payableCart()
    await pay(cart.invoiceId)
    const number = await eventually('the order', 60, async () => {
      return (await paymentStatus(cart.token)).order_number ?? undefined
    })
    for (const q of [cart.reference, cart.invoiceId, `#${number}`]) {
      const { bitcoin_payments, count } = await list(`q=${encodeURIComponent(q)}`)
      expect(count, q).toBe(1)
      expect(bitcoin_payments[0], q).toMatchObject({
        reference: cart.reference,
        outcome: 'order',
        reason: null,
        email: 'ada@example.org',
        order_number: number,
        invoice_link: `${shop.btcpay}/invoices/${cart.invoiceId}`,
      })
    }
    expect((await list('q=ADA@example.org&limit=1')).count).toBeGreaterThan(0)
    expect((await list('q=nobody@example.org')).bitcoin_payments).toEqual([])
  })

  it.each(['outcome=lost', 'limit=0', 'limit=101', 'offset=-1', 'q=', 'limit=x'])(
    'refuses %s in words',
    async (query) => {
      await expect(list(query)).rejects.toThrow(/400 .*invalid_data/)
    },
  )

  it('is for admins alone', async () => {
    for (const path of [
      '',
      '/0123456789ab/check',
      '/0123456789ab/offer',
      '/0123456789ab/refunded',
    ]) {
      const answer = await fetch(`${shop.api}/admin/bitcoin-payments${path}`, {
        method: path ? 'POST' : 'GET',
      })
      expect(answer.status, path).toBe(401)
    }
  })
})

describe('a review', () => {
  it('ends when its owner says that the money was sent back, and its page says so', async () => {
    const cart = await paidLate()
    const { bitcoin_payments } = await list(`outcome=review&q=${cart.reference}`)
    expect(bitcoin_payments).toMatchObject([{ reason: 'late', order_number: null }])
    // Twice: the second press finds it done.
    for (let press = 1; press <= 2; press++)
      await admin(`/bitcoin-payments/${cart.reference}/refunded`, {})
    expect(await paymentStatus(cart.token)).toMatchObject({
      status: 'refunded',
      review_reason: null,
    })
    expect((await list(`q=${cart.reference}`)).bitcoin_payments[0]?.outcome).toBe('refunded')
  })

  it('is not ended for a payment that is not under review', async () => {
    const cart = await payableCart()
    await expect(admin(`/bitcoin-payments/${cart.reference}/refunded`, {})).rejects.toThrow(/409/)
    await expect(admin('/bitcoin-payments/000000000000/refunded', {})).rejects.toThrow(/404/)
  })

  it('is asked for anew by a press, which says how it stands', async () => {
    const cart = await paidLate()
    const { payment } = await admin<{ payment: object }>(
      `/bitcoin-payments/${cart.reference}/check`,
      {},
    )
    expect(payment).toEqual({
      status: 'review',
      reason: 'late',
      order_id: null,
      order_number: null,
    })
    await expect(admin('/bitcoin-payments/000000000000/check', {})).rejects.toThrow(/404/)
  })
})

interface Offers {
  offers: { amount: string; link: string }[]
}

const offer = (reference: string) => admin<Offers>(`/bitcoin-payments/${reference}/offer`, {})

describe('money that no order stands for', () => {
  it('is offered back by a press: a surplus, once, to the cent, by mail, and the page says so', async () => {
    const cart = await payableCart()
    const { amount } = await paymentStatus(cart.token)
    await pay(cart.invoiceId, 'lightning', (Number(amount) + 2.5).toFixed(2))
    await eventually('the order', 60, async () => (await paymentStatus(cart.token)).order_number)
    const first = await offer(cart.reference)
    expect(first.offers).toEqual([{ amount: '2.5', link: expect.stringContaining('http') }])
    // Pressed again, it is the same one.
    expect(await offer(cart.reference)).toEqual(first)
    expect(refundsAtBtcpay(cart.invoiceId).map((refund) => refund.amount)).toEqual(['2.5'])
    const link = first.offers[0]?.link ?? ''
    const [mail] = await eventually('the mail', 60, async () => {
      const mails = await mailsAbout(link)
      return mails.length > 0 && mails
    })
    expect(mail).toMatchObject({ to: ['ada@example.org'] })
    const { rows } = await database.query<{ n: string }>(
      "SELECT count(*) AS n FROM mail_message WHERE kind = 'refund-ready' AND strpos(key, $1) > 0",
      [link.split('/').at(-1)],
    )
    expect(Number(rows[0]?.n)).toBe(1)
    expect(await paymentStatus(cart.token)).toMatchObject({ status: 'paid', offered_amount: '2.5' })
    expect((await list(`q=${cart.reference}`)).bitcoin_payments[0]).toMatchObject({
      owed_amount: '0',
      offered_amount: '2.5',
    })
    // Claimed is not paid; paid out, it is found by the timer and told as sent, and is a surplus no longer.
    const payout = await claim(link.split('/').at(-1) ?? '', '2.5')
    const due = () =>
      database.query(
        'UPDATE btcpay_offer SET next_ask_at = now() WHERE strpos($1, pull_payment_id) > 0',
        [link],
      )
    await admin(`/bitcoin-payments/${cart.reference}/check`, {})
    expect(await paymentStatus(cart.token)).toMatchObject({
      offered_amount: '2.5',
      sent_amount: '0',
    })
    await payOut(payout)
    await due()
    await eventually('the payout', 60, async () => {
      return (await paymentStatus(cart.token)).sent_amount === '2.5'
    })
    expect(await paymentStatus(cart.token)).toMatchObject({ status: 'paid', offered_amount: '0' })
    expect((await list(`q=${cart.reference}`)).bitcoin_payments[0]).toMatchObject({
      outcome: 'order',
      reason: null,
      owed_amount: '0',
      offered_amount: '0',
      sent_amount: '2.5',
    })
  })

  it('is refunded, and its review over, once all of its claim link is paid out', async () => {
    const cart = await paidLate()
    await confirm(cart.invoiceId)
    const { offers } = await offer(cart.reference)
    const pull = offers[0]?.link.split('/').at(-1) ?? ''
    const check = () => admin(`/bitcoin-payments/${cart.reference}/check`, {})
    await payOut(await claim(pull, '1'))
    await check()
    expect(await paymentStatus(cart.token)).toMatchObject({ status: 'review', sent_amount: '1' })
    const { amount } = await paymentStatus(cart.token)
    await payOut(await claim(pull, (Number(amount) - 1).toFixed(2)))
    await check()
    await check()
    expect(await paymentStatus(cart.token)).toMatchObject({
      status: 'refunded',
      offered_amount: '0',
      order_number: null,
    })
    const { rows } = await database.query<{ account: string; sum: string }>(
      `SELECT e.account, trim_scale(sum(e.amount)) AS sum FROM btcpay_entry e
       JOIN btcpay_invoice i USING (session_id) WHERE i.invoice_id = $1 GROUP BY e.account`,
      [cart.invoiceId],
    )
    const sums = Object.fromEntries(rows.map(({ account, sum }) => [account, Number(sum)]))
    expect(sums).toMatchObject({ owed: 0, refunded: Number(amount), received: Number(amount) })
  })

  it('is offered once although BTCPay’s answer was lost, and becomes no order afterwards', async () => {
    const cart = await paidLate()
    await expect(offer(cart.reference)).rejects.toThrow(/409 .*not confirmed all/)
    await confirm(cart.invoiceId)
    await loseNextRefund()
    await expect(offer(cart.reference)).rejects.toThrow(/503 .*looked up, and not made twice/)
    // The owner marks it as settled all the same: the goods are not given away beside the money, neither while
    // BTCPay has not said whether there is a link, nor afterwards.
    await mark(cart.invoiceId, 'Settled')
    const check = () => admin(`/bitcoin-payments/${cart.reference}/check`, {})
    await check()
    const { amount, order_number } = await paymentStatus(cart.token)
    expect(order_number).toBeNull()
    const { offers } = await offer(cart.reference)
    expect(offers.map((each) => Number(each.amount))).toEqual([Number(amount)])
    expect(refundsAtBtcpay(cart.invoiceId)).toHaveLength(1)
    await check()
    expect(await paymentStatus(cart.token)).toMatchObject({ status: 'review', order_number: null })
    await admin(`/bitcoin-payments/${cart.reference}/refunded`, {})
    expect(await paymentStatus(cart.token)).toMatchObject({ status: 'refunded' })
  })

  it('is not there where nothing is owed', async () => {
    const cart = await payableCart()
    await expect(offer(cart.reference)).rejects.toThrow(/409 .*Nothing of this payment is owed/)
    await expect(offer('000000000000')).rejects.toThrow(/404/)
  })
})
