import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { bitcoinSettings } from './settings'

/** GET /admin/bitcoin-settings: connection, key and webhook as BTCPay tells them now, and what came last. */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  res.setHeader('cache-control', 'no-store')
  res.json({ bitcoin_settings: await bitcoinSettings(req.scope) })
}
