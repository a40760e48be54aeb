import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ROUTES } from './find'
import { type Asked, isOpen } from './gate'

const SECRET = 'a-secret-of-a-test'
const NOW = 1_764_000_000

function signed(subject: string, seconds: number, secret = SECRET): string {
  const signature = createHmac('sha256', secret)
    .update(`client ${subject} ${seconds}`)
    .digest('hex')
  return `${subject} ${seconds} ${signature}`
}

const SHOPPER = { 'x-rr-client': signed('203.0.113.7', NOW) }
const CACHE = { 'x-rr-client': signed('storefront', 0) }

const open = (method: string, url: string, headers: Asked['headers'] = {}, storeOpen = false) =>
  isOpen({ method, url, headers }, { storeOpen, secret: SECRET }, NOW)

/** An address that a route answers. */
const address = (path: string) => path.replace(/:\w+/g, 'x_1').replace('*', 'x')
const of = (access: string) =>
  ROUTES.filter((route) => route.access === access).map(
    ({ method, path }) => [method, address(path)] as const,
  )

describe('a route', () => {
  it.each(of('public'))('that is public is open to anybody: %s %s', (method, url) => {
    expect(open(method, url)).toBe(true)
  })

  it('of the admin goes on to Medusa, which asks who it is', () => {
    for (const [method, url] of of('admin')) expect(open(method, url), url).toBe(true)
  })

  it.each(of('closed'))('that is closed stays closed, whoever asks: %s %s', (method, url) => {
    for (const headers of [{}, SHOPPER, CACHE]) {
      expect(open(method, url, headers)).toBe(false)
      expect(open(method, url, headers, true)).toBe(false)
    }
  })

  it.each([
    '/',
    '/admin',
    '/auth',
    '/store',
    '/nothing',
    '/admin/nothing',
    '/store/nothing',
    '/store/products/x/y',
    '/static',
    '/hooks',
    '/.env',
    '/app2',
    '',
    '*',
    'http://api.example.org/health',
    'api.example.org:443',
  ])('that is in no list is closed: %s', (url) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])
      expect(open(method, url, SHOPPER, true)).toBe(false)
  })

  it('is open for its own methods alone, and HEAD goes with GET', () => {
    expect(open('HEAD', '/health')).toBe(true)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get'])
      expect(open(method, '/health'), method).toBe(false)
    expect(open('GET', '/hooks/btcpay')).toBe(false)
    expect(open('GET', '/auth/user/emailpass')).toBe(false)
  })
})

describe('an address', () => {
  it.each([
    ['POST', '/auth/%75ser/emailpass'],
    ['POST', '/auth/user/EMAILPASS'],
    ['POST', '/AUTH/user/emailpass'],
    ['POST', '/auth/USER/emailpass'],
    ['POST', '/auth/user/emailpass/'],
    ['POST', '//auth/user/emailpass'],
    ['POST', '/auth//user/emailpass'],
    ['POST', '/auth/./user/emailpass'],
    ['GET', '/%61dmin/orders'],
    ['GET', '/Admin/orders'],
    ['GET', '//admin/orders'],
    ['GET', '/store/../admin/orders'],
    ['GET', '/admin/orders/..%2f..%2fready'],
    ['GET', '/admin/orders/%2e%2e'],
    ['GET', '/admin/orders/a%2Fb'],
    ['GET', '/admin/orders/a%5Cb'],
    ['GET', '/admin/orders/a%00b'],
    ['GET', '/admin/orders/%E0%A4%A'],
    ['GET', `/admin/orders/${'x'.repeat(257)}`],
    ['GET', '/static/../package.json'],
    ['GET', '/static/..%2fpackage.json'],
    ['GET', '/static//x'],
    ['GET', '/STATIC/x'],
    ['GET', '/health/'],
    ['GET', '/health;x'],
  ])('is open only as it is listed: %s %s', (method, url) => {
    expect(open(method, url)).toBe(false)
  })

  it.each([
    ['GET', '/health?a=/../b&c=%2F'],
    ['GET', '/admin/users/me'],
    ['GET', '/admin/orders/order_01K?fields=id'],
    ['GET', '/admin/users/ada%40example.org'],
    ['GET', '/app/'],
    ['GET', '/app/orders/order_1'],
    ['GET', '/static/1764-flask%20blue.webp'],
  ])('may have a query and values of its own: %s %s', (method, url) => {
    expect(open(method, url)).toBe(true)
  })

  it('means a literal before a parameter, as in Medusa', () => {
    // Both are POST /auth/x/y of Medusa; the first is also a route of its own.
    expect(open('POST', '/auth/user/emailpass')).toBe(true)
    expect(open('POST', '/auth/customer/emailpass')).toBe(false)
    expect(open('POST', '/auth/user/google')).toBe(false)
    expect(open('POST', '/auth/emailpass/user')).toBe(false)
  })
})

describe('the store API', () => {
  const store = of('storefront')

  it.each(store)('answers our storefront: %s %s', (method, url) => {
    expect(open(method, url, SHOPPER)).toBe(true)
  })

  it.each(store)('is closed to anybody else: %s %s', (method, url) => {
    for (const header of [
      undefined,
      '',
      'storefront',
      signed('203.0.113.7', NOW, 'a guess'),
      signed('203.0.113.7', NOW - 301),
      signed('203.0.113.7', NOW + 301),
      signed('storefront', 0, 'a guess'),
    ]) {
      expect(open(method, url, { 'x-rr-client': header })).toBe(false)
    }
    expect(open('OPTIONS', url, { 'access-control-request-method': method, ...SHOPPER })).toBe(
      false,
    )
  })

  it('takes the signature of the shared cache for reads of the catalogue alone', () => {
    const allowed = store.filter(([method, url]) => open(method, url, CACHE))
    expect(allowed).toEqual([
      ['GET', '/store/regions'],
      ['GET', '/store/product-categories'],
      ['GET', '/store/collections'],
      ['GET', '/store/products'],
    ])
  })

  it('answers everybody when it is opened, also from the page of another site', () => {
    for (const [method, url] of [...store, ...of('opened')]) {
      expect(open(method, url, {}, true), url).toBe(true)
      const preflight = { 'access-control-request-method': method }
      expect(open('OPTIONS', url, preflight, true), url).toBe(true)
    }
  })

  it.each(of('opened'))('has more only when it is opened: %s %s', (method, url) => {
    expect(open(method, url, SHOPPER)).toBe(false)
  })
})

describe('a preflight', () => {
  it('is answered for what the other site may ask, and for nothing else', () => {
    const preflight = (method: string, url: string) =>
      open('OPTIONS', url, { 'access-control-request-method': method })
    expect(preflight('POST', '/auth/user/emailpass')).toBe(true)
    expect(preflight('GET', '/admin/orders')).toBe(true)
    expect(preflight('POST', '/auth/customer/emailpass')).toBe(false)
    expect(preflight('PUT', '/admin/orders')).toBe(false)
    expect(preflight('POST', '/store/carts')).toBe(false)
  })
})
