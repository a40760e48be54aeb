import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { inContext } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { environment } from '../environment'
import { job } from '../logging/job'
import { BITCOIN } from '../workflows/btcpay/cart-payments'
import { settleInput, settlePaymentWorkflow } from '../workflows/btcpay/settle-payment'

/** Invoices expire after minutes; a week also catches slow chains and a long outage of BTCPay. */
const LOOK_BACK_DAYS = 7
const AT_MOST = 200

/** Compares every open payment with BTCPay, so that a lost webhook loses no payment. */
async function reconcileBtcpay(container: MedusaContainer): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  const { data: open } = await query.graph({
    entity: 'payment_session',
    fields: ['id'],
    filters: {
      provider_id: BITCOIN,
      status: ['pending', 'requires_more'],
      created_at: { $gte: new Date(Date.now() - LOOK_BACK_DAYS * 86_400_000).toISOString() },
    },
    pagination: { take: AT_MOST, order: { created_at: 'DESC' } },
  })
  for (const { id } of open) {
    try {
      const { result } = await inContext({ payment: short(id) }, () =>
        settlePaymentWorkflow(container).run({ input: settleInput(id) }),
      )
      if (result.found && result.payment.order_id) {
        logger.info(`btcpay: reconciliation settled payment ${id}`)
      }
    } catch (error) {
      // One payment that cannot be settled must not hold up the others.
      logger.warn(`btcpay: payment ${id} is tried again later: ${(error as Error).message}`)
    }
  }
}

const name = 'reconcile-btcpay'
export default job(name, reconcileBtcpay)

export const config = {
  name,
  schedule: { interval: Number(environment().BTCPAY_RECONCILE_SECONDS ?? 60) * 1000 },
}
