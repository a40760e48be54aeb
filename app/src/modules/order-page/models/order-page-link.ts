import { model } from '@medusajs/framework/utils'

/** One link of an order page, from the first invoice of its cart until it is replaced. */
export const OrderPageLink = model
  .define('order_page_link', {
    id: model.id({ prefix: 'opl' }).primaryKey(),
    /** The secret in the page's address; it is in no log, and nobody but the shopper is given it. */
    token: model.text(),
    /** The page follows the cart's newest payment, and its order. */
    cart_id: model.text(),
    revoked_at: model.dateTime().nullable(),
  })
  .indexes([
    { on: ['token'], unique: true },
    // One link at a time, also when two processes make it at one moment.
    { on: ['cart_id'], unique: true, where: 'revoked_at IS NULL AND deleted_at IS NULL' },
  ])
