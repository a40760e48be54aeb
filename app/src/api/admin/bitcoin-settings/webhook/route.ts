import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { btcpaySettings } from '../../../../modules/btcpay/settings'
import { registerWebhook } from '../../../../workflows/btcpay/webhook-setup'
import { SET_UP_FIRST, unavailable } from '../refusal'

/**
 * POST /admin/bitcoin-settings/webhook: registers the shop's webhook at BTCPay, or repairs it. Safe to repeat.
 * 503 with the reason in words: nothing was changed, or BTCPay did not say so.
 */
export async function POST(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const settings = btcpaySettings()
  if (!settings) return unavailable(res, SET_UP_FIRST)
  const done = await registerWebhook(req.scope, settings)
  if (!done.ok) return unavailable(res, done.message)
  res.json({ webhook: { did: done.value } })
}
