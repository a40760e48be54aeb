import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, generateEntityId, MathBN } from '@medusajs/framework/utils'
import type { Invoice } from '../btcpay/invoice'
import {
  type Account,
  type Accounts,
  accountsOf,
  movements,
  type OwedOffer,
  offeredOf,
  sentBack,
} from './balance'
import {
  ADOPT_OFFERS,
  type CompletedPayout,
  nextLook,
  type Offer,
  type OfferKind,
  withPayouts,
} from './offers'
import type { Outcome, Reason, Verdict } from './outcome'
import { nextAsk } from './schedule'

/** PostgreSQL as Medusa's container has it. */
export type Connection = ReturnType<typeof connectionOf>
type Transaction = Parameters<Parameters<Connection['transaction']>[0]>[0]

/** A row of the ledger; amounts are decimal strings in major units of `currency`. */
export interface LedgerRow {
  session_id: string
  invoice_id: string | null
  cart_id: string | null
  order_id: string | null
  amount: string
  currency: string
  state: string
  additional_state: string
  paid_amount: string
  offered_amount: string
  refunded_amount: string
  claimed_amount: string
  refunds_paid_amount: string
  owed_offers: OwedOffer[] | null
  refund_asked: string | null
  outcome: Outcome
  reason: Reason | null
  decided_at: Date | null
  checkout_link: string | null
  expires_at: Date | null
  monitored_until: Date | null
  asked_at: Date | null
  next_ask_at: Date | null
  created_at: Date
}

/** What a verdict is made of, and what others may have changed meanwhile. */
export type Judged = Pick<LedgerRow, 'asked_at' | 'outcome' | 'reason' | 'refunded_amount'>

/** A row as the owner's list shows it. */
export type ListedRow = LedgerRow & { email: string | null; display_id: number | null }

/** An offer, and what is needed to look it up. */
export type DueOffer = Offer & Pick<LedgerRow, 'currency' | 'cart_id'>

/** An invoice that BTCPay does not have so long after it was asked for one was never made. */
const NEVER_MADE_AFTER_MS = 86_400_000

const COLUMNS = `session_id, invoice_id, cart_id, order_id, amount, currency, state, additional_state,
  paid_amount, offered_amount, refunded_amount, claimed_amount, refunds_paid_amount, owed_offers, refund_asked, outcome, reason, decided_at, checkout_link, expires_at, monitored_until, asked_at, next_ask_at, created_at`

/** Lines and address of a cart, as an order would have them. */
const PURCHASE = `(
  SELECT jsonb_build_object(
    'email', c.email,
    'locale', c.locale,
    'items', (
      SELECT jsonb_agg(jsonb_build_object('title', l.title, 'variant_id', l.variant_id,
        'variant_title', l.variant_title, 'quantity', l.quantity, 'unit_price', l.unit_price))
      FROM cart_line_item l WHERE l.cart_id = c.id AND l.deleted_at IS NULL),
    'shipping', (
      SELECT jsonb_agg(jsonb_build_object('name', m.name, 'amount', m.amount))
      FROM cart_shipping_method m WHERE m.cart_id = c.id AND m.deleted_at IS NULL),
    'address', (
      SELECT jsonb_build_object('first_name', a.first_name, 'last_name', a.last_name,
        'company', a.company, 'address_1', a.address_1, 'address_2', a.address_2,
        'postal_code', a.postal_code, 'city', a.city, 'province', a.province,
        'country_code', a.country_code, 'phone', a.phone)
      FROM cart_address a WHERE a.id = c.shipping_address_id))
  FROM cart c WHERE c.id = k.cart_id)`

/** The cart, and what is in it, of a payment session; one row, of nulls for a session of no cart. */
const CART_OF_SESSION = `
  SELECT k.cart_id, ${PURCHASE} AS purchase FROM (SELECT 1) AS always
  LEFT JOIN payment_session s ON s.id = :session
  LEFT JOIN cart_payment_collection k
    ON k.payment_collection_id = s.payment_collection_id AND k.deleted_at IS NULL`

