import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { routeOf } from './routes'

const request = (method: string, originalUrl: string, more: object = {}) =>
  ({ method, originalUrl, ...more }) as IncomingMessage

describe('the route of a request in the log', () => {
  it('is the one that answered', () => {
    const routed = { route: { path: '/store/carts/:id' }, params: { id: 'cart_1' } }
    expect(routeOf(request('GET', '/store/carts/cart_1?fields=id', routed))).toMatchObject({
      route: '/store/carts/:id',
      cart: expect.stringMatching(/^[0-9a-f]{12}$/),
    })
  })

  it.each([
    ['POST', '/store/carts/cart_1/line-items?fields=id', '/store/carts/:id/line-items'],
    ['GET', '/admin/orders/order_1', '/admin/orders/:id'],
    ['GET', '/static/a/b.webp', '/static/*'],
  ])('is known also when it was refused before: %s %s', (method, url, route) => {
    expect(routeOf(request(method, url))).toEqual({ route })
    // As Express leaves it when a middleware of all paths has answered.
    expect(routeOf(request(method, url, { route: { path: '*' } }))).toEqual({ route })
  })

  it.each([
    ['GET', '/store/nothing/here', '/store/*'],
    ['POST', '/static/a.webp', '/static/*'],
    ['GET', '/etc/passwd', '*'],
    ['GET', '', '*'],
  ])('has no part of a path that nobody lists: %s %s', (method, url, route) => {
    expect(routeOf(request(method, url))).toEqual({ route })
  })
})
