import { describe, expect, it } from 'vitest'
import { changeOf } from './change'

const ID = 'cart_01KAXJ6M3Q8Y5T2W9V4R7N1B0Z'

describe('a request that changes a cart', () => {
  it.each([
    ['POST', `/store/carts/${ID}/line-items?fields=id`],
    ['POST', `/store/carts/${ID}/line-items/cali_1`],
    ['DELETE', `/store/carts/${ID}/line-items/cali_1`],
    ['POST', `/store/carts/${ID}/%6Cine-Items/`],
  ])('is known as one of its lines: %s %s', (method, path) => {
    expect(changeOf(method, path, undefined)).toEqual({ cart: ID, lines: true })
  })

  it.each([
    ['POST', `/store/carts/${ID}`],
    ['POST', `/store/carts/${ID}/`],
    ['POST', `/store/carts/${ID}/promotions`],
    ['DELETE', `/store/carts/${ID}/promotions`],
    ['POST', `/store/carts/${ID}/customer`],
    ['POST', `/store/carts/${ID}/shipping-methods`],
    ['POST', `/store/carts/${ID}/taxes`],
    ['POST', `/store/carts/${ID}/complete`],
    ['PUT', `/store/carts/${ID}`],
    ['PATCH', `/store/carts/${ID}/anything/of/the/future`],
    ['POST', `/store/carts/${ID}/payment/of-another-kind`],
    ['DELETE', `/store/carts/${ID}/payment`],
  ])('is seen: %s %s', (method, path) => {
    expect(changeOf(method, path, undefined)).toEqual({ cart: ID })
  })

  it.each([
    `/STORE/Carts/${ID}/Promotions`,
    `/store/%63arts/${ID}/promotions`,
    `/store/carts/${ID.replace('cart', '%63art')}/promotions`,
    `//store//carts//${ID}//promotions`,
    `http://another.example/store/carts/${ID}/promotions`,
    `HTTP://another.example:80/store/carts/${ID}`,
  ])('is seen however its path is written: %s', (path) => {
    expect(changeOf('POST', path, undefined)).toEqual({ cart: ID })
  })

  it('is seen in the payment collection of the cart', () => {
    expect(changeOf('POST', '/store/payment-collections', { cart_id: ID })).toEqual({ cart: ID })
    const sessions = '/store/payment-collections/pay_col_1/payment-sessions'
    expect(changeOf('POST', sessions, {})).toEqual({ collection: 'pay_col_1' })
  })

  it.each([
    ['GET', `/store/carts/${ID}`, undefined],
    ['HEAD', `/store/carts/${ID}`, undefined],
    ['OPTIONS', `/store/carts/${ID}`, undefined],
    ['POST', '/store/carts', { items: [] }],
    ['POST', `/store/carts/${ID}/payment`, undefined],
    ['POST', `/store/carts/${ID}/%70ayment/`, undefined],
    ['POST', '/store/payment-collections', { cart_id: [ID] }],
    ['POST', '/store/payment-collections', undefined],
    ['POST', `/admin/orders/${ID}`, undefined],
  ])('is not %s %s', (method, path, body) => {
    expect(changeOf(method, path, body)).toBeUndefined()
  })
})
