import { Module } from '@medusajs/framework/utils'
import { LedgerModule } from './service'

/** Name of the module in Medusa's container. */
export const LEDGER = 'btcpay_ledger'

export default Module(LEDGER, { service: LedgerModule })
