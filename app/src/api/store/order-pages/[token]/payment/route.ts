import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { cartOfToken } from '../../../../../workflows/order-page/page-link'
import { answerBegun } from '../../../answer-begun'

/**
 * POST /store/order-pages/:token/payment: as POST /store/carts/:id/payment, for who has the page's link: a
 * fresh invoice when the first has ended, in whatever browser. 404 unknown or replaced link.
 */
export async function POST(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const cartId = await cartOfToken(req.scope, String(req.params.token))
  if (cartId) return answerBegun(req, res, cartId)
  res.setHeader('cache-control', 'no-store')
  res.status(404).json({ type: 'not_found', message: 'There is no such page.' })
}
