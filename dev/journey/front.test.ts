import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN } from '../host/caddy.ts'
import { shop } from '../integration/shop.ts'
import { openBrowser } from './browser.ts'

/** The declared Caddy in front of the running shop, as on the host. */
const caddy = new DeclaredCaddy(28490)
const API = `api.${DOMAIN}`
const PORTS = { shop: Number(new URL(shop.storefront).port), api: Number(new URL(shop.api).port) }
let browser: Browser

beforeAll(async () => {
  caddy.pointTo('storefront', PORTS.shop)
  caddy.pointTo('medusa', PORTS.api)
  mkdirSync(join(caddy.folder, 'assets'), { recursive: true })
  await caddy.start()
  browser = await openBrowser([
    `--host-resolver-rules=MAP ${DOMAIN} 127.0.0.1, MAP ${API} 127.0.0.1`,
    '--ignore-certificate-errors',
  ])
})
afterAll(async () => {
  await browser?.close()
  await caddy.stop()
})

/** One directive of a policy as a list of its sources. */
function sources(policy: string, directive: string): string[] | undefined {
  const found = policy
    .split(';')
    .map((part) => part.trim().split(/\s+/))
    .find(([name]) => name === directive)
  return found?.slice(1)
}

const SITES = [
  ['the shop', DOMAIN, '/eu'],
  ['a page of one visitor', DOMAIN, '/eu/cart'],
  ['the API', API, '/auth/user/providers'],
  ['the API where it is closed', API, '/store/regions'],
  ['the admin', API, '/app/login'],
] as const

/** What Mozilla's Observatory grades; each is worth A+ only when none is missing. */
describe.each(SITES)('the headers of %s earn an A+', (_name, host, path) => {
  let headers: Awaited<ReturnType<DeclaredCaddy['get']>>['headers']
  let policy = ''
  beforeAll(async () => {
    headers = (await caddy.get(host, path)).headers
    policy = String(headers['content-security-policy'])
  })

  it('a policy without anything unsafe for scripts, from nothing upwards', () => {
    expect(sources(policy, 'default-src')).toEqual(["'none'"])
    const scripts = sources(policy, 'script-src') ?? []
    for (const source of scripts)
      expect(source).toMatch(/^('self'|'none'|'sha256-[A-Za-z0-9+/=]+'|'nonce-[A-Za-z0-9+/=]+')$/)
    expect(sources(policy, 'frame-ancestors')).toEqual(["'none'"])
    expect(sources(policy, 'base-uri')).toBeDefined()
    expect(sources(policy, 'form-action')).toBeDefined()
    expect(sources(policy, 'object-src') ?? ["'none'"]).toEqual(["'none'"])
  })

  it('TLS for two years, once, no sniffing, no framing, no leaking referrer', () => {
    expect(headers['strict-transport-security']).toMatch(/^max-age=63072000/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['referrer-policy']).toBe('strict-origin-when-cross-origin')
  })

  it('no cookie that is sent in the clear or read by scripts', () => {
    for (const cookie of headers['set-cookie'] ?? []) {
      expect(cookie).toMatch(/; ?httponly/i)
      expect(cookie).toMatch(/; ?samesite=(lax|strict)/i)
    }
  })

  it('nothing that lets other origins read as the visitor', async () => {
    const { headers: cross } = await caddy.get(host, path, {
      headers: { origin: 'https://evil.example' },
    })
    expect(cross['access-control-allow-origin'] ?? 'none').not.toMatch(/\*|evil/)
  })

  it('a first redirect from HTTP to HTTPS on the same host', async () => {
    const plain = await caddy.getPlain(host, path)
    expect(plain.status).toBe(308)
    expect(new URL(String(plain.headers.location)).hostname).toBe(host)
    expect(new URL(String(plain.headers.location)).protocol).toBe('https:')
  })
})

describe('through Caddy', () => {
  it('the owner signs in to the admin, and no script of it is refused', async () => {
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    const refused: string[] = []
    page.on('console', (message) => {
      // Pictures of the test's shop have an address without TLS; on the host theirs is https.
      const picture = message.text().includes(`${shop.api}/static/`)
      if (!picture && /Content.Security.Policy/i.test(message.text())) refused.push(message.text())
    })
    await page.goto(`https://${API}:${caddy.ports.https}/app/login`)
    await page.getByPlaceholder(/email/i).fill(shop.adminEmail)
    await page.getByPlaceholder(/password/i).fill(shop.adminPassword)
    await page.getByRole('button', { name: /continue/i }).click()
    await page.waitForURL(/\/app\/orders/, { timeout: 30_000 })
    await page.goto(`https://${API}:${caddy.ports.https}/app/products`)
    await page.getByRole('table').waitFor({ timeout: 30_000 })
    expect(refused).toEqual([])
    await page.close()
  })

  it('a shopper sees the shop without a refused script', async () => {
    const page = await browser.newPage({ ignoreHTTPSErrors: true })
    const refused: string[] = []
    page.on('console', (message) => {
      if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text())
    })
    await page.goto(`https://${DOMAIN}:${caddy.ports.https}/eu`)
    await page.getByRole('link', { name: /cart/i }).first().waitFor()
    expect(refused).toEqual([])
    await page.close()
  })

  it('switches under load lose no page of the shop', async () => {
    const failures: string[] = []
    let asked = 0
    let going = true
    const line = async () => {
      while (going) {
        const { status } = await caddy.get(DOMAIN, '/eu')
        asked++
        if (status !== 200) failures.push(String(status))
      }
    }
    const lines = [line(), line()]
    for (let i = 0; i < 10; i++) {
      caddy.pointTo('storefront', PORTS.shop)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    going = false
    await Promise.all(lines)
    expect(failures).toEqual([])
    expect(asked).toBeGreaterThan(20)
  })
})
