import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { examinePayment } from '../../../../../workflows/btcpay/examine-payment'
import { settleInput, settlePaymentWorkflow } from '../../../../../workflows/btcpay/settle-payment'

/**
 * GET /store/btcpay/sessions/:id: a payment as its shopper follows it; a settled one becomes an order on the way.
 * 404 unknown session, 503 BTCPay does not answer.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const sessionId = String(req.params.id)
  let examination = await examinePayment(req.scope, sessionId)
  if (examination.found && examination.payment.status === 'paid' && !examination.payment.order_id) {
    const { result } = await settlePaymentWorkflow(req.scope).run({ input: settleInput(sessionId) })
    examination = result
  }
  res.setHeader('cache-control', 'no-store')
  if (examination.found) {
    res.status(200).json({ payment: examination.payment })
  } else if (examination.reason === 'no-session') {
    res.status(404).json({ type: 'not_found', message: 'There is no such payment.' })
  } else {
    res
      .status(503)
      .json({ type: 'unavailable', message: 'The payment cannot be checked right now.' })
  }
}
