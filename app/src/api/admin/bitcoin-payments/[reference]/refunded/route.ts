import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { Modules } from '@medusajs/framework/utils'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { ledgerOf } from '../../../../../modules/ledger/ledger'
import { settleInput } from '../../../../../workflows/btcpay/settle-payment'
import { endHoldIfNeedless } from '../../../../../workflows/holds/needless'

/** As long as a settlement waits for another one. */
const LOCK_WAIT_SECONDS = 60

/**
 * POST /admin/bitcoin-payments/:reference/refunded: the money was sent back by other means than a claim
 * link; ends a review, or a surplus. It sends nothing itself. 404 no such payment, 409 nothing is to be sent back. Safe to repeat.
 */
export async function POST(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const ledger = ledgerOf(req.scope)
  const row = await ledger.byReference(String(req.params.reference))
  if (!row) {
    res.status(404).json({ type: 'not_found', message: 'There is no such payment.' })
    return
  }
  // Not while somebody makes an order of it.
  const ended = await req.scope
    .resolve(Modules.LOCKING)
    .execute(
      settleInput(row.session_id).lock,
      () => ledger.refunded(row.session_id, req.auth_context.actor_id),
      { timeout: LOCK_WAIT_SECONDS },
    )
  if (!ended && row.outcome !== 'refunded') {
    const message = 'Nothing of this payment is to be sent back.'
    res.status(409).json({ type: 'not_allowed', message })
    return
  }
  if (ended) {
    if (row.cart_id) await endHoldIfNeedless(req.scope, row.cart_id)
    record('info', 'btcpay: a review ended as refunded', { payment: short(row.session_id) })
  }
  res.json({ payment: { status: 'refunded' } })
}