function hasChanged(judged: Judged, row: LedgerRow): boolean {
  return (
    judged.asked_at?.getTime() !== row.asked_at?.getTime() ||
    judged.outcome !== row.outcome ||
    judged.reason !== row.reason ||
    judged.refunded_amount !== row.refunded_amount
  )
}

/** What changes of a payment when so much of one of its offers was paid out. */
function changesOf(row: LedgerRow, kind: OfferKind, gone: string): Partial<LedgerRow> {
  if (kind === 'refund')
    return { refunds_paid_amount: MathBN.add(row.refunds_paid_amount, gone).toFixed() }
  const refunded = MathBN.add(row.refunded_amount, gone)
  const sums = {
    refunded_amount: refunded.toFixed(),
    claimed_amount: MathBN.add(row.claimed_amount, gone).toFixed(),
  }
  const left = MathBN.sub(row.paid_amount, refunded)
  if (row.outcome === 'review' && MathBN.lte(left, 0))
    return { ...sums, outcome: 'refunded', reason: null, decided_at: new Date() }
  if (row.outcome === 'order' && row.reason === 'surplus' && MathBN.lte(left, row.amount))
    return { ...sums, reason: null, decided_at: new Date() }
  return sums
}

function connectionOf(container: MedusaContainer) {
  return container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
}

/** The ledger as this process writes it. */
export function ledgerOf(container: MedusaContainer): Ledger {
  return new Ledger(connectionOf(container))
}

/**
 * Writes the ledger: whoever brings news of an invoice (provider, webhook, reconciliation, returning browser,
 * admin) does it here. Each change locks the invoice's row, and entries are added in the same transaction.
 */
export class Ledger {
  constructor(private readonly connection: Connection) {}

  /** Before an invoice is asked of BTCPay: its answer may be lost. Safe to repeat. */
  async begin(
    session: { id: string; amount: string; currency: string },
    at = new Date(),
  ): Promise<void> {
    await this.connection.raw(
      `INSERT INTO btcpay_invoice (id, session_id, cart_id, amount, currency, created_at, next_ask_at, purchase)
       SELECT :id, :session, found.cart_id, :amount, :currency, :at, now() + interval '30 seconds', found.purchase
       FROM (${CART_OF_SESSION}) AS found
       ON CONFLICT (session_id) WHERE deleted_at IS NULL DO NOTHING`,
      {
        id: generateEntityId(undefined, 'binv'),
        session: session.id,
        amount: session.amount,
        currency: session.currency.toUpperCase(),
        at,
      },
    )
  }

  /**
   * Writes down what BTCPay said of a payment's invoice; an answer older than the one that is known changes
   * nothing.
   * @param askedAt when it was asked
   * @returns the row afterwards; undefined when the payment has another invoice, or is not in the ledger
   */
  answered(sessionId: string, invoice: Invoice, askedAt: Date): Promise<LedgerRow | undefined> {
    return this.connection.transaction(async (transaction) => {
      const row = await this.locked(transaction, sessionId)
      if (!row || (row.invoice_id !== null && row.invoice_id !== invoice.id)) return undefined
      if (row.asked_at && row.asked_at > askedAt) return row
      const expiresAt = new Date(invoice.expirationTime * 1_000)
      const monitoredUntil = invoice.monitoringExpiration
        ? new Date(invoice.monitoringExpiration * 1_000)
        : null
      const changes = {
        invoice_id: invoice.id,
        state: invoice.status,
        additional_state: invoice.additionalStatus,
        paid_amount: invoice.paidAmount,
        checkout_link: invoice.checkoutLink,
        expires_at: expiresAt,
        monitored_until: monitoredUntil,
        asked_at: askedAt,
        next_ask_at: nextAsk(
          {
            state: invoice.status,
            isOpen: row.outcome === 'open',
            createdAt: row.created_at,
            expiresAt,
            monitoredUntil,
          },
          askedAt,
        ),
      }
      const after = await this.change(transaction, row.session_id, changes)
      await this.balance(transaction, after, `BTCPay: ${invoice.status}`)
      return after
    })
  }

