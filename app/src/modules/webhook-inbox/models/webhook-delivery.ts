import { model } from '@medusajs/framework/utils'

/** One event of BTCPay, however often it was delivered. */
export const WebhookDelivery = model
  .define('webhook_delivery', {
    id: model.id({ prefix: 'whd' }).primaryKey(),
    /** Stays the same when BTCPay delivers again; unique, so one event is one row. */
    original_delivery_id: model.text(),
    type: model.text(),
    store_id: model.text(),
    invoice_id: model.text(),
    /** What came of it: handled, ignored, or review (a person must look). */
    outcome: model.text().nullable(),
    handled_at: model.dateTime().nullable(),
    attempts: model.number().default(0),
    /** Not before this time is it tried again. */
    next_attempt_at: model.dateTime(),
    last_error: model.text().nullable(),
  })
  .indexes([
    { on: ['original_delivery_id'], unique: true },
    { on: ['handled_at', 'next_attempt_at'] },
  ])
