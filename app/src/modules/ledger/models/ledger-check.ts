import { model } from '@medusajs/framework/utils'

/** One comparison of BTCPay, ledger, orders and mails that went to its end; the host's watch reads the last. */
export const LedgerCheck = model
  .define('btcpay_check', {
    id: model.id({ prefix: 'bchk' }).primaryKey(),
    /** How many invoices and orders were compared. */
    invoices: model.number(),
    orders: model.number(),
    disagreements: model.number(),
    /** The first hundred: kind and reference of each; see src/ledger-check/disagreement.ts. */
    lines: model.json(),
  })
  .indexes([{ on: ['created_at'] }])
