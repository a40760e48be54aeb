import { record } from '@rr-bizops/telemetry/logging/record'
import { btcpaySettings } from '../../modules/btcpay/settings'

let isSaid = false

/** Whether the shop is set up with BTCPay; without, it is said once in the log of each process. */
export function canAskBtcpay(): boolean {
  if (btcpaySettings()) return true
  if (!isSaid) record('warn', 'btcpay: not set up, so nobody can pay and no invoice is asked for')
  isSaid = true
  return false
}
