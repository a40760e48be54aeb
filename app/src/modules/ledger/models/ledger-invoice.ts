import { model } from '@medusajs/framework/utils'

/**
 * Every invoice that was ever asked of BTCPay, from before it was made; a row is never deleted, though its
 * cart and session may be. Amounts are decimal strings in major units of `currency`.
 */
export const LedgerInvoice = model
  .define('btcpay_invoice', {
    id: model.id({ prefix: 'binv' }).primaryKey(),
    /** Medusa's payment session, which BTCPay keeps as the invoice's order id. */
    session_id: model.text(),
    /** BTCPay's own id; null until its answer came. */
    invoice_id: model.text().nullable(),
    cart_id: model.text().nullable(),
    /** The order that it pays for; null while there is none. */
    order_id: model.text().nullable(),
    amount: model.text(),
    /** Upper case, as BTCPay has it. */
    currency: model.text(),
    /** New, Processing, Settled, Expired or Invalid, as last seen; `Asked` before the first answer. */
    state: model.text().default('Asked'),
    additional_state: model.text().default('None'),
    paid_amount: model.text().default('0'),
    /** Of an order's money, what refunds have offered to its shopper. */
    offered_amount: model.text().default('0'),
    /** Of money that is no order's, what was sent back: by payouts of claim links, or as the owner says. */
    refunded_amount: model.text().default('0'),
    /** What of it had a claim link. */
    claimed_amount: model.text().default('0'),
    /** Of an order's money, what payouts of its refunds have sent back. */
    refunds_paid_amount: model.text().default('0'),
    /** Claim links for money that is no order's, see `OwedOffer`; null before the first. */
    owed_offers: model.json().nullable(),
    /** Name of a refund that was asked of BTCPay and not answered yet; null when none is. */
    refund_asked: model.text().nullable(),
    /** open, order, review, refunded or ended; see outcome.ts. */
    outcome: model.text().default('open'),
    /** Why a person must look; null when nobody must. */
    reason: model.text().nullable(),
    /** When outcome or reason last changed. */
    decided_at: model.dateTime().nullable(),
    /** BTCPay's page of the invoice. */
    checkout_link: model.text().nullable(),
    expires_at: model.dateTime().nullable(),
    /** Until then BTCPay waits for confirmations. */
    monitored_until: model.dateTime().nullable(),
    /** When the last answer was asked for. */
    asked_at: model.dateTime().nullable(),
    /** Not before this time does reconciliation ask; null when it never will again. */
    next_ask_at: model.dateTime().nullable(),
    /** What was bought and where it goes, so that an order can be made by hand; emptied with the cart. */
    purchase: model.json().nullable(),
  })
  .indexes([
    { on: ['session_id'], unique: true },
    { on: ['invoice_id'], unique: true, where: 'invoice_id IS NOT NULL' },
    { on: ['cart_id'] },
    { on: ['order_id'] },
    { on: ['next_ask_at'] },
    { on: ['outcome'] },
  ])
