import { model } from '@medusajs/framework/utils'

/**
 * Every pull payment that BTCPay was asked to make of an invoice's money: an offer, owed until its payouts are
 * Completed. Amounts are decimal strings in major units of the invoice's currency.
 */
export const LedgerOffer = model
  .define('btcpay_offer', {
    id: model.id({ prefix: 'bofr' }).primaryKey(),
    session_id: model.text(),
    /** BTCPay's id. */
    pull_payment_id: model.text(),
    /** `refund` of an order's money, `owed` of money that is no order's. */
    kind: model.text(),
    amount: model.text(),
    /** Amounts of the payouts that were seen Completed, by their ids; never taken away. */
    payouts: model.json().nullable(),
    /** Their sum. */
    paid_amount: model.text().default('0'),
    /** What of it stands in the ledger as refunded: what was paid out, or what the owner said before. */
    counted_amount: model.text().default('0'),
    /** When the last answer was asked for. */
    asked_at: model.dateTime().nullable(),
    /** Not before this time is it looked up; null when it never will be again. */
    next_ask_at: model.dateTime().nullable(),
  })
  .indexes([
    { on: ['pull_payment_id'], unique: true },
    { on: ['session_id'] },
    { on: ['next_ask_at'] },
  ])
