import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '../../app/src/modules/ledger/ledger.ts'

/** Events are handled beside the work that tells them. */
const MAILED_WITHIN_MS = 5_000

/** Who bought: all that a test has done is theirs, by the address of each. */
export interface Bought {
  emails: string[]
  carts: string[]
  /** Inventory items. */
  items: string[]
}

/** Each gives a line of what is wrong, of `:emails`, `:carts` and `:items`. */
const WRONG = {
  'an order of no cart': `SELECT o.id FROM "order" o WHERE o.email = ANY(:emails) AND o.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM order_cart k WHERE k.order_id = o.id AND k.deleted_at IS NULL)`,
  'a cart with two orders': `SELECT o.email FROM "order" o WHERE o.email = ANY(:emails) AND o.deleted_at IS NULL
    GROUP BY o.email HAVING count(*) > 1`,
  'an order that no invoice stands for': `SELECT o.id FROM "order" o WHERE o.email = ANY(:emails) AND o.deleted_at IS NULL
    AND NOT EXISTS (SELECT FROM btcpay_invoice i WHERE i.order_id = o.id AND i.outcome = 'order')`,
  'an order that is there and is not its invoice’s': `SELECT i.session_id FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts) AND i.outcome = 'order'
    AND NOT EXISTS (SELECT FROM order_cart k JOIN "order" o ON o.id = k.order_id AND o.deleted_at IS NULL
      WHERE k.cart_id = i.cart_id AND k.order_id = i.order_id AND k.deleted_at IS NULL)`,
  'two invoices of one order': `SELECT i.order_id FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts) AND i.outcome = 'order'
    GROUP BY i.order_id HAVING count(*) > 1`,
  'money that is nobody’s': `SELECT i.session_id || ' ' || i.state || ' ' || i.outcome FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts)
    AND (i.paid_amount::numeric > 0 OR i.state = 'Settled') AND i.outcome NOT IN ('order', 'review', 'refunded')`,
  'an invoice that is neither paid nor over': `SELECT i.session_id || ' ' || i.state FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts)
    AND i.invoice_id IS NOT NULL AND i.outcome = 'open'`,
  'accounts that do not balance': `SELECT i.session_id FROM btcpay_invoice i JOIN btcpay_entry e USING (session_id) WHERE i.cart_id = ANY(:carts)
    GROUP BY i.session_id HAVING sum(CASE WHEN e.account = 'received' THEN e.amount ELSE -e.amount END) <> 0`,
  'entries of another sum': `SELECT i.session_id FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts) AND i.paid_amount::numeric <>
    coalesce((SELECT sum(e.amount) FROM btcpay_entry e WHERE e.session_id = i.session_id AND e.account = 'received'), 0)`,
  'an order without its captured payment': `SELECT i.session_id FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts) AND i.outcome = 'order'
    AND i.amount::numeric <> coalesce((SELECT sum(c.amount) FROM payment p JOIN capture c ON c.payment_id = p.id AND c.deleted_at IS NULL
      WHERE p.payment_session_id = i.session_id AND p.deleted_at IS NULL), 0)`,
  'an order whose payment is not counted once': `SELECT i.order_id FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts) AND i.outcome = 'order'
    AND i.amount::numeric <> coalesce((SELECT sum(t.amount) FROM order_transaction t
      WHERE t.order_id = i.order_id AND t.reference = 'capture' AND t.deleted_at IS NULL), 0)`,
  'an order without its payment collection': `SELECT i.order_id FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts) AND i.outcome = 'order'
    AND NOT EXISTS (SELECT FROM order_payment_collection k WHERE k.order_id = i.order_id AND k.deleted_at IS NULL)`,
  'an ordered cart that is not completed': `SELECT c.id FROM cart c JOIN order_cart k ON k.cart_id = c.id AND k.deleted_at IS NULL
    WHERE c.id = ANY(:carts) AND c.completed_at IS NULL`,
  'an order whose goods are not reserved': `SELECT o.id FROM "order" o JOIN order_item i ON i.order_id = o.id AND i.deleted_at IS NULL
    WHERE o.email = ANY(:emails) AND o.deleted_at IS NULL AND o.canceled_at IS NULL
      AND i.quantity <> coalesce((SELECT sum(r.quantity) FROM reservation_item r WHERE r.line_item_id = i.item_id AND r.deleted_at IS NULL), 0)`,
  'a reservation of a line that is not there': `SELECT r.line_item_id FROM reservation_item r WHERE r.inventory_item_id = ANY(:items) AND r.deleted_at IS NULL
    AND NOT starts_with(r.line_item_id, 'hold_') AND NOT EXISTS (SELECT FROM order_item i WHERE i.item_id = r.line_item_id AND i.deleted_at IS NULL)`,
  'a hold of no invoice': `SELECT r.line_item_id FROM reservation_item r WHERE r.inventory_item_id = ANY(:items) AND r.deleted_at IS NULL
    AND starts_with(r.line_item_id, 'hold_') AND NOT EXISTS (SELECT FROM btcpay_invoice i WHERE 'hold_' || i.cart_id = r.line_item_id
      AND i.outcome IN ('open', 'review'))`,
  'a stock that does not count its reservations': `SELECT l.inventory_item_id || ' ' || l.reserved_quantity FROM inventory_level l
    WHERE l.inventory_item_id = ANY(:items) AND l.deleted_at IS NULL AND (l.reserved_quantity > l.stocked_quantity
      OR l.reserved_quantity <> coalesce((SELECT sum(r.quantity) FROM reservation_item r
        WHERE r.inventory_item_id = l.inventory_item_id AND r.location_id = l.location_id AND r.deleted_at IS NULL), 0))`,
}

