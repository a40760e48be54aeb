import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { clientOfRequest } from '../../limits/middleware'
import { beginPayment } from '../../workflows/order-page/begin-payment'

const REFUSALS = {
  'no-cart': { status: 404, type: 'not_found' },
  refused: { status: 400, type: 'invalid_data' },
  'no-answer': { status: 503, type: 'unavailable' },
} as const

/**
 * Begins the payment of a cart and answers `payment` or `order`; safe to call twice.
 * 404 no such cart, 400 something is missing before it can be paid, 503 BTCPay does not answer.
 */
export async function answerBegun(
  req: MedusaRequest,
  res: MedusaResponse,
  cartId: string,
): Promise<void> {
  const { key, local } = clientOfRequest(req)
  const begun = await beginPayment(req.scope, cartId, local ? undefined : key)
  res.setHeader('cache-control', 'no-store')
  if (begun.begun === 'payment') {
    res.status(200).json({ payment: begun.payment })
    return
  }
  if (begun.begun === 'order') {
    res.status(200).json({ order: begun.order })
    return
  }
  const { status, type } = REFUSALS[begun.reason]
  res.status(status).json({ type, message: begun.message })
}
