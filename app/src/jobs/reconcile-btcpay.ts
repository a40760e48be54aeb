import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { environment } from '../environment'
import { job } from '../logging/job'
import { canAskBtcpay } from '../workflows/btcpay/can-ask'
import { reconcile } from '../workflows/btcpay/reconcile'

/** Asks BTCPay about every invoice whose time has come, so that a lost webhook loses no payment. */
async function reconcileBtcpay(container: MedusaContainer): Promise<void> {
  if (!canAskBtcpay()) return
  const { asked, settled, adopted, failed, paidOut, freed } = await reconcile(container)
  if (settled + adopted + failed + paidOut + freed === 0) return
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  logger.info(
    `btcpay: reconciliation asked ${asked}, settled ${settled}, adopted ${adopted}, ${failed} are tried again, ${paidOut} refunds were paid out, ${freed} carts hold goods no longer`,
  )
}

const name = 'reconcile-btcpay'
export default job(name, reconcileBtcpay)

export const config = {
  name,
  schedule: { interval: Number(environment().BTCPAY_RECONCILE_SECONDS ?? 60) * 1000 },
}
