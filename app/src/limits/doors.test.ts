import { describe, expect, it } from 'vitest'
import { limitOf, passwordDoor, segmentsOf } from './doors'

const limit = (method: string, path: string, search = false) =>
  limitOf(method, segmentsOf(path), search)

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
    expect(limit('GET', path)).toBe('signIn')
  })

  it('that cannot be decoded is taken as it is', () => {
    expect(segmentsOf('/store/%E0%A4%A')).toEqual(['store', '%e0%a4%a'])
  })
})

describe('the limit', () => {
  it.each([
    ['POST', '/auth/customer/emailpass', 'signIn'],
    ['POST', '/auth/anything/emailpass', 'signIn'],
    ['POST', '/auth/mfa/challenges/x/verify', 'signIn'],
    ['POST', '/auth/user/emailpass/register', 'registration'],
    ['POST', '/auth/user/emailpass/reset-password', 'passwordReset'],
    ['POST', '/auth/user/emailpass/update', 'passwordUpdate'],
    ['POST', '/auth/emailpass/user', 'registration'],
    ['POST', '/admin/invites/accept', 'registration'],
    ['POST', '/store/customers', 'registration'],
    ['POST', '/store/carts', 'cartCreation'],
    ['POST', '/store/carts/cart_1/line-items', 'cartChange'],
    ['DELETE', '/store/carts/cart_1/line-items/x', 'cartChange'],
    ['POST', '/store/carts/cart_1/complete', 'checkout'],
    ['POST', '/store/payment-collections', 'checkout'],
    ['POST', '/store/payment-collections/x/payment-sessions', 'checkout'],
    ['POST', '/store/carts/cart_1/payment', 'checkout'],
    ['GET', '/store/order-pages/x', 'paymentStatus'],
    ['GET', '/store/products', 'catalogue'],
    ['GET', '/store/carts/cart_1', 'store'],
    ['POST', '/store/returns', 'store'],
  ] as const)('of %s %s is %s', (method, path, name) => {
    expect(limit(method, path)).toBe(name)
  })

  it('of a search is its own', () => {
    expect(limit('GET', '/store/products', true)).toBe('search')
  })

  it.each([
    ['OPTIONS', '/store/carts'],
    ['GET', '/health'],
    ['GET', '/ready'],
    ['GET', '/admin/orders'],
    ['GET', '/auth/user/providers'],
    ['DELETE', '/auth/session'],
    ['GET', '/app'],
  ])('is none of %s %s', (method, path) => {
    expect(limit(method, path)).toBeUndefined()
  })
})