  /** BTCPay does not know the invoice, now or any more: it is asked for again later. */
  async unanswered(sessionId: string): Promise<void> {
    await this.connection.transaction(async (transaction) => {
      const row = await this.locked(transaction, sessionId)
      if (!row) return
      const now = new Date()
      const next = nextAsk(
        {
          state: row.invoice_id ? 'Expired' : 'Asked',
          isOpen: row.outcome === 'open',
          createdAt: row.created_at,
          expiresAt: row.expires_at,
          monitoredUntil: row.monitored_until,
        },
        now,
      )
      // Nobody was given the address of an invoice that was never made.
      const over = !row.invoice_id && now.getTime() - row.created_at.getTime() > NEVER_MADE_AFTER_MS
      await this.change(transaction, sessionId, {
        next_ask_at: next,
        ...(over ? { outcome: 'ended' as const } : {}),
      })
    })
  }

  /**
   * Writes down what became of an invoice.
   * @param judged the row that the verdict is of: when it has changed since, who changed it has judged better
   * @returns whether that is news
   */
  decide(
    sessionId: string,
    verdict: Verdict,
    orderId: string | null,
    judged?: Judged,
  ): Promise<boolean> {
    return this.connection.transaction(async (transaction) => {
      const row = await this.locked(transaction, sessionId)
      if (!row || (judged && hasChanged(judged, row))) return false
      // The owner has sent all of it back while somebody tried to make its order.
      const isSentBack =
        row.outcome === 'refunded' && MathBN.gte(row.refunded_amount, row.paid_amount)
      if (isSentBack && orderId === null && verdict.outcome === 'review') return false
      // Who looked before the order was there must not take it away from the invoice again.
      if (row.order_id !== null && orderId === null) return false
      const same =
        row.outcome === verdict.outcome && row.reason === verdict.reason && row.order_id === orderId
      if (same) return false
      const { state, created_at: createdAt, expires_at: expiresAt } = row
      const isOpen = verdict.outcome === 'open'
      const asked = { state, isOpen, createdAt, expiresAt, monitoredUntil: row.monitored_until }
      const after = await this.change(transaction, sessionId, {
        ...verdict,
        decided_at: new Date(),
        order_id: orderId,
        next_ask_at: nextAsk(asked, row.asked_at ?? new Date()),
      })
      await this.balance(transaction, after, verdict.reason ?? verdict.outcome)
      return true
    })
  }

  /**
   * Before a refund is asked of BTCPay, which makes a new one for each call: its answer may be lost.
   * @param name null: it was answered, and no refund was made
   */
  async refundAsked(sessionId: string, name: string | null): Promise<void> {
    await this.connection.transaction(async (transaction) => {
      if (await this.locked(transaction, sessionId))
        await this.change(transaction, sessionId, { refund_asked: name })
    })
  }

  /**
   * A refund of an order was offered: so much of its money is its shopper's again.
   * @param pullPaymentId BTCPay's id of it
   */
  async offered(sessionId: string, amount: string, pullPaymentId: string): Promise<void> {
    await this.connection.transaction(async (transaction) => {
      const row = await this.locked(transaction, sessionId)
      if (!row) return
      const offered_amount = MathBN.add(row.offered_amount, amount).toFixed()
      const changes = { offered_amount, refund_asked: null }
      const after = await this.change(transaction, sessionId, changes)
      await this.keepOffer(transaction, sessionId, 'refund', pullPaymentId, amount)
      await this.balance(transaction, after, 'a refund was offered')
    })
  }

  /** Money that is no order's has a claim link: it stays owed until it is paid out. */
  async owedOffered(sessionId: string, offer: OwedOffer): Promise<void> {
    await this.adoptOffers()
    await this.connection.transaction(async (transaction) => {
      const row = await this.locked(transaction, sessionId)
      if (!row || row.owed_offers?.some(({ id }) => id === offer.id)) return
      const offers = [...(row.owed_offers ?? []), offer]
      await transaction('btcpay_invoice')
        .where({ session_id: sessionId, deleted_at: null })
        .update({
          owed_offers: JSON.stringify(offers),
          refund_asked: null,
          updated_at: new Date(),
        })
      await this.keepOffer(transaction, sessionId, 'owed', offer.id, offer.amount)
    })
  }

