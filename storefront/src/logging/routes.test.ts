import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isQuiet, type Route, readRoutes, routeOf } from './routes'

const TOKEN = 'page_01kaxj6m3q8y5t2w9v4r7n1b0z'

describe('the route of a request', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rr-routes-'))
  let routes: Route[]

  beforeAll(() => {
    // As `next build` writes it.
    const manifest = {
      version: 3,
      staticRoutes: [{ page: '/api/health', regex: '^/api/health(?:/)?$' }],
      dynamicRoutes: [
        { page: '/order/[token]', regex: '^/order/([^/]+?)(?:/)?$' },
        { page: '/order/return/[reference]', regex: '^/order/return/([^/]+?)(?:/)?$' },
        { page: '/[region]', regex: '^/([^/]+?)(?:/)?$' },
        { page: '/[region]/search', regex: '^/([^/]+?)/search(?:/)?$' },
      ],
    }
    writeFileSync(join(folder, 'routes-manifest.json'), JSON.stringify(manifest))
    routes = readRoutes(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['/', '/'],
    ['/eu', '/[region]'],
    ['/eu?q=ada', '/[region]'],
    ['/eu/search?q=ada', '/[region]/search'],
    ['/api/health', '/api/health'],
    ['/_next/static/chunks/ada.js', '/_next/static/*'],
    ['/_next/image?url=ada', '/_next/image/*'],
    ['/wp-admin/ada.php', '*'],
  ])('of %s is %s', (url, route) => {
    expect(routeOf(routes, url)).toEqual({ route })
  })

  it('names an order page without giving its secret away', () => {
    const found = routeOf(routes, `/order/${TOKEN}?x=1`)
    expect(found).toEqual({ route: '/order/[token]', page: short(TOKEN) })
  })

  it('names a payment by its reference, and nothing by what is none', () => {
    const route = '/order/return/[reference]'
    expect(routeOf(routes, '/order/return/0123456789ab')).toEqual({
      route,
      payment: '0123456789ab',
    })
    expect(routeOf(routes, '/order/return/ada@example.org')).toEqual({ route })
  })

  it('is quiet for probes and files alone', () => {
    expect(['/api/health', '/_next/static/*'].every(isQuiet)).toBe(true)
    expect(['/', '/[region]', '/order/[token]', '*'].some(isQuiet)).toBe(false)
  })
})
