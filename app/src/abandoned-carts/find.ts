import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { CART_BOUNDS } from '../cart-bounds/bounds'

/** A cart that nobody touches any more. */
export interface AbandonedCart {
  id: string
  /** BTCPay's invoices that were ever made for it, also those that others replaced. */
  invoices: string[]
}

const TOUCHED = `GREATEST(
  c.updated_at,
  (SELECT max(GREATEST(l.updated_at, l.deleted_at)) FROM cart_line_item l WHERE l.cart_id = c.id),
  (SELECT max(GREATEST(m.updated_at, m.deleted_at)) FROM cart_shipping_method m WHERE m.cart_id = c.id),
  (SELECT max(GREATEST(a.updated_at, a.deleted_at)) FROM cart_address a
    WHERE a.id IN (c.shipping_address_id, c.billing_address_id)),
  (SELECT max(s.created_at) FROM payment_session s
    JOIN cart_payment_collection p USING (payment_collection_id) WHERE p.cart_id = c.id)
)`

/** What makes a row `c` of table cart abandoned: no order, no payment under way or in review, and old. Soft-deleted rows count, too. */
export const IS_ABANDONED = `
  c.created_at < now() - interval '${CART_BOUNDS.untouchedDays} days'
  AND c.completed_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM order_cart o WHERE o.cart_id = c.id)
  AND NOT EXISTS (SELECT 1 FROM btcpay_invoice b
    WHERE b.cart_id = c.id AND b.deleted_at IS NULL AND b.outcome IN ('open', 'review'))
  AND NOT EXISTS (SELECT 1 FROM payment y
    JOIN cart_payment_collection p USING (payment_collection_id) WHERE p.cart_id = c.id)
  AND (
    c.created_at < now() - interval '${CART_BOUNDS.oldestDays} days'
    OR ${TOUCHED} < now() - interval '${CART_BOUNDS.untouchedDays} days'
  )`

const INVOICES = `(
  SELECT array_agg(s.data->>'invoice_id') FROM payment_session s
  JOIN cart_payment_collection p USING (payment_collection_id)
  WHERE p.cart_id = c.id AND s.data->>'invoice_id' IS NOT NULL
)`

/**
 * Some abandoned carts: those for which an invoice was made, or those without one.
 * @param atMost in random order, so that carts which must be kept hold up no others
 */
export async function abandonedCarts(
  container: MedusaContainer,
  invoiced: boolean,
  atMost: number,
): Promise<AbandonedCart[]> {
  const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const { rows } = await connection.raw<{ rows: { id: string; invoices: string[] | null }[] }>(
    `SELECT * FROM (SELECT c.id, ${INVOICES} AS invoices FROM cart c WHERE ${IS_ABANDONED}) found
     WHERE invoices IS ${invoiced ? 'NOT NULL' : 'NULL'}
     ORDER BY random() LIMIT ?`,
    [atMost],
  )
  return rows.map(({ id, invoices }) => ({ id, invoices: invoices ?? [] }))
}
