import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect as connectHttp2 } from 'node:http2'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN, type Echo, startEcho } from './caddy.ts'
import { ROOT } from './nix.ts'
import { caddyProgram } from './tools.ts'

const API = `api.${DOMAIN}`
const caddy = new DeclaredCaddy(28430)
let medusa: Awaited<ReturnType<typeof startEcho>>
let storefront: Awaited<ReturnType<typeof startEcho>>

beforeAll(async () => {
  medusa = await startEcho('medusa')
  storefront = await startEcho('storefront')
  caddy.pointTo('medusa', medusa.port)
  caddy.pointTo('storefront', storefront.port)
  const assets = join(caddy.folder, 'assets/_next/static/chunks')
  mkdirSync(assets, { recursive: true })
  writeFileSync(join(assets, 'old.js'), 'old')
  await caddy.start()
})
afterAll(async () => {
  medusa?.stop()
  storefront?.stop()
  await caddy.stop()
})

function echoed(body: string): Echo {
  return JSON.parse(body) as Echo
}

describe('the sites', () => {
  it('are formatted as Caddy formats', () => {
    for (const file of [
      'Caddyfile',
      'admin-access.caddy',
      'api-access.caddy',
      'api-routes.caddy',
      'cloudflare.caddy',
      'headers.caddy',
      'proxy.caddy',
      'redirects.caddy',
      'sites.caddy',
    ]) {
      execFileSync(caddyProgram(), ['fmt', '--diff', join(ROOT, 'nixos/caddy', file)], {
        timeout: 10_000,
      })
    }
  })

  it('send everybody from HTTP to HTTPS', async () => {
    const answer = await caddy.getPlain(DOMAIN, '/eu?x=1')
    expect(answer.status).toBe(308)
    expect(answer.headers.location).toMatch(/^https:\/\/shop\.test(:\d+)?\/eu\?x=1$/)
  })

  it('send www to the bare domain, with path and query', async () => {
    const answer = await caddy.get(`www.${DOMAIN}`, '/eu/cart?x=1')
    expect(answer.status).toBe(301)
    expect(answer.headers.location).toBe(`https://${DOMAIN}/eu/cart?x=1`)
  })

  it('lead the shop to the storefront and api. to Medusa', async () => {
    expect(echoed((await caddy.get(DOMAIN, '/eu')).body).server).toBe('storefront')
    expect(echoed((await caddy.get(API, '/health')).body).server).toBe('medusa')
    expect(echoed((await caddy.get(API, '/app')).body).server).toBe('medusa')
  })

  it('keep readiness inside and show health outside', async () => {
    expect((await caddy.get(API, '/ready')).status).toBe(404)
    expect((await caddy.get(API, '/health')).status).toBe(200)
  })

  it('speak HTTP/2', async () => {
    const protocol = await new Promise<string | false | null>((resolve, reject) => {
      const socket = connectTls(
        {
          host: '127.0.0.1',
          port: caddy.ports.https,
          servername: DOMAIN,
          rejectUnauthorized: false,
          ALPNProtocols: ['h2', 'http/1.1'],
        },
        () => {
          resolve(socket.alpnProtocol)
          socket.destroy()
        },
      )
      socket.once('error', reject)
    })
    expect(protocol).toBe('h2')
  })

  it('compress', async () => {
    const answer = await caddy.get(DOMAIN, '/eu', { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers['content-encoding']).toBe('gzip')
  })

  it('serve scripts of earlier releases to open tabs, and ask the storefront for others', async () => {
    const old = await caddy.get(DOMAIN, '/_next/static/chunks/old.js?dpl=1')
    expect(old.body).toBe('old')
    expect(old.headers['cache-control']).toContain('immutable')
    expect(echoed((await caddy.get(DOMAIN, '/_next/static/chunks/new.js')).body).server).toBe(
      'storefront',
    )
    const outside = await caddy.get(DOMAIN, '/_next/static/../../../Caddyfile')
    expect(outside.body).not.toContain('import')
  })
})

/** What Mozilla's Observatory asks of every answer; the policy differs by site. */
const HEADERS: Record<string, RegExp> = {
  'strict-transport-security': /^max-age=63072000; includeSubDomains; preload$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^strict-origin-when-cross-origin$/,
}

describe('headers', () => {
  it.each([
    ['shop', DOMAIN, '/eu'],
    ['API', API, '/health'],
    ['API where it is closed', API, '/store/products'],
    ['admin', API, '/app/login'],
    ['redirect', `www.${DOMAIN}`, '/'],
  ])('of the %s are safe', async (_site, host, path) => {
    const { headers } = await caddy.get(host, path)
    for (const [name, wanted] of Object.entries(HEADERS))
      expect(headers[name], name).toMatch(wanted)
    for (const name of ['server', 'x-powered-by', 'via'])
      expect(headers[name], name).toBeUndefined()
  })

  it('let nothing run in an answer of the API', async () => {
    const policy = (await caddy.get(API, '/health')).headers['content-security-policy']
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('let only our own scripts run in the admin, and no page frame it', async () => {
    const policy = String((await caddy.get(API, '/app/orders')).headers['content-security-policy'])
    expect(policy).toMatch(/script-src 'self';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe-eval')
  })

  it('carry one request id to the app', async () => {
    const { headers } = echoed((await caddy.get(API, '/health')).body)
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('bodies', () => {
  it('above 1 MB are refused, below arrive whole', async () => {
    const body = (bytes: number) => ({ method: 'POST', body: Buffer.alloc(bytes, 'x') })
    for (const [host, path] of [
      [DOMAIN, '/eu'],
      [API, '/admin/products'],
    ] as const) {
      expect((await caddy.get(host, path, body(1_100_000))).status).toBe(413)
      expect(echoed((await caddy.get(host, path, body(900_000))).body).bytes).toBe(900_000)
    }
  })

  it('of product files may have 25 MB', async () => {
    const answer = await caddy.get(API, '/admin/uploads', {
      method: 'POST',
      body: Buffer.alloc(20_000_000),
    })
    expect(echoed(answer.body).bytes).toBe(20_000_000)
  })

  it('of a head that never ends are given up after ten seconds', async () => {
    const began = Date.now()
    await new Promise<void>((resolve, reject) => {
      const socket = connectTls(
        {
          host: '127.0.0.1',
          port: caddy.ports.https,
          servername: DOMAIN,
          rejectUnauthorized: false,
        },
        () => {
          socket.write(`GET / HTTP/1.1\r\nHost: ${DOMAIN}\r\n`)
        },
      )
      const drip = setInterval(() => socket.write('x'), 1_000)
      socket.on('data', () => undefined)
      socket.once('close', () => {
        clearInterval(drip)
        resolve()
      })
      socket.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error),
      )
    })
    expect(Date.now() - began).toBeLessThan(14_000)
  })
})

describe('an app that is away', () => {
  it('is waited for, and the visitor notices nothing but the wait', async () => {
    const port = storefront.port
    storefront.stop()
    const waiting = caddy.get(DOMAIN, '/eu')
    await delay(2_000)
    storefront = await startEcho('storefront', port)
    expect((await waiting).status).toBe(200)
  })

  it('is said to be away in words and with a time, once it stays away', async () => {
    const port = medusa.port
    medusa.stop()
    try {
      const answer = await caddy.get(API, '/health')
      expect(answer.status).toBe(502)
      expect(answer.headers['retry-after']).toBe('10')
      expect(JSON.parse(answer.body)).toMatchObject({ type: 'unavailable' })
    } finally {
      medusa = await startEcho('medusa', port)
    }
  })
})

describe('maintenance', () => {
  it('shows shop and API a page that says so, and ends as soon as it is taken away', async () => {
    caddy.maintenance(true)
    const shop = await caddy.get(DOMAIN, '/eu')
    expect(shop.status).toBe(503)
    expect(shop.body).toContain('back in a moment')
    // BTCPay sends a webhook again after a 503, and never after a 404.
    const hook = await caddy.get(API, '/hooks/btcpay', { method: 'POST', body: '{}' })
    expect(hook.status).toBe(503)
    caddy.maintenance(false)
    expect((await caddy.get(DOMAIN, '/eu')).status).toBe(200)
  })
})

describe('a switch to another slot', () => {
  it('loses no request under load, on kept HTTP/2 connections and on new ones', async () => {
    const next = await startEcho('storefront-green')
    const session = connectHttp2(`https://127.0.0.1:${caddy.ports.https}`, {
      rejectUnauthorized: false,
      servername: DOMAIN,
    })
    const kept = () =>
      new Promise<string>((resolve, reject) => {
        const stream = session.request({ ':path': '/eu', ':authority': DOMAIN })
        let body = ''
        let status = 0
        stream.on('response', (headers) => {
          status = Number(headers[':status'])
        })
        stream.setEncoding('utf8')
        stream.on('data', (chunk) => {
          body += chunk
        })
        stream.on('end', () =>
          status === 200 ? resolve(echoed(body).server) : reject(new Error(`status ${status}`)),
        )
        stream.on('error', reject)
      })
    const fresh = () => caddy.get(DOMAIN, '/eu').then(({ body }) => echoed(body).server)
    const servers: string[] = []
    const failures: string[] = []
    let going = true
    const line = async (ask: () => Promise<string>) => {
      while (going)
        await ask().then(
          (server) => servers.push(server),
          (error) => failures.push(String(error)),
        )
    }
    const lines = [line(kept), line(kept), line(fresh), line(fresh)]
    for (let i = 0; i < 20; i++) {
      caddy.pointTo('storefront', i % 2 === 0 ? next.port : storefront.port)
      await delay(100)
    }
    caddy.pointTo('storefront', next.port)
    await delay(300)
    going = false
    await Promise.all(lines)
    session.destroy()
    expect(failures).toEqual([])
    expect(servers.length).toBeGreaterThan(300)
    expect(new Set(servers)).toEqual(new Set(['storefront', 'storefront-green']))
    expect(servers.at(-1)).toBe('storefront-green')
    caddy.pointTo('storefront', storefront.port)
    next.stop()
  })
})

describe('a reload', () => {
  it('keeps what runs when the new configuration is broken', async () => {
    await caddy.reload()
    expect(echoed((await caddy.get(DOMAIN, '/eu')).body).server).toBe('storefront')
    await expect(caddy.reload('{ no such option }')).rejects.toThrow()
    expect(echoed((await caddy.get(DOMAIN, '/eu')).body).server).toBe('storefront')
  })
})
