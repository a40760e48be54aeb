import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { endHold } from './hold'
import { nameOf, PREFIX } from './reservations'

/**
 * Invoices that a hold is for: one that can still be paid, and a review of the whole amount, for three days.
 * Less money, or money for something else, must not keep goods from others.
 */
const FOR_A_HOLD = `(i.outcome = 'open' OR (i.outcome = 'review'
  AND i.reason NOT IN ('replaced', 'second-payment', 'mismatch', 'no-cart')
  AND i.paid_amount::numeric >= i.amount::numeric AND i.decided_at > now() - interval '3 days'))`

/**
 * Carts whose hold nothing asks for any more: there is no such invoice, or they have their order. A hold is
 * taken before its invoice is there, so it may wait two minutes for it.
 */
const NEEDLESS = `
  SELECT DISTINCT c.cart_id FROM (
    SELECT substr(line_item_id, ${PREFIX.length + 1}) AS cart_id, created_at FROM reservation_item
    WHERE deleted_at IS NULL AND starts_with(line_item_id, '${PREFIX}')
  ) AS c
  WHERE EXISTS (SELECT FROM btcpay_invoice i WHERE i.cart_id = c.cart_id AND i.outcome = 'order')
    OR (c.created_at < now() - interval '2 minutes' AND NOT EXISTS (
      SELECT FROM btcpay_invoice i WHERE i.cart_id = c.cart_id AND i.deleted_at IS NULL AND ${FOR_A_HOLD}
        AND (i.invoice_id IS NOT NULL OR i.created_at > now() - interval '2 minutes')))`

/** The same for one cart at once, unless its hold is younger than all its invoices: then one is being made. */
const NEEDLESS_NOW = `
  SELECT FROM reservation_item c
  WHERE c.deleted_at IS NULL AND c.line_item_id = :name
    AND NOT EXISTS (
      SELECT FROM btcpay_invoice i WHERE i.cart_id = :cart AND i.deleted_at IS NULL
        AND (${FOR_A_HOLD} OR i.created_at < c.created_at AND NOT EXISTS (
          SELECT FROM btcpay_invoice n WHERE n.cart_id = :cart AND n.created_at >= c.created_at)))`

/**
 * Ends the holds that nothing asks for, whatever ended before it could: after a kill, or when the owner has
 * ended a review.
 * @returns how many carts' goods are free again
 */
export async function endNeedlessHolds(container: MedusaContainer): Promise<number> {
  const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const { rows } = await connection.raw<{ rows: { cart_id: string }[] }>(NEEDLESS)
  for (const { cart_id } of rows) await endHold(container, cart_id)
  return rows.length
}

/** The same for one cart, as soon as one of its invoices has ended or its review was. */
export async function endHoldIfNeedless(container: MedusaContainer, cartId: string): Promise<void> {
  const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const { rows } = await connection.raw<{ rows: object[] }>(NEEDLESS_NOW, {
    name: nameOf(cartId),
    cart: cartId,
  })
  if (rows.length > 0) await endHold(container, cartId)
}
