import fc from 'fast-check'
import { type Invoice, invoiceSchema } from '../../app/src/modules/btcpay/invoice.ts'
import {
  isGoingBack,
  openOffers,
  sentBack,
  withoutClaimLink,
} from '../../app/src/modules/ledger/balance.ts'
import { judgeRow } from '../../app/src/modules/ledger/judge-row.ts'
import type { LedgerRow } from '../../app/src/modules/ledger/ledger.ts'
import type { Verdict } from '../../app/src/modules/ledger/outcome.ts'
import { fromCents } from '../btcpay/amount.ts'
import * as atBtcpay from '../btcpay/invoice.ts'
import type { Bookkeeping } from './bookkeeping.ts'

const AMOUNT = '20.00'
const SECOND_MS = 1_000

/** Which of a cart's two payments; the second is there once the cart was changed. */
const which = fc.constantFrom(0, 1)
/** Sums around the amount that is due. */
const cents = fc.constantFrom(1, 500, 1999, 2000, 2001, 5000)

/** One thing that happens. What is impossible at its moment does nothing. */
export const happening = fc.oneof(
  // At BTCPay, of which nobody hears by itself.
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('pays' as const),
      which,
      cents,
      method: fc.constantFrom<atBtcpay.PaymentMethod>('BTC-LN', 'BTC-CHAIN'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('confirms' as const), which }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('expires' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('marks' as const),
      which,
      as: fc.constantFrom<atBtcpay.Status>('Settled', 'Invalid'),
    }),
  },
  // A settlement, of which a process that is killed makes only the first calls.
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('settles' as const),
      which,
      calls: fc.constantFrom(1, 2, 3, 4, 4, 4),
    }),
  },
  // Others look at the same time, without the settlement's lock: answers and verdicts may be old.
  { weight: 2, arbitrary: fc.record({ what: fc.constant('asks' as const), which }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('looks' as const), which }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('hears' as const), nth: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('decides' as const), nth: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('hears nothing' as const), which }) },
  // The shop.
  { weight: 1, arbitrary: fc.record({ what: fc.constant('changes the cart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('sells out' as const), soldOut: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('begins again' as const), which }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('adopts' as const), which }) },
  // The owner.
  { weight: 3, arbitrary: fc.record({ what: fc.constant('refunded' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('asks for a refund' as const),
      which,
      answered: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('offers a refund' as const), which, cents }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('offers what is owed' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('is paid out' as const),
      which,
      nth: fc.nat(2),
      cents,
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('looks up offers' as const), which }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

/** They change nothing in the ledger. */
const UNHEARD = new Set<Happening['what']>([
  'pays',
  'confirms',
  'expires',
  'marks',
  'asks',
  'sells out',
  'is paid out',
])

interface Payment {
  session: string
  invoice: atBtcpay.Invoice
  /** When the newest answer that was heard was asked for, and what it said was paid. */
  heard: { at: number; paid: string } | undefined
  /** That answer was judged by somebody who was not killed before. */
  isDecided: boolean
  orderId: string | null
  entries: string[]
  /** Pull payments, with what was claimed of them and is Completed at BTCPay. */
  offers: { id: string; cents: number; payouts: { id: string; amount: string }[] }[]
}

/** An answer on its way, or what somebody made of it and has not written down yet. */
interface Answer {
  payment: Payment
  invoice: Invoice
  at: number
}
interface Judged {
  payment: Payment
  /** Undefined when somebody tried to make the order, and could not. */
  row: LedgerRow | undefined
  verdict: Verdict
}

let carts = 0

/** A cart, its payments, and what everybody makes of them: the ledger's real code, on a real database. */
export class Sequence {
  private readonly name = `${process.pid}_${Date.now()}_${++carts}`
  private readonly payments: Payment[] = []
  private readonly onTheirWay: Answer[] = []
  private readonly judged: Judged[] = []
  private clock = Date.now()
  private order: string | null = null
  private isSoldOut = false

  constructor(private readonly books: Bookkeeping) {}

  /** Plays a sequence, and looks at the ledger after each step and at its end. */
  async play(happenings: Happening[]): Promise<void> {
    await this.begin()
    for (const each of happenings) {
      await this.happen(each)
      if (!UNHEARD.has(each.what)) await this.lookAtAll()
    }
    // Whoever is still at work comes to an end.
    while (this.onTheirWay.length > 0) await this.hears(0)
    while (this.judged.length > 0) await this.decides(0)
    await this.lookAtAll()
    // The invoices' end, of which reconciliation hears.
    for (const { invoice } of this.payments) {
      atBtcpay.confirm(invoice)
      atBtcpay.expire(invoice, this.seconds())
    }
    for (const payment of [...this.payments, ...this.payments]) await this.settles(payment, 4)
    for (const payment of this.payments) await this.looksUp(payment)
    await this.lookAtAll()
    await this.lookAtTheEnd()
  }

  private async happen(each: Happening): Promise<void> {
    const payment = 'which' in each ? this.payments[each.which] : this.payments[0]
    if (!payment) return
    const { session, invoice } = payment
    const { ledger } = this.books
    switch (each.what) {
      case 'pays': {
        const { cents, method } = each
        const value = fromCents(BigInt(cents))
        const settled = method === 'BTC-LN'
        const receivedDate = this.seconds()
        atBtcpay.receive(invoice, { id: 'x', method, value, settled, receivedDate })
        return
      }
      case 'confirms':
        atBtcpay.confirm(invoice)
        return
      case 'expires':
        atBtcpay.expire(invoice, this.seconds())
        return
      case 'marks':
        atBtcpay.mark(invoice, each.as)
        return
      case 'settles':
        return this.settles(payment, each.calls)
      case 'asks':
        this.onTheirWay.push(this.asked(payment))
        return
      case 'looks':
        this.judged.push(await this.judge(payment, await this.answered(this.asked(payment))))
        return
      case 'hears':
        return this.hears(each.nth)
      case 'decides':
        return this.decides(each.nth)
      case 'hears nothing':
        return ledger.unanswered(session)
      case 'changes the cart':
        // As the cart's guard: not once any money was seen.
        if (this.payments.length === 1 && !this.order && this.isUnpaid(invoice)) await this.begin()
        return
      case 'sells out':
        this.isSoldOut = each.soldOut
        return
      case 'begins again':
        return ledger.begin({ id: session, amount: AMOUNT, currency: 'EUR' })
      case 'adopts': {
        if (await ledger.adopt(this.asked(payment).invoice)) throw new Error('it was known')
        return
      }
      case 'refunded':
        await ledger.refunded(session, 'owner')
        return
      case 'asks for a refund':
        return ledger.refundAsked(session, each.answered ? null : 'r')
      case 'offers a refund':
        // Only a payment with an order is refunded by the shop.
        if (!payment.orderId) return
        await ledger.offered(
          session,
          fromCents(BigInt(each.cents)),
          this.pullPayment(payment, each.cents),
        )
        return
      case 'offers what is owed': {
        const row = await ledger.bySession(session)
        const amount = row ? withoutClaimLink(row) : '0'
        if (amount === '0') return
        const id = this.pullPayment(payment, Math.round(Number(amount) * 100))
        return ledger.owedOffered(session, { id, link: `http://btcpay/${id}`, amount })
      }
      case 'is paid out': {
        const offer = payment.offers[each.nth]
        const before = offer?.payouts.reduce((sum, { amount }) => sum + Number(amount) * 100, 0)
        const left = Math.round((offer?.cents ?? 0) - (before ?? 0))
        if (!offer || left <= 0) return
        const amount = fromCents(BigInt(Math.min(left, each.cents)))
        offer.payouts.push({ id: `payout_${offer.id}_${offer.payouts.length}`, amount })
        return
      }
      case 'looks up offers':
        return this.looksUp(payment)
    }
  }

  private pullPayment(payment: Payment, cents: number): string {
    const id = `pull_${payment.session}_${payment.offers.length}`
    payment.offers.push({ id, cents, payouts: [] })
    return id
  }

  /** As reconciliation, twice at the same moment. */
  private async looksUp(payment: Payment): Promise<void> {
    const looks = payment.offers.map(({ id, payouts }) =>
      this.books.ledger.paidOut(id, [...payouts], new Date(this.clock)),
    )
    await Promise.all([...looks, ...looks])
  }

  private seconds = () => Math.floor(this.clock / SECOND_MS)
  private isUnpaid = (invoice: atBtcpay.Invoice) =>
    atBtcpay.paid(invoice) === 0n && !['Processing', 'Settled'].includes(invoice.status)

  private async begin(): Promise<void> {
    const session = `payses_${this.name}_${this.payments.length}`
    const { ledger, connection } = this.books
    await ledger.begin({ id: session, amount: AMOUNT, currency: 'EUR' })
    await connection.raw('UPDATE btcpay_invoice SET cart_id = ? WHERE session_id = ?', [
      `cart_${this.name}`,
      session,
    ])
    const invoice: atBtcpay.Invoice = {
      id: `invoice_${session}`,
      amount: AMOUNT,
      currency: 'EUR',
      metadata: { orderId: session },
      redirectURL: null,
      redirectAutomatically: true,
      createdTime: this.seconds(),
      expirationTime: this.seconds() + 900,
      status: 'New',
      additionalStatus: 'None',
      archived: false,
      payments: [],
    }
    const payment = {
      session,
      invoice,
      heard: undefined,
      isDecided: true,
      orderId: null,
      entries: [],
      offers: [],
    }
    this.payments.push(payment)
    // As the provider writes down what it was answered when it made the invoice.
    await this.answered(this.asked(payment))
  }

  /** What BTCPay answers now, as our client reads it. */
  private asked(payment: Payment): Answer {
    this.clock += SECOND_MS
    const told = atBtcpay.toGreenfield(payment.invoice, 'store', 'http://btcpay')
    return { payment, at: this.clock, invoice: invoiceSchema.parse(told) }
  }

  private async answered({ payment, invoice, at }: Answer): Promise<LedgerRow> {
    const row = await this.books.ledger.answered(payment.session, invoice, new Date(at))
    if (!row) throw new Error('an answer was not taken')
    if (!payment.heard || at >= payment.heard.at) {
      payment.heard = { at, paid: invoice.paidAmount }
      payment.isDecided = false
    }
    return row
  }

  /** As `examinePayment` judges. */
  private async judge(payment: Payment, row: LedgerRow): Promise<Judged> {
    const all = row.order_id === null ? await this.books.ledger.ofCart(row.cart_id ?? '') : []
    const verdict = judgeRow(row, {
      hasCart: true,
      cartHasOtherOrder: all.some(
        ({ session_id, outcome }) => session_id !== row.session_id && outcome === 'order',
      ),
      replaced: row.order_id === null && payment !== this.payments.at(-1),
      mismatch: false,
    })
    return { payment, row, verdict }
  }

  private async decide({ payment, row, verdict }: Judged): Promise<void> {
    await this.books.ledger.decide(payment.session, verdict, row?.order_id ?? null, row)
    if (row && row.asked_at?.getTime() === payment.heard?.at) payment.isDecided = true
  }

  private async hears(nth: number): Promise<void> {
    const [answer] = this.onTheirWay.splice(nth, 1)
    if (answer) this.judged.push(await this.judge(answer.payment, await this.answered(answer)))
  }

  private async decides(nth: number): Promise<void> {
    const [judged] = this.judged.splice(nth, 1)
    if (judged) await this.decide(judged)
  }

  /** As the settlement, which is alone for its payment: answer, verdict, order, verdict. */
  private async settles(payment: Payment, calls: number): Promise<void> {
    const row = await this.answered(this.asked(payment))
    if (calls === 1) return
    const judged = await this.judge(payment, row)
    await this.decide(judged)
    const { outcome, reason } = judged.verdict
    const isDue = row.state === 'Settled' && outcome === 'open'
    if (calls === 2 || !(isDue || reason === 'cannot-be-ordered')) return
    if (isGoingBack(row)) return
    if (!this.order && this.isSoldOut) {
      const verdict = { outcome: 'review', reason: 'cannot-be-ordered' } as const
      this.judged.push({ payment, row: undefined, verdict })
      return calls === 3 ? undefined : this.decides(this.judged.length - 1)
    }
    this.order ??= `order_${this.name}`
    if (calls === 3) return
    await this.books.ledger.decide(payment.session, { outcome: 'order', reason: null }, this.order)
  }

  /** What is true after every step. */
  private async lookAtAll(): Promise<void> {
    const books = await this.read()
    for (const payment of this.payments) this.lookAt(payment, bookOf(books, payment))
    const orders = this.payments.filter(({ orderId }) => orderId !== null)
    holds(orders.length <= 1, 'an order is paid by one invoice')
  }

  private lookAt(payment: Payment, row: Book): void {
    const { received, rest } = row
    const entries = row.entries ?? []
    holds(Number(rest) === 0, 'entries balance')
    holds(Number(received) === Number(row.paid_amount), 'entries are what was received')
    holds(Number(row.sent) === Number(sentBack(row)), 'entries are what was sent back')
    if (row.outcome === 'review') {
      const known = [row.refunded_amount, openOffers(row), withoutClaimLink(row)].map(Number)
      const all = known.reduce((sum, each) => sum + each, 0)
      holds(
        Math.abs(all - Number(row.paid_amount)) < 0.001,
        'what is under review was sent, is offered, or can be',
      )
    }
    holds(row.paid_amount === payment.heard?.paid, 'received is what the newest answer said')
    holds(
      payment.entries.every((entry, n) => entry === entries[n]),
      'entries are only added',
    )
    payment.entries = entries
    if (payment.orderId !== null)
      holds(
        row.order_id === payment.orderId && row.outcome === 'order',
        'an order is never taken away',
      )
    payment.orderId = row.order_id
    holds((row.outcome === 'order') === (row.order_id !== null), 'an order is an order')
    if (!payment.isDecided) return
    const paid = Number(row.paid_amount)
    holds(!(row.outcome === 'ended' && paid > 0), 'money is never forgotten')
    const isSentBack = paid > 0 && Number(row.refunded_amount) >= paid
    holds(
      !isSentBack || row.order_id !== null || row.outcome === 'refunded',
      'what was sent back is not asked about again',
    )
  }

  /** What is true once the invoices' time is over and all news was heard. */
  private async lookAtTheEnd(): Promise<void> {
    const books = await this.read()
    for (const payment of this.payments) {
      const row = bookOf(books, payment)
      const hasMoney = Number(row.paid_amount) > 0 || row.state === 'Settled'
      const paidOut = payment.offers.flatMap(({ payouts }) => payouts)
      const sum = paidOut.reduce((all, { amount }) => all + Number(amount), 0)
      holds(Number(row.sent) > sum - 0.001, 'all that BTCPay paid out is refunded')
      const ends = hasMoney ? ['order', 'review', 'refunded'] : ['ended', 'order']
      holds(ends.includes(row.outcome), `${row.state} of ${row.paid_amount} is not ${row.outcome}`)
      // More money may come.
      const next = row.next_ask_at?.getTime() ?? Number.POSITIVE_INFINITY
      holds(next - this.clock <= 86_400_000, 'it is asked for again within a day')
    }
  }

  private async read(): Promise<Book[]> {
    const { rows } = await this.books.connection.raw<{ rows: Book[] }>(
      `SELECT i.*, e.* FROM btcpay_invoice i, LATERAL (
         SELECT array_agg(concat_ws(' ', id, account, amount, cause) ORDER BY created_at, id) AS entries,
           coalesce(sum(amount) FILTER (WHERE account = 'received'), 0) AS received,
           coalesce(sum(amount) FILTER (WHERE account = 'refunded'), 0) AS sent,
           coalesce(sum(CASE WHEN account = 'received' THEN amount ELSE -amount END), 0) AS rest
         FROM btcpay_entry WHERE session_id = i.session_id) e
       WHERE i.session_id = ANY(?)`,
      [this.payments.map(({ session }) => session)],
    )
    return rows
  }
}

/** A payment's row, and its entries: all, the sums of what was received and sent back, and what they are out of balance by. */
type Book = LedgerRow & { entries: string[] | null; received: string; sent: string; rest: string }

function bookOf(books: Book[], { session }: Payment): Book {
  const book = books.find(({ session_id }) => session_id === session)
  if (!book) throw new Error('a row of the ledger is gone')
  return book
}

function holds(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`not true: ${what}`)
}
