import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { processControl, shop, startMedusa, store } from './shop.ts'
import { payableCart } from './shopper.ts'

const NAME = 'content-security-policy'

/** The shop's answer as it is: a redirect is an answer, too. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(`${shop.storefront}${path}`, { headers, method, redirect: 'manual' })
}

/** A policy's directives with their sources. */
function directives(response: Response): Record<string, string[]> {
  const policy = response.headers.get(NAME)
  // Two policies would be joined by a comma, and both hold.
  if (!policy || policy.includes(',')) throw new Error(`${response.url}: policy ${policy}`)
  return Object.fromEntries(
    policy.split('; ').map((text) => {
      const [name = '', ...sources] = text.split(' ')
      return [name, sources]
    }),
  )
}

/** Scripts that run: their attributes and text; blocks of data (JSON-LD) do not. */
function scripts(html: string): { attributes: string; text: string }[] {
  return [...html.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)]
    .map(([, attributes = '', text = '']) => ({ attributes, text }))
    .filter(({ attributes }) => !attributes.includes('application/ld+json'))
}

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** What Mozilla's HTTP Observatory asks of a policy for its best mark, and what the shop adds. */
function expectStrict(policy: Record<string, string[]>, path: string) {
  const { 'script-src': script, ...rest } = policy
  expect(rest, path).toEqual({
    'default-src': ["'none'"],
    'style-src': ["'self'"],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'"],
    'font-src': ["'self'"],
    'frame-src': [shop.btcpay],
    'connect-src': ["'self'"],
    'form-action': ["'self'", shop.btcpay],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
  })
  for (const source of script ?? []) {
    expect(source, path).toMatch(/^'(self|sha256-[\w+/]{43}=|nonce-[\w+/]{22}==)'$/)
  }
}

/** A page that is sent whole: its policy lists exactly its own inline scripts. */
async function expectHashes(path: string, status = 200) {
  const response = await get(path)
  const html = await response.text()
  expect(response.status, path).toBe(status)
  const policy = directives(response)
  expectStrict(policy, path)
  const inline = scripts(html).filter(({ text }) => text !== '')
  expect(inline.length, path).toBeGreaterThan(2)
  const sources = ["'self'", ...new Set(inline.map(({ text }) => sha256(text)))]
  expect(policy['script-src'], path).toEqual(sources)
  expect(html, path).not.toContain('nonce=')
  return response
}

/** A page that is made for one visitor: each of its scripts has the nonce of just this answer. */
async function expectNonce(path: string, status = 200) {
  const response = await get(path)
  // It streams: nobody waited for its end to look at it.
  expect(response.headers.get('transfer-encoding'), path).toBe('chunked')
  const html = await response.text()
  expect(response.status, path).toBe(status)
  const policy = directives(response)
  expectStrict(policy, path)
  const [self, nonce, ...more] = policy['script-src'] ?? []
  expect([self, more], path).toEqual(["'self'", []])
  const value = /^'nonce-(.+)'$/.exec(nonce ?? '')?.[1]
  const all = scripts(html)
  expect(all.length, path).toBeGreaterThan(2)
  for (const { attributes } of all) expect(attributes, path).toContain(`nonce="${value}"`)
  expect(directives(await get(path))['script-src'], path).not.toContain(nonce)
}

async function addresses() {
  const { products } = await store<{ products: { handle: string }[] }>('/products?limit=1')
  const { product_categories: categories } = await store<{
    product_categories: { handle: string }[]
  }>('/product-categories')
  const { collections } = await store<{ collections: { handle: string }[] }>('/collections')
  const [category] = categories
  return {
    product: `/eu/products/${products[0]?.handle}`,
    category: `/eu/categories/${category?.handle}`,
    collection: `/us/collections/${collections[0]?.handle}`,
  }
}

describe('the policy of a cached page', () => {
  it('lists the hashes of its inline scripts', async () => {
    const { product, category, collection } = await addresses()
    for (const path of ['/eu', '/us', product, category, collection]) await expectHashes(path)
  })

  it('is there where a page is not', async () => {
    for (const path of ['/not/there', '/xx', '/eu/products/not-there'])
      await expectHashes(path, 404)
  })

  it('is the same for every visitor, and when only the headers are asked for', async () => {
    const first = await expectHashes('/eu')
    const policy = first.headers.get(NAME)
    const other = await get('/eu', { cookie: 'a=b', 'user-agent': 'another', accept: 'text/html' })
    expect(other.headers.get('x-nextjs-cache')).toMatch(/HIT|STALE/)
    expect(other.headers.get(NAME)).toBe(policy)
    expect((await get('/eu', {}, 'HEAD')).headers.get(NAME)).toBe(policy)
  })

  it('stays with a page that has not changed', async () => {
    const first = await get('/eu')
    const again = await get('/eu', {
      'if-none-match': first.headers.get('etag') ?? '',
      // Without it fetch asks for a fresh page.
      'cache-control': 'max-age=0',
    })
    expect([again.status, again.headers.get(NAME)]).toEqual([304, null])
  })

  it.each([
    [NAME, '/us/products/ph-meter'],
    [`${NAME}-report-only`, '/us/products/glass-thermometer'],
  ])('takes nothing from a visitor who sends %s', async (name, path) => {
    // The page is made for this very request, and kept: no other test asks for it.
    const made = await get(path, { [name]: "script-src 'nonce-theirs'" })
    expect([made.status, made.headers.get('x-nextjs-cache')]).toEqual([200, 'MISS'])
    expect((await made.text()) + made.headers.get(NAME)).not.toContain('theirs')
    await expectHashes(path)
  })
})

describe('the policy of a page for one visitor', () => {
  it('has a nonce of its own each time', async () => {
    const { token, reference } = await payableCart()
    for (const path of [
      '/eu/cart',
      '/us/search?q=flask',
      `/order/${token}`,
      `/order/return/${reference}`,
    ]) {
      await expectNonce(path)
    }
    await expectNonce('/order/not-there', 404)
  })
})

it('pages of errors have a policy, too', async () => {
  await processControl('medusa-server', 'kill', { signal: 'SIGKILL' })
  try {
    await expectNonce('/eu/search?q=nothing-cached', 500)
    // It exists, and no other test asks for it: its handle is remembered, and nothing else of it.
    const path = '/us/products/digital-calipers'
    await eventually('an error', 10, async () => (await get(path)).status === 500)
    await expectHashes(path, 500)
  } finally {
    await startMedusa('medusa-server')
  }
})

describe('other answers', () => {
  it('may do nothing in a browser', async () => {
    const html = await (await get('/eu')).text()
    const asset = /\/_next\/static\/[^"]+\.js[^"]*/.exec(html)?.[0] ?? 'no script'
    for (const path of ['/', '/api/health', '/api/cart/eu', '/robots.txt', '/icon.svg', asset]) {
      expect(directives(await get(path)), path).toEqual({
        'default-src': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'none'"],
      })
    }
  })

  it('and pages have the headers that Caddy sets, also without Caddy', async () => {
    for (const path of ['/eu', '/eu/cart', '/', '/api/health', '/not/there']) {
      const { headers } = await get(path)
      const names = [
        'x-content-type-options',
        'x-frame-options',
        'referrer-policy',
        'permissions-policy',
        'cross-origin-opener-policy',
        'x-powered-by',
      ]
      expect(
        names.map((name) => headers.get(name)),
        path,
      ).toEqual([
        'nosniff',
        'DENY',
        'strict-origin-when-cross-origin',
        'camera=(), microphone=(), geolocation=(), payment=()',
        'same-origin',
        null,
      ])
    }
  })
})