  /** Offers whose time to be looked up has come, or those of one payment; the longest unasked first. */
  async offersDue(of: { atMost: number } | { sessionId: string }): Promise<DueOffer[]> {
    const isOne = 'sessionId' in of
    const { rows } = await this.connection.raw<{ rows: DueOffer[] }>(
      `SELECT o.*, i.currency, i.cart_id FROM btcpay_offer o
       JOIN btcpay_invoice i ON i.session_id = o.session_id AND i.deleted_at IS NULL
       WHERE o.deleted_at IS NULL AND ${isOne ? 'o.session_id = ?' : 'o.next_ask_at <= now()'}
       ORDER BY o.asked_at NULLS FIRST, o.created_at ${isOne ? '' : 'LIMIT ?'}`,
      [isOne ? of.sessionId : of.atMost],
    )
    return rows
  }

  /** Takes in offers that a release before this table made; safe to repeat. */
  async adoptOffers(): Promise<void> {
    await this.connection.raw(ADOPT_OFFERS)
  }

  /** BTCPay said nothing that can be read of an offer: it is looked up again later. */
  async offerUnanswered(offer: Offer): Promise<void> {
    await this.connection('btcpay_offer')
      .where({ pull_payment_id: offer.pull_payment_id, deleted_at: null })
      .update({ next_ask_at: nextLook(offer, new Date()) })
  }

  /**
   * Writes down which payouts of an offer are Completed: so much is owed no longer, but refunded. Each payout
   * counts once, however often it is told of; one that was Completed stays so.
   * @returns the payment afterwards, and how much more than known has gone; undefined for an unknown offer
   */
  paidOut(
    pullPaymentId: string,
    completed: CompletedPayout[],
    askedAt: Date,
  ): Promise<{ row: LedgerRow; gone: string } | undefined> {
    return this.connection.transaction(async (transaction) => {
      const offers = () =>
        transaction('btcpay_offer').where({ pull_payment_id: pullPaymentId, deleted_at: null })
      const known = (await offers().first()) as Offer | undefined
      // The row first, as everybody: it is what a payment's changes wait for.
      const row = known && (await this.locked(transaction, known.session_id))
      const offer = (await offers().first()) as Offer | undefined
      if (!row || !offer) return undefined
      const { gone, payouts, ...sums } = withPayouts(offer, completed)
      await offers().update({
        ...sums,
        payouts: JSON.stringify(payouts),
        asked_at: askedAt,
        next_ask_at: nextLook({ ...offer, ...sums }, askedAt),
        updated_at: new Date(),
      })
      if (gone === '0') return { row, gone }
      const after = await this.change(transaction, row.session_id, changesOf(row, offer.kind, gone))
      await this.balance(transaction, after, 'paid out')
      return { row: after, gone }
    })
  }

  /**
   * The owner has sent back what is its shopper's: ends a review, or a surplus. Claim links that are open count
   * as paid with it.
   * @returns false when there is nothing to send back
   */
  async refunded(sessionId: string, by: string): Promise<boolean> {
    // Links of the release before count as gone, too.
    await this.adoptOffers()
    return this.connection.transaction(async (transaction) => {
      const row = await this.locked(transaction, sessionId)
      const isSurplus = row?.outcome === 'order' && row.reason === 'surplus'
      if (!row || !(row.outcome === 'review' || isSurplus)) return false
      await transaction('btcpay_offer')
        .where({ session_id: sessionId, kind: 'owed', deleted_at: null })
        .update({ counted_amount: transaction.ref('amount') })
      const after = await this.change(transaction, sessionId, {
        ...(isSurplus ? {} : { outcome: 'refunded' as const }),
        reason: null,
        decided_at: new Date(),
        refunded_amount: isSurplus
          ? MathBN.sub(row.paid_amount, row.amount).toFixed()
          : row.paid_amount,
        claimed_amount: offeredOf(row.owed_offers),
      })
      await this.balance(transaction, after, `refunded, says ${by}`)
      return true
    })
  }

