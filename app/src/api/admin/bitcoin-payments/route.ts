import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { z } from 'zod'
import { ledgerOf } from '../../../modules/ledger/ledger'
import { listed } from './listed'

const query = z.object({
  outcome: z.enum(['open', 'order', 'review', 'refunded', 'ended']).optional(),
  q: z.string().trim().min(1).max(200).optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

/**
 * GET /admin/bitcoin-payments?outcome=&q=&offset=&limit=: invoices of the ledger, the newest first. `q` is a
 * part of an e-mail, an order's number, a payment's reference or an invoice's id. 400 for anything else.
 */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const asked = query.safeParse(req.query)
  if (!asked.success) {
    res.status(400).json({ type: 'invalid_data', message: z.prettifyError(asked.error) })
    return
  }
  const { outcome, q: search, offset, limit } = asked.data
  const { rows, count } = await ledgerOf(req.scope).list({
    ...(outcome ? { outcome } : {}),
    ...(search ? { search } : {}),
    skip: offset,
    take: limit,
  })
  res.json({ bitcoin_payments: rows.map(listed), count, offset, limit })
}
