import { z } from 'zod'
import { isLocale } from '../mails/language'
import { CART_BOUNDS, MAX_QUANTITY, TEXT_BOUNDS, UNLISTED_BOUNDS } from './bounds'

/** Names that carry what a client likes; the storefront sends none of them, so nothing is stored by them. */
const FREE_FORM = ['metadata', 'additional_data', 'data']

const text = (longest: number) =>
  z
    .string('must be a text')
    .max(longest, `is too long: up to ${longest} characters`)
    // PostgreSQL refuses it in the middle of the work.
    .refine((value) => !value.includes('\0'), 'has a character that cannot be stored')

const id = text(TEXT_BOUNDS.id).min(1, 'is empty')
const code = text(TEXT_BOUNDS.code)
/** The language that the shopper reads; see mails/language.ts. */
const locale = code.refine(isLocale, 'must be a language tag such as en or de-AT')
const quantity = (least: number) => {
  const rule = `must be a whole number from ${least} to ${MAX_QUANTITY}`
  return z.number(rule).int(rule).min(least, rule).max(MAX_QUANTITY, rule)
}

const field = text(TEXT_BOUNDS.addressField).nullish()
const address = z.strictObject({
  first_name: field,
  last_name: field,
  company: field,
  address_1: field,
  address_2: field,
  city: field,
  province: field,
  postal_code: field,
  phone: field,
  country_code: code.nullish(),
})

const line = z.strictObject({ variant_id: id, quantity: quantity(1) })
const promotionCodes = z
  .array(text(TEXT_BOUNDS.promotionCode))
  .max(CART_BOUNDS.promotionCodes, `are too many: up to ${CART_BOUNDS.promotionCodes}`)

const cart = z.strictObject({
  region_id: id.nullish(),
  sales_channel_id: id.nullish(),
  email: text(TEXT_BOUNDS.email).nullish(),
  shipping_address: address.optional(),
  billing_address: address.optional(),
  promo_codes: promotionCodes.optional(),
  locale: locale.nullish(),
})
const newCart = cart.extend({
  currency_code: code.nullish(),
  items: z
    .array(line)
    .max(CART_BOUNDS.linesOfRequest, `are too many: up to ${CART_BOUNDS.linesOfRequest} at once`)
    .optional(),
})
const nothing = z.strictObject({})

/**
 * The bodies that a shopper may send, by method and path; `*` stands for an id. A writing route of the
 * store API that is not here gets the bound of `unlisted`.
 */
export const BODIES: Record<string, z.ZodType> = {
  'POST carts': newCart,
  'POST carts/*': cart,
  'POST carts/*/line-items': line,
  'POST carts/*/line-items/*': z.strictObject({ quantity: quantity(0) }),
  'DELETE carts/*/line-items/*': nothing,
  'POST carts/*/promotions': z.strictObject({ promo_codes: promotionCodes }),
  'DELETE carts/*/promotions': z.strictObject({ promo_codes: promotionCodes }),
  'POST carts/*/shipping-methods': z.strictObject({ option_id: id }),
  'POST carts/*/customer': nothing,
  'POST carts/*/taxes': nothing,
  'POST carts/*/complete': nothing,
  'POST carts/*/payment': nothing,
  'POST order-pages/*/payment': nothing,
  'POST payment-collections': z.strictObject({ cart_id: id }),
  'POST payment-collections/*/payment-sessions': z.strictObject({ provider_id: id }),
}

/** The body of a route by its path below /store, such as `['carts', 'cart_01', 'line-items']`. */
function bodyOf(method: string, segments: string[]): z.ZodType | undefined {
  const path = segments.map((segment, index) => (index % 2 === 1 ? '*' : segment)).join('/')
  return BODIES[`${method} ${path}`]
}

/** What is wrong with a value of an unlisted route; counts every value that it holds. */
function unlistedProblem(body: unknown): string | undefined {
  let values = 0
  const look = (value: unknown, depth: number): string | undefined => {
    values += 1
    if (values > UNLISTED_BOUNDS.values) return 'The request has too many values.'
    if (typeof value === 'string' && value.length > TEXT_BOUNDS.unlisted) {
      return `A text of the request is too long: up to ${TEXT_BOUNDS.unlisted} characters.`
    }
    if (typeof value !== 'object' || value === null) return undefined
    if (depth >= UNLISTED_BOUNDS.depth) return 'The request is nested too deeply.'
    for (const [name, inner] of Object.entries(value)) {
      if (FREE_FORM.includes(name)) return `${name} is not taken here.`
      const problem = look(inner, depth + 1)
      if (problem) return problem
    }
    return undefined
  }
  return look(body, 0)
}

/** A sentence about the first fault, such as `items.0.quantity must be a whole number from 1 to 99.` */
function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    // A name of the sender's, so it is repeated only as far as it can be a name.
    return `${issue.keys
      .slice(0, 3)
      .map((key) => key.slice(0, 40))
      .join(', ')} is not taken here.`
  }
  const where = issue.path.length > 0 ? issue.path.map(String).join('.') : 'The request'
  const what = issue.message.startsWith('Invalid') ? 'has a form that is not taken' : issue.message
  return `${where} ${what}.`
}

/**
 * What is wrong with the body of a writing request of the store API, in a sentence.
 * @param segments the path below /store as doors.ts reads it
 * @returns undefined when it may pass
 */
export function bodyProblem(method: string, segments: string[], body: unknown): string | undefined {
  const shape = bodyOf(method, segments)
  if (!shape) return unlistedProblem(body)
  const checked = shape.safeParse(body ?? {})
  const [issue] = checked.success ? [] : checked.error.issues
  return issue && sentence(issue)
}
