/** Secret of an order's page: `page_` and 26 signs, see `app/src/modules/order-page/token.ts`. */
const TOKEN = /^page_[0-9a-z]{26}$/
/** Names a payment: 12 hex digits. */
const REFERENCE = /^[0-9a-f]{12}$/

/** Whether a text can open an order's page; anything else is not worth a question. */
export function isToken(text: string): boolean {
  return TOKEN.test(text)
}

/** Whether a text can name a payment; anything else is not shown. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text)
}
