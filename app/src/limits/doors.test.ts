import { describe, expect, it } from 'vitest'
import { ROUTES } from '../surface/find'
import { limitOf, passwordDoor, segmentsOf } from './doors'

const limit = (method: string, path: string, search = false) => limitOf(method, path, search)

describe('a path', () => {
  it.each([
    '/auth/user/emailpass',
    '/AUTH/User/emailPass/',
    '/auth/user/%65mailpass',
    '/auth/%75ser/emailpass?x=1',
    '//auth//user/emailpass',
    'http://another.example/auth/user/emailpass?x=1',
  ])('is a sign-in however it is written: %s', (path) => {
    expect(passwordDoor(segmentsOf(path))).toBe('signIn')
    expect(limit('POST', path)).toBe('signIn')
  })

  it('that cannot be decoded is taken as it is', () => {
    expect(segmentsOf('/store/%E0%A4%A')).toEqual(['store', '%e0%a4%a'])
  })
})

describe('the limit', () => {
  it.each([
    ['POST', '/auth/mfa/challenges/x/verify', 'signIn'],
    ['POST', '/auth/user/emailpass/register', 'registration'],
    ['POST', '/auth/user/emailpass/reset-password', 'passwordReset'],
    ['POST', '/auth/user/emailpass/update', 'passwordUpdate'],
    ['POST', '/auth/session', 'session'],
    ['POST', '/admin/invites/accept', 'registration'],
    ['POST', '/store/carts', 'cartCreation'],
    ['POST', '/store/carts/cart_1/line-items', 'cartChange'],
    ['DELETE', '/store/carts/cart_1/line-items/x', 'cartChange'],
    ['POST', '/store/payment-collections', 'checkout'],
    ['POST', '/store/payment-collections/x/payment-sessions', 'checkout'],
    ['POST', '/store/carts/cart_1/payment', 'checkout'],
    ['GET', '/store/order-pages/x', 'paymentStatus'],
    ['POST', '/store/order-pages/x/payment', 'checkout'],
    ['GET', '/store/products?limit=1', 'catalogue'],
    ['HEAD', '/store/products', 'catalogue'],
    ['GET', '/store/carts/cart_1', 'store'],
    ['GET', '/admin/orders', 'admin'],
    ['POST', '/admin/orders/order_1/cancel', 'admin'],
    ['GET', '/auth/user/providers', 'admin'],
  ] as const)('of %s %s is %s', (method, path, name) => {
    expect(limit(method, path)).toBe(name)
  })

  it('of a search is its own', () => {
    expect(limit('GET', '/store/products?q=x', true)).toBe('search')
    expect(limit('GET', '/store/carts/cart_1?q=x', true)).toBe('store')
  })

  it('stands at every route that changes something, and at every one of the admin', () => {
    const changing = ROUTES.filter(
      ({ access, method }) => access !== 'closed' && (access === 'admin' || method !== 'GET'),
    )
    expect(changing.length).toBeGreaterThan(400)
    expect(changing.filter((route) => route.limit === null)).toEqual([])
  })

  it.each([
    ['OPTIONS', '/store/carts'],
    ['GET', '/health'],
    ['GET', '/ready'],
    ['GET', '/app'],
    ['GET', '/static/flask.webp'],
  ])('is none of %s %s', (method, path) => {
    expect(limit(method, path)).toBeUndefined()
  })
})
