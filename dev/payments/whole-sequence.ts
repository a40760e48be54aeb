import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { ANSWER_FAULTS } from '../btcpay/faults.ts'
import type { PaymentMethod, Status } from '../btcpay/invoice.ts'
import { signature } from '../btcpay/webhooks.ts'
import { storefrontSignature } from '../integration/storefront-signature.ts'
import { killedAt } from './mortal.ts'
import { type Counter, cartWith, type Goods } from './purchase.ts'
import { ofApp, ofMedusa, type RealShop } from './real-shop.ts'
import { type Bought, whatIsWrong } from './reckoning.ts'
import { timePasses } from './time.ts'

type App = {
  begin: typeof import('../../app/src/workflows/order-page/begin-payment.ts')
  page: typeof import('../../app/src/workflows/order-page/read-page.ts')
  delivery: typeof import('../../app/src/workflows/btcpay/handle-delivery.ts')
  refund: typeof import('../../app/src/workflows/refunds/refund-order.ts')
  offer: typeof import('../../app/src/workflows/refunds/offer-owed.ts')
  reconcile: typeof import('../../app/src/workflows/btcpay/reconcile.ts')
  ledger: typeof import('../../app/src/modules/ledger/ledger.ts')
}
type CoreFlows = typeof import('@medusajs/medusa/core-flows')

/** Two shoppers; each has a cart, and its newest invoice or the one before. */
const who = fc.constantFrom(0, 1)
const which = fc.constantFrom(0, 0, 0, 1)
/** Of what is due, in percent. */
const percent = fc.constantFrom(100, 100, 100, 50, 150)
/** Where a process is killed: at so many words to PostgreSQL and BTCPay, of about 250. */
const kill = fc.option(
  fc.record({
    at: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 40, max: 230 })),
    isDone: fc.boolean(),
  }),
  { freq: 2 },
)
const of = <What extends string, More extends object>(
  weight: number,
  what: What,
  more: { [Name in keyof More]: fc.Arbitrary<More[Name]> } = {} as never,
) => ({
  weight,
  arbitrary: fc.record({ what: fc.constant(what), ...more }) as unknown as fc.Arbitrary<
    { what: What } & More
  >,
})

/** One thing that happens. What is impossible at its moment does nothing. */
export const happening = fc.oneof(
  of(3, 'begins' as const, { who, kill }),
  of(6, 'pays' as const, {
    who,
    which,
    percent,
    method: fc.constantFrom<PaymentMethod>('BTC-LN', 'BTC-CHAIN'),
  }),
  of(2, 'confirms' as const, { who, which }),
  of(2, 'expires' as const, { who, which }),
  of(1, 'marks' as const, {
    who,
    which,
    as: fc.constantFrom<Status>('Settled', 'Invalid'),
    isForced: fc.boolean(),
  }),
  of(4, 'hears' as const, {
    who,
    which,
    delivery: fc.constantFrom<'once' | 'twice' | 'forged'>('once', 'once', 'twice', 'forged'),
    kill,
  }),
  of(3, 'looks' as const, { who, kill }),
  of(2, 'reconciles' as const, { kill }),
  of(2, 'meets' as const, { who, which }),
  of(1, 'changes the cart' as const, { who, quantity: fc.constantFrom(1, 2) }),
  of(1, 'is sold' as const, { isSold: fc.boolean() }),
  of(1, 'cancels' as const, { who, kill }),
  of(1, 'offers back' as const, { who, which, kill }),
  of(1, 'has sent back' as const, { who, which }),
  of(2, 'BTCPay fails' as const, {
    how: fc.array(
      // Not `hang`: each waits for a time limit of seconds.
      fc.constantFrom(...ANSWER_FAULTS.filter((each) => each !== 'hang')),
      { minLength: 1, maxLength: 3 },
    ),
  }),
)
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

/** Goods that the two can have of what is on stock. */
const STOCK = 3

interface Shopper {
  email: string
  cart: string
  token: string | undefined
}

interface Row {
  session_id: string
  invoice_id: string | null
  order_id: string | null
  paid_amount: string
}