  /** An invoice that BTCPay has and the ledger lacks, after a restore for example; false when it is there. */
  async adopt(invoice: Invoice): Promise<boolean> {
    const sessionId = invoice.metadata.orderId
    if (!sessionId) return false
    if (await this.bySession(sessionId)) return false
    const made = invoice.createdTime ? new Date(invoice.createdTime * 1_000) : new Date()
    const { amount, currency } = invoice
    await this.begin({ id: sessionId, amount, currency }, made)
    return true
  }

  bySession(sessionId: string): Promise<LedgerRow | undefined> {
    return this.one('session_id', sessionId)
  }

  byInvoice(invoiceId: string): Promise<LedgerRow | undefined> {
    return this.one('invoice_id', invoiceId)
  }

  /** All invoices of a cart, the newest first; also those that others replaced. */
  async ofCart(cartId: string): Promise<LedgerRow[]> {
    const { rows } = await this.connection.raw<{ rows: LedgerRow[] }>(
      `SELECT ${COLUMNS} FROM btcpay_invoice WHERE cart_id = ? AND deleted_at IS NULL ORDER BY created_at DESC`,
      [cartId],
    )
    return rows
  }

  /** All invoices of an order, and of the cart that it was, the newest first. */
  async ofOrder(orderId: string): Promise<ListedRow[]> {
    const columns = COLUMNS.replaceAll(/\w+/g, 'i.$&')
    const { rows } = await this.connection.raw<{ rows: ListedRow[] }>(
      `SELECT ${columns}, i.purchase->>'email' AS email, o.display_id
       FROM btcpay_invoice i LEFT JOIN "order" o ON o.id = i.order_id
       WHERE i.deleted_at IS NULL AND (i.order_id = :order OR i.cart_id IN (
         SELECT k.cart_id FROM order_cart k WHERE k.order_id = :order AND k.deleted_at IS NULL))
       ORDER BY i.created_at DESC`,
      { order: orderId },
    )
    return rows
  }

  /** The payment with this reference; see `referenceOf`. */
  async byReference(reference: string): Promise<LedgerRow | undefined> {
    const { rows } = await this.connection.raw<{ rows: LedgerRow[] }>(
      `SELECT ${COLUMNS} FROM btcpay_invoice WHERE deleted_at IS NULL
       AND left(encode(sha256(convert_to(session_id, 'UTF8')), 'hex'), 12) = ?`,
      [reference],
    )
    return rows[0]
  }

  /** Invoices for the owner's list, the newest first; `search` is in an e-mail, an invoice's id or a reference. */
  async list(of: {
    outcome?: Outcome
    search?: string
    skip: number
    take: number
  }): Promise<{ rows: ListedRow[]; count: number }> {
    const conditions = ['i.deleted_at IS NULL']
    const values: Record<string, string | number> = { skip: of.skip, take: of.take }
    if (of.outcome) {
      conditions.push('i.outcome = :outcome')
      values.outcome = of.outcome
    }
    if (of.search) {
      conditions.push(`(strpos(lower(i.purchase->>'email'), lower(:search)) > 0
        OR i.invoice_id = :search OR o.display_id::text = ltrim(:search, '#')
        OR left(encode(sha256(convert_to(i.session_id, 'UTF8')), 'hex'), 12) = lower(:search))`)
      values.search = of.search
    }
    const from = `FROM btcpay_invoice i LEFT JOIN "order" o ON o.id = i.order_id
      WHERE ${conditions.join(' AND ')}`
    const columns = COLUMNS.replaceAll(/\w+/g, 'i.$&')
    const [{ rows }, counted] = await Promise.all([
      this.connection.raw<{ rows: ListedRow[] }>(
        `SELECT ${columns}, i.purchase->>'email' AS email, o.display_id ${from}
         ORDER BY i.created_at DESC OFFSET :skip LIMIT :take`,
        values,
      ),
      this.connection.raw<{ rows: { n: string }[] }>(`SELECT count(*) AS n ${from}`, values),
    ])
    return { rows, count: Number(counted.rows[0]?.n ?? 0) }
  }

  /** Invoices whose time to be asked for has come, the longest unasked first. */
  async due(atMost: number): Promise<LedgerRow[]> {
    const { rows } = await this.connection.raw<{ rows: LedgerRow[] }>(
      `SELECT ${COLUMNS} FROM btcpay_invoice WHERE next_ask_at <= now() AND deleted_at IS NULL
       ORDER BY asked_at NULLS FIRST, created_at LIMIT ?`,
      [atMost],
    )
    return rows
  }

