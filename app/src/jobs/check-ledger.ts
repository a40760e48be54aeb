import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { record } from '@rr-bizops/telemetry/logging/record'
import { lastChecked } from '../ledger-check/check-ledger'
import { checkShop } from '../ledger-check/check-shop'
import { lineOf } from '../ledger-check/disagreement'
import { job } from '../logging/job'
import { canAskBtcpay } from '../workflows/btcpay/can-ask'

/** Five chances a night: BTCPay may be away, or the worker be restarted, for one of them. */
const AT_NIGHT = '17 1-5 * * *'
/** One that went to its end is enough for a night. */
const ENOUGH_MS = 12 * 3_600_000
/** The rest is in the result; one fault may have many. */
const LOGGED = 20

/** Compares BTCPay, ledger, orders and mails each night; the host's watch reads the result. */
async function checkLedgerNightly(container: MedusaContainer): Promise<void> {
  if (!canAskBtcpay()) return
  const last = await lastChecked(container.resolve(ContainerRegistrationKeys.PG_CONNECTION))
  if (last && Date.now() - last.getTime() < ENOUGH_MS) return
  const { invoices, orders, disagreements } = await checkShop(container)
  for (const each of disagreements.slice(0, LOGGED)) record('warn', `ledger check: ${lineOf(each)}`)
  record(
    disagreements.length > 0 ? 'error' : 'info',
    `ledger check: ${invoices} invoices and ${orders} orders, ${disagreements.length} disagreements`,
  )
}

const name = 'check-ledger'
export default job(name, checkLedgerNightly)

export const config = { name, schedule: AT_NIGHT }
