import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { IS_ABANDONED } from './find'

/** Tables with a column cart_id whose rows go with their cart; the database deletes the first two by itself. */
export const TABLES_OF_A_CART = [
  'cart_line_item',
  'cart_shipping_method',
  'credit_line',
  'cart_promotion',
  'cart_payment_collection',
  'order_page_link',
] as const

/** Rows of a table that one run deletes. */
const AT_MOST = 1_000

/** What an address of a cart is left with when the shopper enters another one: no cart. */
const ORPHANED_ADDRESS = `
  a.created_at < now() - interval '1 day'
  AND NOT EXISTS (SELECT 1 FROM cart c WHERE c.shipping_address_id = a.id)
  AND NOT EXISTS (SELECT 1 FROM cart c WHERE c.billing_address_id = a.id)`

/** A customer whom Medusa made of an e-mail in a cart; one that an admin made has created_by. */
const FORGOTTEN_GUEST = `
  NOT g.has_account AND g.created_by IS NULL AND g.updated_at < now() - interval '30 days'
  AND NOT EXISTS (SELECT 1 FROM cart c WHERE c.customer_id = g.id)
  AND NOT EXISTS (SELECT 1 FROM "order" o WHERE o.customer_id = g.id)
  AND NOT EXISTS (SELECT 1 FROM customer_group_customer m WHERE m.customer_id = g.id)
  AND NOT EXISTS (SELECT 1 FROM customer_account_holder h WHERE h.customer_id = g.id)`

/**
 * Deletes carts with everything that hangs on them, addresses and payment sessions too: Medusa's own
 * delete would only mark the rows. All in one transaction, and only what is still abandoned.
 * @returns how many went
 */
export async function deleteCarts(container: MedusaContainer, ids: string[]): Promise<number> {
  const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  return connection.transaction(async (transaction) => {
    const { rows } = await transaction.raw<{
      rows: { id: string; shipping_address_id: string | null; billing_address_id: string | null }[]
    }>(
      `SELECT c.id, c.shipping_address_id, c.billing_address_id FROM cart c
       WHERE c.id = ANY(?) AND ${IS_ABANDONED} FOR UPDATE SKIP LOCKED`,
      [ids],
    )
    const carts = rows.map(({ id }) => id)
    if (carts.length === 0) return 0
    const addresses = rows
      .flatMap((row) => [row.shipping_address_id, row.billing_address_id])
      .filter((id) => id !== null)
    // Sessions hang on the collection, and go with it.
    await transaction.raw(
      `DELETE FROM payment_collection WHERE id IN
       (SELECT payment_collection_id FROM cart_payment_collection WHERE cart_id = ANY(?))`,
      [carts],
    )
    for (const table of TABLES_OF_A_CART) {
      await transaction(table).whereIn('cart_id', carts).delete()
    }
    // The ledger keeps what was paid and forgets who would have bought.
    await transaction('btcpay_invoice').whereIn('cart_id', carts).update({ purchase: null })
    await transaction('cart').whereIn('id', carts).delete()
    await transaction('cart_address').whereIn('id', addresses).delete()
    return carts.length
  })
}

/**
 * Deletes persons' data that no cart leads to any more: addresses that others replaced, and guests who
 * never ordered.
 * @returns how many rows went
 */
export async function deleteLeftOvers(container: MedusaContainer): Promise<number> {
  const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const addresses = await connection.raw<{ rowCount: number }>(
    `DELETE FROM cart_address WHERE id IN
     (SELECT a.id FROM cart_address a WHERE ${ORPHANED_ADDRESS} LIMIT ?)`,
    [AT_MOST],
  )
  const guests = await connection.raw<{ rowCount: number }>(
    `DELETE FROM customer WHERE id IN
     (SELECT g.id FROM customer g WHERE ${FORGOTTEN_GUEST} LIMIT ?)`,
    [AT_MOST],
  )
  return addresses.rowCount + guests.rowCount
}