  /** Who would have bought, as it was when the invoice was made; null once the cart is forgotten. */
  async buyerOf(sessionId: string): Promise<{
    invoice_id: string | null
    buyer: { email: string | null; locale: string | null } | null
  }> {
    const { rows } = await this.connection.raw<{
      rows: { invoice_id: string | null; email: string | null; locale: string | null }[]
    }>(
      `SELECT invoice_id, purchase->>'email' AS email, purchase->>'locale' AS locale
       FROM btcpay_invoice WHERE session_id = ? AND deleted_at IS NULL`,
      [sessionId],
    )
    const [row] = rows
    if (!row) return { invoice_id: null, buyer: null }
    const { invoice_id, email, locale } = row
    return { invoice_id, buyer: email ? { email, locale } : null }
  }

  /** When the newest invoice was begun; undefined before the first. */
  async newest(): Promise<Date | undefined> {
    const { rows } = await this.connection.raw<{ rows: { at: Date | null }[] }>(
      'SELECT max(created_at) AS at FROM btcpay_invoice',
    )
    return rows[0]?.at ?? undefined
  }

  private async keepOffer(
    transaction: Transaction,
    sessionId: string,
    kind: OfferKind,
    pullPaymentId: string,
    amount: string,
  ): Promise<void> {
    const made = { amount, paid_amount: '0', created_at: new Date() }
    await transaction.raw(
      `INSERT INTO btcpay_offer (id, session_id, pull_payment_id, kind, amount, created_at, next_ask_at)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pull_payment_id) WHERE deleted_at IS NULL DO NOTHING`,
      [
        generateEntityId(undefined, 'bofr'),
        sessionId,
        pullPaymentId,
        kind,
        amount,
        made.created_at,
        nextLook(made, made.created_at),
      ],
    )
  }

  private async one(column: 'session_id' | 'invoice_id', id: string) {
    const { rows } = await this.connection.raw<{ rows: LedgerRow[] }>(
      `SELECT ${COLUMNS} FROM btcpay_invoice WHERE ${column} = ? AND deleted_at IS NULL`,
      [id],
    )
    return rows[0]
  }

  private async locked(transaction: Transaction, sessionId: string) {
    const { rows } = await transaction.raw<{ rows: LedgerRow[] }>(
      `SELECT ${COLUMNS} FROM btcpay_invoice WHERE session_id = ? AND deleted_at IS NULL FOR UPDATE`,
      [sessionId],
    )
    return rows[0]
  }

  private async change(transaction: Transaction, sessionId: string, changes: Partial<LedgerRow>) {
    const [row] = await transaction('btcpay_invoice')
      .where({ session_id: sessionId, deleted_at: null })
      .update({ ...changes, updated_at: new Date() })
      .returning('*')
    return row as LedgerRow
  }

  /** Adds the entries that bring the accounts of an invoice to what they should be. */
  private async balance(transaction: Transaction, row: LedgerRow, cause: string): Promise<void> {
    const { rows } = await transaction.raw<{ rows: { account: Account; sum: string }[] }>(
      `SELECT account, sum(amount)::text AS sum FROM btcpay_entry
       WHERE session_id = ? AND deleted_at IS NULL GROUP BY account`,
      [row.session_id],
    )
    const now: Accounts = { received: '0', for_order: '0', owed: '0', refunded: '0' }
    for (const { account, sum } of rows) now[account] = sum
    const wanted = accountsOf({
      received: row.paid_amount,
      amount: row.amount,
      outcome: row.outcome,
      givenBack: row.offered_amount,
      paidOut: sentBack(row),
    })
    const entries = movements(now, wanted).map(({ account, amount }) => ({
      id: generateEntityId(undefined, 'bent'),
      session_id: row.session_id,
      account,
      amount,
      raw_amount: JSON.stringify({ value: amount, precision: 20 }),
      cause,
    }))
    if (entries.length > 0) await transaction('btcpay_entry').insert(entries)
  }
}
