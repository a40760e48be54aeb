import { describe, expect, it } from 'vitest'
import { bodyProblem } from './bodies'
import { CART_BOUNDS } from './bounds'

const of = (route: string, body: unknown) => {
  const [method = '', path = ''] = route.split(' ')
  return bodyProblem(method, path.split('/'), body)
}
const ENTRANCES: [string, (quantity: unknown) => object][] = [
  ['POST carts', (quantity) => ({ items: [{ variant_id: 'variant_01', quantity }] })],
  ['POST carts/cart_01/line-items', (quantity) => ({ variant_id: 'variant_01', quantity })],
  ['POST carts/cart_01/line-items/cali_01', (quantity) => ({ quantity })],
]
const WRONG = [
  0.01,
  1.5,
  -1,
  100,
  1e21,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  '1',
  null,
  true,
  [1],
  undefined,
]

describe('a quantity', () => {
  it.each(
    ENTRANCES.flatMap(([route, body]) => WRONG.map((quantity) => [route, quantity, body] as const)),
  )('that is no whole number of pieces is refused: %s %s', (route, quantity, body) => {
    expect(of(route, body(quantity))).toMatch(/must be a whole number from [01] to 99\.$/)
  })

  it.each(ENTRANCES)('of 1 to 99 pieces is taken: %s', (route, body) => {
    expect([1, 2, 99].map((quantity) => of(route, body(quantity)))).toEqual(
      Array(3).fill(undefined),
    )
  })

  it('of 0 removes a line and adds none', () => {
    expect(ENTRANCES.map(([route, body]) => of(route, body(0)) === undefined)).toEqual([
      false,
      false,
      true,
    ])
  })
})

describe('what the storefront sends', () => {
  const address = {
    first_name: 'Ada',
    last_name: 'Lovelace',
    address_1: 'Analytical Way 1',
    address_2: '',
    postal_code: '10115',
    city: 'Berlin',
    province: '',
    country_code: 'de',
    phone: '',
  }

  it.each([
    [
      'POST carts',
      { region_id: 'reg_01', locale: 'en', items: [{ variant_id: 'variant_01', quantity: 2 }] },
    ],
    ['POST carts/cart_01', { locale: 'de-AT' }],
    [
      'POST carts/cart_01',
      { email: 'ada@example.org', shipping_address: address, billing_address: address },
    ],
    ['POST carts/cart_01/shipping-methods', { option_id: 'so_01' }],
    ['POST carts/cart_01/payment', {}],
    ['POST order-pages/page_01/payment', {}],
    ['POST carts/cart_01/complete', undefined],
    ['DELETE carts/cart_01/line-items/cali_01', undefined],
    ['POST payment-collections', { cart_id: 'cart_01' }],
    ['POST payment-collections/pay_col_01/payment-sessions', { provider_id: 'pp_btcpay_btcpay' }],
  ])('is taken: %s', (route, body) => {
    expect(of(route, body)).toBeUndefined()
  })
})

describe('a body', () => {
  const long = 'x'.repeat(300)
  const lines = (count: number) => Array(count).fill({ variant_id: 'variant_01', quantity: 1 })

  it.each([
    ['POST carts', { metadata: { a: 1 } }, 'metadata is not taken here.'],
    ['POST carts', { additional_data: {} }, 'additional_data is not taken here.'],
    [
      'POST carts',
      { items: [{ variant_id: 'v', quantity: 1, metadata: {} }] },
      'metadata is not taken here.',
    ],
    ['POST carts', { items: lines(21) }, 'items are too many: up to 20 at once.'],
    [
      'POST carts',
      { shipping_address: 'caaddr_01' },
      'shipping_address has a form that is not taken.',
    ],
    ['POST carts/c', { shipping_address: { id: 'caaddr_01' } }, 'id is not taken here.'],
    [
      'POST carts/c',
      { shipping_address: { city: long } },
      'shipping_address.city is too long: up to 120 characters.',
    ],
    ['POST carts/c', { billing_address: { metadata: {} } }, 'metadata is not taken here.'],
    ['POST carts', { locale: 'de_AT' }, 'locale must be a language tag such as en or de-AT.'],
    ['POST carts/c', { locale: '<b>de</b>' }, 'locale must be a language tag such as en or de-AT.'],
    ['POST carts/c', { locale: ['de'] }, 'locale must be a text.'],
    ['POST carts/c', { email: long }, 'email is too long: up to 254 characters.'],
    ['POST carts/c', { email: 'a\0@example.org' }, 'email has a character that cannot be stored.'],
    ['POST carts/c', { promo_codes: Array(6).fill('A') }, 'promo_codes are too many: up to 5.'],
    [
      'POST carts/c/promotions',
      { promo_codes: [long] },
      'promo_codes.0 is too long: up to 64 characters.',
    ],
    ['POST carts/c/shipping-methods', { option_id: 'so', data: {} }, 'data is not taken here.'],
    [
      'POST carts/c/shipping-methods',
      [{ option_id: 'so' }],
      'The request has a form that is not taken.',
    ],
    ['POST carts/c/line-items', 'a text', 'The request has a form that is not taken.'],
    [
      'POST payment-collections/p/payment-sessions',
      { provider_id: 'p', data: {} },
      'data is not taken here.',
    ],
  ])('is refused in words: %s %j', (route, body, words) => {
    expect(of(route, body)).toBe(words)
  })

  it.each([
    [{ metadata: { a: 1 } }, 'metadata is not taken here.'],
    [{ inner: { data: 1 } }, 'data is not taken here.'],
    [{ name: long }, 'A text of the request is too long: up to 250 characters.'],
    [{ a: { b: { c: { d: {} } } } }, 'The request is nested too deeply.'],
    [Array(300).fill(1), 'The request has too many values.'],
  ])('of a route without a shape of its own is bounded, too: %j', (body, words) => {
    expect(of('POST returns', body)).toBe(words)
    expect(of('POST returns', { order_id: 'order_01', items: [{ id: 'a', quantity: 1 }] })).toBe(
      undefined,
    )
  })

  it('has fewer lines than a cart', () => {
    expect(CART_BOUNDS.linesOfRequest).toBeLessThan(CART_BOUNDS.lines)
  })
})
