import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { boundLookups } from './bound-lookups'

interface Route {
  matcher: string
  method: string
}
interface Finder {
  add(route: Route): void
  find(url: string, method: string): Route | null
}

it("keeps Medusa's memory of paths as small as the list of routes", () => {
  const require = createRequire(import.meta.url)
  const file = join(dirname(require.resolve('@medusajs/framework/http')), 'routes-finder.js')
  boundLookups()
  const { RoutesFinder } = require(file) as { RoutesFinder: new () => Finder }
  const finder = new RoutesFinder()
  const orders = { matcher: '/admin/orders', method: 'GET' }
  const order = { matcher: '/admin/orders/:id', method: 'GET' }
  for (const route of [orders, order]) finder.add(route)

  const kept = vi.spyOn(Map.prototype, 'set')
  const found = Array.from({ length: 1_000 }, (_, at) => [
    finder.find(`/admin/orders/${at}`, 'GET'),
    finder.find(`/nothing/${at}`, 'GET'),
    finder.find('/admin/orders', 'GET'),
  ])
  const times = kept.mock.calls.length
  kept.mockRestore()
  expect(times).toBeLessThan(10)
  for (const [one, none, all] of found) {
    expect(one).toMatchObject(order)
    expect(none).toBeNull()
    expect(all).toMatchObject(orders)
  }
}, 60_000)