let played = 0

/** Two carts of the same goods, and what becomes of them: the app's real workflows, on a real database. */
export class WholeSequence {
  private readonly name = `${process.pid}-${++played}`
  private shoppers: Shopper[] = []
  private readonly mistakes: string[] = []

  constructor(
    private readonly shop: RealShop,
    private readonly counter: Counter,
    private readonly goods: Goods,
  ) {}

  private get app(): App {
    return {
      begin: ofApp('workflows/order-page/begin-payment'),
      page: ofApp('workflows/order-page/read-page'),
      delivery: ofApp('workflows/btcpay/handle-delivery'),
      refund: ofApp('workflows/refunds/refund-order'),
      offer: ofApp('workflows/refunds/offer-owed'),
      reconcile: ofApp('workflows/btcpay/reconcile'),
      ledger: ofApp('modules/ledger/ledger'),
    }
  }

  /** Plays a sequence to its end, and looks at all that must be true then. */
  async play(happenings: Happening[]): Promise<void> {
    const { shop, goods, counter } = this
    await this.sql(
      `UPDATE inventory_level SET stocked_quantity = reserved_quantity + ${STOCK},
         raw_stocked_quantity = jsonb_build_object('value', (reserved_quantity + ${STOCK})::text, 'precision', 20)
       WHERE inventory_item_id = :item`,
      { item: goods.item },
    )
    for (const n of [0, 1]) {
      const email = `shopper-${this.name}-${n}@example.org`
      const cart = await cartWith(shop, counter, goods, { quantity: 1 + n, email })
      this.shoppers.push({ email, cart, token: undefined })
    }
    // Most things need an invoice first.
    await this.begins(this.shopper(0))
    for (const each of happenings) await this.tried(() => this.happen(each))
    await this.end()
    const wrong = [
      ...this.mistakes,
      ...(await whatIsWrong(shop.connection, this.bought())),
      ...(await this.againstBtcpay()),
    ]
    if (wrong.length > 0) throw new Error(`not true:\n${wrong.join('\n')}`)
  }

  private bought(): Bought {
    return {
      emails: this.shoppers.map(({ email }) => email),
      carts: this.shoppers.map(({ cart }) => cart),
      items: [this.goods.item],
    }
  }

  private shopper(n: number): Shopper {
    const shopper = this.shoppers[n]
    if (!shopper) throw new Error('there is no such shopper')
    return shopper
  }

  private async sql<Found>(text: string, values: Record<string, string> = {}): Promise<Found[]> {
    return (await this.shop.connection.raw<{ rows: Found[] }>(text, values)).rows
  }

