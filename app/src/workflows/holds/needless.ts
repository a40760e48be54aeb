import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { ledgerOf } from '../../modules/ledger/ledger'
import { endHold } from './hold'
import { PREFIX } from './reservations'

/**
 * Carts whose hold nothing asks for any more: no invoice of theirs can still be paid or is under review, or
 * they have their order. A hold is taken before its invoice is there, so it may wait two minutes for it.
 */
const NEEDLESS = `
  SELECT DISTINCT c.cart_id FROM (
    SELECT substr(line_item_id, ${PREFIX.length + 1}) AS cart_id, created_at FROM reservation_item
    WHERE deleted_at IS NULL AND starts_with(line_item_id, '${PREFIX}')
  ) AS c
  WHERE EXISTS (SELECT FROM btcpay_invoice i WHERE i.cart_id = c.cart_id AND i.outcome = 'order')
    OR (c.created_at < now() - interval '2 minutes' AND NOT EXISTS (
      SELECT FROM btcpay_invoice i WHERE i.cart_id = c.cart_id AND i.invoice_id IS NOT NULL
        AND i.outcome IN ('open', 'review') AND i.deleted_at IS NULL))`

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
  const rows = await ledgerOf(container).ofCart(cartId)
  if (rows.some(({ outcome }) => outcome === 'open' || outcome === 'review')) return
  await endHold(container, cartId)
}
