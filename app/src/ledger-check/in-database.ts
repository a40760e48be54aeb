import type { Connection } from '../modules/ledger/ledger'
import { isAddress } from '../modules/mail/address'
import type { Disagreement, Kind } from './disagreement'

/** So much younger, an order or a decision may still be on its way to payment and mail. */
const LATE = `now() - interval '15 minutes'`
/** A mail that was not written is looked for so long: while there is no mail server, none is written. */
const MAILED = `now() - interval '7 days'`
/** No look at the tables holds the shop up for longer. */
const LONGEST_QUERY_SECONDS = 60
/** More of one kind are one fault, and its first ones show it. */
const OF_ONE_KIND = 100

/** The name that log, mails and pages give a payment; see `referenceOf`. */
const nameOf = (session: string) =>
  `left(encode(sha256(convert_to(${session}, 'UTF8')), 'hex'), 12)`

const CAPTURED = `(
  SELECT coalesce(sum(c.amount), 0) FROM payment p JOIN capture c ON c.payment_id = p.id AND c.deleted_at IS NULL
  WHERE p.payment_session_id = i.session_id AND p.deleted_at IS NULL)`

/** A total may have more digits than can be paid, such as 14.6965. */
const DIGITS = `coalesce((SELECT decimal_digits FROM currency WHERE code = lower(i.currency)), 2)`

/** Each gives the references of one kind. */
const QUERIES: Partial<Record<Kind, string>> = {
  // Not by when it was asked for: that is every 30 seconds. Settled by hand, it has no entries.
  undecided: `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    WHERE i.deleted_at IS NULL AND i.state = 'Settled' AND i.outcome IN ('open', 'ended')
      AND coalesce((SELECT max(e.created_at) FROM btcpay_entry e WHERE e.session_id = i.session_id), i.created_at) < ${LATE}`,
  'no-order': `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    WHERE i.deleted_at IS NULL AND i.outcome = 'order'
      AND NOT EXISTS (SELECT FROM "order" o WHERE o.id = i.order_id AND o.deleted_at IS NULL)`,
  'other-order': `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    WHERE i.deleted_at IS NULL AND i.outcome = 'order'
      AND EXISTS (SELECT FROM order_cart k WHERE k.cart_id = i.cart_id AND k.deleted_at IS NULL)
      AND NOT EXISTS (SELECT FROM order_cart k
        WHERE k.cart_id = i.cart_id AND k.order_id = i.order_id AND k.deleted_at IS NULL)`,
  'two-orders': `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    WHERE i.deleted_at IS NULL AND i.outcome = 'order'
      AND (SELECT count(*) FROM order_cart k WHERE k.cart_id = i.cart_id AND k.deleted_at IS NULL) > 1`,
  'paid-twice': `SELECT '#' || o.display_id FROM btcpay_invoice i JOIN "order" o ON o.id = i.order_id
    WHERE i.deleted_at IS NULL AND i.outcome = 'order' GROUP BY o.id, o.display_id HAVING count(*) > 1`,
  'no-capture': `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    WHERE i.deleted_at IS NULL AND i.outcome = 'order' AND i.decided_at < ${LATE}
      AND round(${CAPTURED}, ${DIGITS}) <> i.amount::numeric`,
  'not-paid-for': `SELECT '#' || o.display_id FROM "order" o
    WHERE o.deleted_at IS NULL AND o.created_at < ${LATE}
      AND EXISTS (
        SELECT FROM order_cart c
        JOIN cart_payment_collection k ON k.cart_id = c.cart_id AND k.deleted_at IS NULL
        JOIN payment p ON p.payment_collection_id = k.payment_collection_id AND p.deleted_at IS NULL
        WHERE c.order_id = o.id AND c.deleted_at IS NULL AND p.provider_id = 'pp_btcpay_btcpay')
      AND NOT EXISTS (SELECT FROM btcpay_invoice i
        WHERE i.order_id = o.id AND i.outcome = 'order' AND i.deleted_at IS NULL)`,
  unbalanced: `SELECT ${nameOf('e.session_id')} FROM btcpay_entry e WHERE e.deleted_at IS NULL GROUP BY e.session_id
    HAVING sum(CASE WHEN e.account = 'received' THEN e.amount ELSE -e.amount END) <> 0`,
  'entries-differ': `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    LEFT JOIN (SELECT session_id, sum(amount) AS received FROM btcpay_entry
      WHERE account = 'received' AND deleted_at IS NULL GROUP BY session_id) e ON e.session_id = i.session_id
    WHERE i.deleted_at IS NULL AND coalesce(e.received, 0) <> i.paid_amount::numeric`,
  'refunded-differs': `SELECT ${nameOf('i.session_id')} FROM btcpay_invoice i
    LEFT JOIN (SELECT session_id, sum(amount) AS refunded FROM btcpay_entry
      WHERE account = 'refunded' AND deleted_at IS NULL GROUP BY session_id) e ON e.session_id = i.session_id
    LEFT JOIN (SELECT session_id,
        sum(counted_amount::numeric) FILTER (WHERE kind = 'owed') AS claimed,
        sum(counted_amount::numeric) FILTER (WHERE kind = 'refund') AS refunds,
        bool_or(paid_amount::numeric > counted_amount::numeric OR paid_amount::numeric > amount::numeric) AS is_more
      FROM btcpay_offer WHERE deleted_at IS NULL GROUP BY session_id) o ON o.session_id = i.session_id
    WHERE i.deleted_at IS NULL AND (
      coalesce(e.refunded, 0) <> i.refunded_amount::numeric + i.refunds_paid_amount::numeric
      OR coalesce(o.claimed, 0) <> i.claimed_amount::numeric
      OR coalesce(o.refunds, 0) <> i.refunds_paid_amount::numeric OR o.is_more)`,
  'payouts-unknown': `SELECT ${nameOf('o.session_id')} FROM btcpay_offer o
    WHERE o.deleted_at IS NULL AND o.next_ask_at IS NOT NULL
      AND coalesce(o.asked_at, o.created_at) < now() - interval '2 days'`,
}

