import { model } from '@medusajs/framework/utils'

/**
 * One movement of an invoice's money, in its currency and in major units. Rows are only added: PostgreSQL
 * refuses anything else, and that an invoice's accounts do not balance, see the migration.
 */
export const LedgerEntry = model
  .define('btcpay_entry', {
    id: model.id({ prefix: 'bent' }).primaryKey(),
    session_id: model.text(),
    /** received = for_order + owed + refunded */
    account: model.enum(['received', 'for_order', 'owed', 'refunded']),
    /** What is added to the account; negative when it is taken away. */
    amount: model.bigNumber(),
    /** What made it: the invoice's state, an order, a payout. */
    cause: model.text(),
  })
  .indexes([{ on: ['session_id'] }])
