import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { unstable_doesMiddlewareMatch } from 'next/experimental/testing/server'
import { NextRequest } from 'next/server'
import { describe, expect, it } from 'vitest'
import { config, proxy } from './proxy'

const APP = join(import.meta.dirname, 'app')

/** Every page of the shop with an address of it. */
const pages = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((file) => basename(file) === 'page.tsx')
  .map((file) => ({
    cached: readFileSync(join(APP, file), 'utf8').includes("export const dynamic = 'error'"),
    address: `/${dirname(file).replace(/\[+[^\]]+\]+/g, 'x')}`,
  }))

/** Asks the proxy as Next does; undefined: it is not asked. */
function ask(path: string, headers: Record<string, string> = {}) {
  if (!unstable_doesMiddlewareMatch({ config, url: path, headers, nextConfig: {} }))
    return undefined
  return proxy(new NextRequest(new URL(path, 'http://127.0.0.1:8000'), { headers }))
}

/** A header of the request that Next goes on with. */
const passedOn = (response: Response | undefined, name: string) =>
  response?.headers.get(`x-middleware-request-${name}`)

describe('the proxy', () => {
  it('knows all pages of the shop', () => {
    expect(pages.filter(({ cached }) => cached).length).toBeGreaterThanOrEqual(4)
    expect(pages.filter(({ cached }) => !cached).length).toBeGreaterThanOrEqual(4)
  })

  it.each(pages.filter(({ cached }) => cached))(
    'stays out of $address, which is cached',
    (page) => {
      expect(ask(page.address)).toBeUndefined()
    },
  )

  it.each(pages.filter(({ cached }) => !cached))('gives $address a nonce', ({ address }) => {
    const response = ask(address)
    const policy = response?.headers.get('content-security-policy')
    expect(policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/]{22}=='; /)
    // From there Next takes it.
    expect(passedOn(response, 'content-security-policy')).toBe(policy)
    expect(ask(address)?.headers.get('content-security-policy')).not.toBe(policy)
  })

  it.each(['content-security-policy', 'content-security-policy-report-only'])(
    "lets no visitor's %s reach a page",
    (name) => {
      const theirs = "script-src 'nonce-theirs'"
      for (const { address, cached } of pages) {
        const response = ask(address, { [name]: theirs, accept: 'text/html' })
        expect(response?.headers.get('x-middleware-override-headers'), address).toContain('accept')
        const policies = [name, 'content-security-policy'].map((each) => passedOn(response, each))
        expect(policies.join(), address).not.toContain('theirs')
        if (cached) expect(response?.headers.has('content-security-policy'), address).toBe(false)
      }
    },
  )

  it.each([
    [{ 'cf-ipcountry': 'US' }, '/us'],
    [{ 'cf-ipcountry': 'DE' }, '/eu'],
    [{}, '/eu'],
  ])('leads the bare address of %o to %s', (headers, region) => {
    const response = ask('/', headers as Record<string, string>)
    expect(response?.status).toBe(307)
    expect(new URL(response?.headers.get('location') ?? '').pathname).toBe(region)
    expect(response?.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('the address of a picture to be drawn', () => {
  const drawn = (url: string) => ask(`/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`)

  it('is passed on when it is the one spelling of a picture', () => {
    expect(drawn('/pictures/uploads/flask.webp')?.headers.get('x-middleware-next')).toBe('1')
  })

  it.each([
    '/pictures/uploads/flask.webp?1',
    '/pictures/uploads/flask.webp#1',
    '/pictures/uploads/%66lask.webp',
    '/pictures/uploads/./flask.webp',
    'https://api.research-relay.com/static/flask.webp',
    '/icon.svg',
    '',
  ])('is refused otherwise: %s', (url) => {
    expect(drawn(url)?.status).toBe(400)
  })
})