/** A mail that should be in the outbox and is not, for an address that may be none. */
interface Unmailed {
  reference: string
  address: string | null
}

const notMailed = (key: string) =>
  `NOT EXISTS (SELECT FROM mail_message m WHERE m.key = ${key} AND m.deleted_at IS NULL)`
const DECIDED = `i.deleted_at IS NULL AND i.decided_at BETWEEN ${MAILED} AND ${LATE}`

/** As `mailReview` and `mailOrder` write them; `:owner` is null without an owner. */
const UNMAILED: Partial<Record<Kind, string>> = {
  'review-not-mailed': `
    SELECT ${nameOf('i.session_id')} AS reference, CAST(:owner AS text) AS address FROM btcpay_invoice i
      WHERE ${DECIDED} AND i.reason IS NOT NULL AND ${notMailed(`'owner-review:' || i.session_id || ':' || i.reason`)}
    UNION SELECT ${nameOf('i.session_id')}, i.purchase->>'email' FROM btcpay_invoice i
      WHERE ${DECIDED} AND i.outcome = 'review' AND i.reason <> 'no-cart' AND i.cart_id IS NOT NULL
        AND ${notMailed(`'payment-review:' || i.session_id || ':' || i.reason`)}`,
  'order-not-mailed': `
    SELECT '#' || o.display_id AS reference, CAST(:owner AS text) AS address FROM btcpay_invoice i JOIN "order" o ON o.id = i.order_id
      WHERE ${DECIDED} AND i.outcome = 'order' AND ${notMailed(`'owner-order:' || o.id`)}
    UNION SELECT '#' || o.display_id, o.email FROM btcpay_invoice i JOIN "order" o ON o.id = i.order_id
      WHERE ${DECIDED} AND i.outcome = 'order' AND ${notMailed(`'order-placed:' || o.id`)}`,
}

/** How many rows were compared. */
export interface Counted {
  invoices: number
  orders: number
}

/**
 * What ledger, orders, payments and outbox say differently, in one snapshot of the database. Changes nothing.
 * @param mail undefined while no mail is written; `owner` where the owner's mails go
 */
export function disagreementsInDatabase(
  connection: Connection,
  mail: { owner: string | undefined } | undefined,
): Promise<{ disagreements: Disagreement[]; counted: Counted }> {
  return connection.transaction(async (transaction) => {
    await transaction.raw('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    await transaction.raw(`SET LOCAL statement_timeout = '${LONGEST_QUERY_SECONDS}s'`)
    const rowsOf = async <Row>(sql: string, values: Record<string, string | null> = {}) =>
      (await transaction.raw<{ rows: Row[] }>(sql, values)).rows
    const disagreements: Disagreement[] = []
    for (const [kind, sql] of Object.entries(QUERIES)) {
      const rows = await rowsOf<{ reference: string }>(
        `SELECT reference FROM (${sql}) AS found(reference) ORDER BY 1 LIMIT ${OF_ONE_KIND}`,
      )
      disagreements.push(...rows.map(({ reference }) => ({ kind: kind as Kind, reference })))
    }
    for (const [kind, sql] of mail ? Object.entries(UNMAILED) : []) {
      const rows = await rowsOf<Unmailed>(sql, { owner: mail?.owner ?? null })
      const references = rows.filter(({ address }) => address !== null && isAddress(address))
      const all = new Set(references.map(({ reference }) => reference))
      const first = [...all].sort().slice(0, OF_ONE_KIND)
      disagreements.push(...first.map((reference) => ({ kind: kind as Kind, reference })))
    }
    const [counted] = await rowsOf<{ invoices: string; orders: string }>(
      `SELECT count(*) AS invoices, count(DISTINCT order_id) AS orders FROM btcpay_invoice WHERE deleted_at IS NULL`,
    )
    return {
      disagreements,
      counted: { invoices: Number(counted?.invoices), orders: Number(counted?.orders) },
    }
  })
}
