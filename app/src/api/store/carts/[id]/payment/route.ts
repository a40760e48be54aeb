import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { answerBegun } from '../../../answer-begun'

/**
 * POST /store/carts/:id/payment: the cart's open invoice, or a new one; the cart's order when nothing is to be
 * paid.
 */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  await answerBegun(req, res, String(req.params.id))
}
