import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { btcpaySettings } from '../../../../modules/btcpay/settings'
import { proveWebhook } from '../../../../workflows/btcpay/webhook-setup'
import { SET_UP_FIRST, unavailable } from '../refusal'

/**
 * POST /admin/bitcoin-settings/proof: has BTCPay send a delivery, and answers with it once it is in the inbox.
 * It leaves an invalid invoice at BTCPay, which belongs to no cart. 503 with the reason in words.
 */
export async function POST(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const settings = btcpaySettings()
  if (!settings) return unavailable(res, SET_UP_FIRST)
  const done = await proveWebhook(req.scope, settings)
  if (!done.ok) return unavailable(res, done.message)
  res.json({ proof: done.value })
}