const notMailed = (key: string) => `NOT EXISTS (SELECT FROM mail_message m WHERE m.key = ${key})`
const UNMAILED = {
  'an order of which its shopper was not told': `SELECT o.id FROM "order" o WHERE o.email = ANY(:emails) AND o.deleted_at IS NULL
    AND ${notMailed(`'order-placed:' || o.id`)}`,
  'an order of which the owner was not told': `SELECT o.id FROM "order" o WHERE o.email = ANY(:emails) AND o.deleted_at IS NULL
    AND ${notMailed(`'owner-order:' || o.id`)}`,
  'a review of which the owner was not told': `SELECT i.session_id || ' ' || i.reason FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts)
    AND i.reason IS NOT NULL AND ${notMailed(`'owner-review:' || i.session_id || ':' || i.reason`)}`,
  'a review of which its shopper was not told': `SELECT i.session_id || ' ' || i.reason FROM btcpay_invoice i WHERE i.cart_id = ANY(:carts)
    AND i.outcome = 'review' AND ${notMailed(`'payment-review:' || i.session_id || ':' || i.reason`)}`,
  'a mail of an order that is not there': `SELECT m.key FROM mail_message m WHERE m.recipient = ANY(:emails) AND m.kind = 'order-placed'
    AND NOT EXISTS (SELECT FROM "order" o WHERE 'order-placed:' || o.id = m.key AND o.deleted_at IS NULL)`,
}

async function found(
  connection: Connection,
  queries: Record<string, string>,
  { emails, carts, items }: Bought,
): Promise<string[]> {
  const all = Object.entries(queries).map(
    ([what, sql]) => `SELECT '${what}: ' || found.it AS line FROM (${sql}) AS found(it)`,
  )
  const { rows } = await connection.raw<{ rows: { line: string }[] }>(all.join('\nUNION ALL\n'), {
    emails,
    carts,
    items,
  })
  return rows.map(({ line }) => line)
}

/**
 * All that is not true of what was bought, once everything had its time; nothing when all is well.
 * @param mailedWithinMs how long a mail may still be on its way
 */
export async function whatIsWrong(
  connection: Connection,
  bought: Bought,
  mailedWithinMs = MAILED_WITHIN_MS,
): Promise<string[]> {
  const wrong = await found(connection, WRONG, bought)
  const until = Date.now() + mailedWithinMs
  let unmailed = await found(connection, UNMAILED, bought)
  while (unmailed.length > 0 && Date.now() < until) {
    await delay(20)
    unmailed = await found(connection, UNMAILED, bought)
  }
  return [...wrong, ...unmailed]
}
