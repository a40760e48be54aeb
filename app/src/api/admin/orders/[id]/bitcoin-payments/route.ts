import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { paymentsOfOrder } from './order-payments'

/**
 * GET /admin/orders/:id/bitcoin-payments: the order's invoices, with payments as BTCPay tells them now,
 * deliveries and refunds. BTCPay away: what the ledger has, and `btcpay_problem`. 404 no such order.
 */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const id = String(req.params.id)
  const { data: orders } = await req.scope
    .resolve(ContainerRegistrationKeys.QUERY)
    .graph({ entity: 'order', fields: ['id'], filters: { id: [id] } })
  if (orders.length === 0) {
    res.status(404).json({ type: 'not_found', message: 'There is no such order.' })
    return
  }
  // Claim links are money for whoever has them.
  res.setHeader('cache-control', 'no-store')
  res.json(await paymentsOfOrder(req.scope, id))
}
