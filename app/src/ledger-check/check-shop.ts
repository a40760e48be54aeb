import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { environment } from '../environment'
import { mailSettings } from '../modules/mail/settings'
import { greenfield } from '../workflows/btcpay/examine-payment'
import { settlePayment } from '../workflows/btcpay/settle'
import { type Checked, checkLedger } from './check-ledger'

/** The check of the shop that this process belongs to. */
export function checkShop(container: MedusaContainer): Promise<Checked> {
  const mail = mailSettings(environment())
  return checkLedger(
    {
      connection: container.resolve(ContainerRegistrationKeys.PG_CONNECTION),
      btcpay: greenfield(),
      settle: (sessionId) => settlePayment(container, sessionId),
    },
    mail.on ? { owner: mail.owner } : undefined,
  )
}
