import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { readPage } from '../../../../workflows/order-page/read-page'

/**
 * GET /store/order-pages/:token: an order or payment as its shopper follows it.
 * 404 unknown or replaced link, 503 BTCPay does not answer.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const read = await readPage(req.scope, String(req.params.token))
  res.setHeader('cache-control', 'no-store')
  if (read.found) {
    res.status(200).json({ order_page: read.page })
  } else if (read.reason === 'no-page') {
    res.status(404).json({ type: 'not_found', message: 'There is no such page.' })
  } else {
    res
      .status(503)
      .json({ type: 'unavailable', message: 'The payment cannot be checked right now.' })
  }
}
