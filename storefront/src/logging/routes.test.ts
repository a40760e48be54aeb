import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isQuiet, type Route, readRoutes, routeOf } from './routes'

const SESSION = 'payses_01KAXJ6M3Q8Y5T2W9V4R7N1B0Z'

describe('the route of a request', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rr-routes-'))
  let routes: Route[]

  beforeAll(() => {
    // As `next build` writes it.
    const manifest = {
      version: 3,
      staticRoutes: [{ page: '/api/health', regex: '^/api/health(?:/)?$' }],
      dynamicRoutes: [
        { page: '/order/[sessionId]', regex: '^/order/([^/]+?)(?:/)?$' },
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
    expect(routeOf(routes, url)).toEqual({ route, payment: undefined })
  })

  it('names a payment without giving its id away', () => {
    const found = routeOf(routes, `/order/${SESSION}?x=1`)
    expect(found).toEqual({ route: '/order/[sessionId]', payment: short(SESSION) })
  })

  it('is quiet for probes and files alone', () => {
    expect(['/api/health', '/_next/static/*'].every(isQuiet)).toBe(true)
    expect(['/', '/[region]', '/order/[sessionId]', '*'].some(isQuiet)).toBe(false)
  })
})