  /** What fails is tried again by others; a mistake of the code is none of that. */
  private async tried(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      const { name, stack } = error as Error
      if (
        ['TypeError', 'ReferenceError', 'RangeError'].includes(name) &&
        !/fetch failed|terminated/.test(String(error))
      )
        this.mistakes.push(String(stack))
    }
  }

  private async as<Result>(
    death: { at: number; isDone: boolean } | null,
    work: () => Promise<Result>,
  ): Promise<Result | undefined> {
    if (!death) return work()
    return (await killedAt((_, nth) => nth === death.at, death.isDone, work)).result
  }

  /** A cart's invoices, the newest first. */
  private rows({ cart }: Shopper): Promise<Row[]> {
    return this.sql<Row>(
      'SELECT session_id, invoice_id, order_id, paid_amount FROM btcpay_invoice WHERE cart_id = :cart ORDER BY created_at DESC',
      { cart },
    )
  }

  private async begins(shopper: Shopper): Promise<void> {
    const begun = await this.app.begin.beginPayment(this.shop.container, shopper.cart, undefined)
    if (begun.begun === 'payment') shopper.token = begun.payment.order_page
  }

  private async happen(each: Happening): Promise<void> {
    const { shop, app } = this
    if (each.what === 'BTCPay fails')
      return void (await shop.toStandIn('faults', { next: { answers: each.how }, delay_ms: 20 }))
    if (each.what === 'is sold')
      return void (await this.sql('UPDATE product SET status = :status WHERE id = :id', {
        status: each.isSold ? 'published' : 'draft',
        id: this.goods.product,
      }))
    if (each.what === 'reconciles') return void (await this.as(each.kill, () => this.reconciles()))
    const shopper = this.shopper(each.who)
    if (each.what === 'begins') return void (await this.as(each.kill, () => this.begins(shopper)))
    if (each.what === 'looks') return void (await this.as(each.kill, () => this.looks(shopper)))
    const rows = await this.rows(shopper)
    if (each.what === 'changes the cart') return this.changes(shopper, each.quantity)
    if (each.what === 'cancels') {
      const order = rows.find(({ order_id }) => order_id !== null)?.order_id
      if (order) await this.as(each.kill, () => this.cancels(order))
      return
    }
    const row = rows[each.which]
    if (!row?.invoice_id) return
    const invoice = row.invoice_id
    switch (each.what) {
      case 'pays':
        return this.pays(invoice, each.percent, each.method)
      case 'confirms':
        return void (await shop.toStandIn(`invoices/${invoice}/confirm`))
      case 'expires':
        return void (await shop.toStandIn(`invoices/${invoice}/expire`))
      case 'marks':
        if (each.isForced) await shop.toStandIn(`invoices/${invoice}/force`, { status: each.as })
        else await this.marks(invoice, each.as)
        return
      case 'hears':
        return void (await this.as(each.kill, () => this.hears(invoice, each.delivery)))
      case 'meets':
        await Promise.allSettled([
          this.hears(invoice, 'twice'),
          this.looks(shopper),
          this.reconciles(),
          this.begins(shopper),
        ])
        return
      case 'offers back':
        return void (await this.as(each.kill, () =>
          app.offer.offerOwed(shop.container, row.session_id),
        ))
      case 'has sent back':
        return void (await app.ledger.ledgerOf(shop.container).refunded(row.session_id, 'owner'))
    }
  }

  private async looks({ token }: Shopper): Promise<void> {
    if (token) await this.app.page.readPage(this.shop.container, token)
  }

  private async reconciles(): Promise<void> {
    const carts = this.shoppers.map(({ cart }) => cart)
    await this.shop.connection.raw(
      `UPDATE btcpay_invoice SET next_ask_at = now() - interval '1 second' WHERE cart_id = ANY(:carts)`,
      { carts },
    )
    await this.app.reconcile.reconcile(this.shop.container)
  }

  private async pays(invoice: string, percent: number, method: PaymentMethod): Promise<void> {
    const quantityAndPost = Number((await this.atBtcpay(invoice)).amount)
    const amount = ((quantityAndPost * percent) / 100).toFixed(2)
    await this.shop.toStandIn(`invoices/${invoice}/pay`, {
      amount,
      method: method === 'BTC-CHAIN' ? 'onchain' : 'lightning',
    })
  }

  private greenfield(path: string, body?: object): Promise<Response> {
    return fetch(`${this.shop.btcpayUrl}/api/v1/stores/${process.env.BTCPAY_STORE_ID}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `token ${process.env.BTCPAY_API_KEY}`,
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
  }

  /** Past the faults of its API. */
  private atBtcpay(invoice: string): Promise<{ amount: string; paidAmount: string }> {
    return this.shop.toStandIn(`invoices/${invoice}`)
  }

  private async marks(invoice: string, status: Status): Promise<void> {
    await this.greenfield(`invoices/${invoice}/status`, { status })
  }

  /** A delivery on the real route; its handling is waited for. */
  private async hears(invoiceId: string, how: 'once' | 'twice' | 'forged'): Promise<void> {
    const id = randomBytes(16).toString('hex')
    const body = JSON.stringify({
      deliveryId: id,
      originalDeliveryId: id,
      type: 'InvoiceSettled',
      storeId: process.env.BTCPAY_STORE_ID,
      invoiceId,
    })
    const secret = how === 'forged' ? 'of-somebody-else' : String(process.env.BTCPAY_WEBHOOK_SECRET)
    const send = () =>
      fetch(`${this.shop.url}/hooks/btcpay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'btcpay-sig': signature(body, secret) },
        body,
        signal: AbortSignal.timeout(30_000),
      })
    const answers = await Promise.all(how === 'twice' ? [send(), send()] : [send()])
    if (answers.some(({ status }) => status === 404)) this.mistakes.push('there is no such route')
    if (how === 'forged') {
      if (answers.some(({ status }) => status !== 401)) this.mistakes.push('a forgery was taken')
      return
    }
    const stored = await this.sql<{ id: string }>(
      'SELECT id FROM webhook_delivery WHERE original_delivery_id = :id',
      { id },
    )
    if (stored.length > 1) this.mistakes.push('a delivery was stored twice')
    for (const each of stored) await this.app.delivery.handleDelivery(this.shop.container, each.id)
  }

  /** As the storefront does it: past the cart's guard. */
  private async changes({ cart }: Shopper, quantity: number): Promise<void> {
    const [line] = await this.sql<{ id: string }>(
      'SELECT id FROM cart_line_item WHERE cart_id = :cart AND deleted_at IS NULL',
      { cart },
    )
    if (!line) return
    const answer = await fetch(`${this.shop.url}/store/carts/${cart}/line-items/${line.id}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-publishable-api-key': String(process.env.MEDUSA_PUBLISHABLE_KEY),
        ...storefrontSignature('127.0.0.1', process.env.REVALIDATE_SECRET),
      },
      body: JSON.stringify({ quantity }),
      signal: AbortSignal.timeout(30_000),
    })
    if (answer.status === 401 || answer.status === 404)
      this.mistakes.push(`a cart's change: ${answer.status} ${await answer.text()}`)
  }

  /** As the admin's button does it: the refund first. */
  private async cancels(order: string): Promise<void> {
    const { container } = this.shop
    await this.app.refund.refundOrder(container, order, 'owner')
    const { cancelOrderWorkflow } = ofMedusa<CoreFlows>('@medusajs/medusa/core-flows')
    await cancelOrderWorkflow(container).run({ input: { order_id: order } })
  }

  /** BTCPay is well, all invoices come to their end, and everybody looks again. */
  private async end(): Promise<void> {
    const { shop } = this
    await shop.toStandIn('faults')
    await this.sql(`UPDATE product SET status = 'published' WHERE id = :id`, {
      id: this.goods.product,
    })
    for (const shopper of this.shoppers) {
      for (const { invoice_id } of await this.rows(shopper)) {
        if (!invoice_id) continue
        await shop.toStandIn(`invoices/${invoice_id}/confirm`)
        await shop.toStandIn(`invoices/${invoice_id}/expire`)
      }
    }
    // What was made and not heard of is found by the first look.
    await timePasses(shop, this.bought())
    for (const shopper of this.shoppers)
      for (const { invoice_id } of await this.rows(shopper))
        if (invoice_id) await shop.toStandIn(`invoices/${invoice_id}/expire`)
    await timePasses(shop, this.bought())
  }

  /** Ledger and refunds, beside what BTCPay has. */
  private async againstBtcpay(): Promise<string[]> {
    const wrong: string[] = []
    const pulls = (await (await this.greenfield('pull-payments?includeArchived=true')).json()) as {
      amount: string
      invoiceId: string
    }[]
    for (const shopper of this.shoppers) {
      for (const { invoice_id, paid_amount } of await this.rows(shopper)) {
        if (!invoice_id) continue
        const { paidAmount } = await this.atBtcpay(invoice_id)
        if (Number(paidAmount) !== Number(paid_amount))
          wrong.push(`BTCPay has ${paidAmount}, the ledger ${paid_amount}`)
        const given = pulls
          .filter((each) => each.invoiceId === invoice_id)
          .reduce((sum, { amount }) => sum + Number(amount), 0)
        if (given > Number(paidAmount) + 0.001)
          wrong.push(`${given} were offered back of ${paidAmount}`)
      }
    }
    return wrong
  }
}
