import { model } from '@medusajs/framework/utils'

/** The last run of reconciliation that BTCPay answered; one row, which each such run replaces. */
export const Reconciliation = model.define('btcpay_reconciliation', {
  id: model.id().primaryKey(),
  finished_at: model.dateTime(),
  asked: model.number(),
  /** Payments that became an order or came under review, and invoices that were adopted. */
  found: model.number(),
})
