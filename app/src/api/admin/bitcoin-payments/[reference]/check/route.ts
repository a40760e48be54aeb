import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ledgerOf } from '../../../../../modules/ledger/ledger'
import { settlePayment } from '../../../../../workflows/btcpay/settle'
import { followOffersOf } from '../../../../../workflows/refunds/follow-offers'

/**
 * POST /admin/bitcoin-payments/:reference/check: asks BTCPay now, also for what was paid out of its
 * refunds, and makes the order if it can be made.
 * 404 no such payment, 503 BTCPay gives no answer: nothing was changed.
 */
export async function POST(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const row = await ledgerOf(req.scope).byReference(String(req.params.reference))
  if (!row) {
    res.status(404).json({ type: 'not_found', message: 'There is no such payment.' })
    return
  }
  await followOffersOf(req.scope, row.session_id)
  const result = await settlePayment(req.scope, row.session_id)
  if (!result.found) {
    res
      .status(503)
      .json({ type: 'unavailable', message: 'BTCPay gives no answer about this invoice.' })
    return
  }
  const { status, reason, order_id, order_display_id } = result.payment
  res.json({ payment: { status, reason, order_id, order_number: order_display_id } })
}
