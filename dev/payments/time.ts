import type { Reconciled } from '../../app/src/workflows/btcpay/reconcile.ts'
import { ofApp, type RealShop } from './real-shop.ts'
import type { Bought } from './reckoning.ts'

type Reconcile = typeof import('../../app/src/workflows/btcpay/reconcile.ts')
type MailOrder = typeof import('../../app/src/workflows/mail/mail-order.ts')
type Needless = typeof import('../../app/src/workflows/holds/needless.ts')

/** Time goes by: what waits for its time is done, as the jobs do it. */
export async function timePasses(shop: RealShop, { carts, emails }: Bought): Promise<Reconciled> {
  const sql = (text: string, values: Record<string, string[]>) => shop.connection.raw(text, values)
  await sql(
    `UPDATE btcpay_invoice SET next_ask_at = now() - interval '1 second' WHERE cart_id = ANY(:carts)`,
    { carts },
  )
  await sql(
    `UPDATE reservation_item SET created_at = created_at - interval '3 minutes' WHERE line_item_id = ANY(:holds)`,
    { holds: carts.map((cart) => `hold_${cart}`) },
  )
  await sql(
    `UPDATE btcpay_invoice SET created_at = created_at - interval '3 minutes' WHERE invoice_id IS NULL AND cart_id = ANY(:carts)`,
    { carts },
  )
  await sql(
    `UPDATE "order" SET created_at = created_at - interval '2 minutes' WHERE email = ANY(:emails)`,
    { emails },
  )
  const done = await ofApp<Reconcile>('workflows/btcpay/reconcile').reconcile(shop.container)
  await ofApp<MailOrder>('workflows/mail/mail-order').mailForgottenOrders(shop.container)
  await ofApp<Needless>('workflows/holds/needless').endNeedlessHolds(shop.container)
  return done
}
