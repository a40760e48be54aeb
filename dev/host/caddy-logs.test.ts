import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN, type Echo, startEcho } from './caddy.ts'
import { ROOT } from './nix.ts'
import { caddyProgram } from './tools.ts'

const API = `api.${DOMAIN}`
const VISITOR = '127.20.30.40'
const CART = 'cart_01KAXJ6M3Q8Y5T2W9V4R7N1B0Z'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

interface Line {
  time: string
  level: string
  app: string
  logger?: string
  message: string
  requestId?: string
  status?: number
  durationMs?: number
  request?: { client_ip: string; remote_ip: string; method: string; uri: string; headers?: unknown }
}

const caddy = new DeclaredCaddy(26610)
let child: ChildProcess
let medusa: Awaited<ReturnType<typeof startEcho>>
const lines: string[] = []

/** Sends one request from the visitor's address, and gives what Caddy has logged of it. */
async function logged(
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ line: Line; text: string; body: string }> {
  const before = lines.length
  const { body } = await caddy.get(host, path, { headers, from: VISITOR })
  for (let tries = 0; tries < 100; tries++) {
    const text = lines.slice(before).find((each) => each.includes('"http.log.access"'))
    if (text) return { line: JSON.parse(text) as Line, text, body }
    await delay(50)
  }
  throw new Error(`no line of ${path} within 5 s`)
}

beforeAll(async () => {
  medusa = await startEcho('medusa')
  caddy.pointTo('medusa', medusa.port)
  caddy.pointTo('storefront', 26619)
  const { command, env } = caddy.unit()
  const [program = '', ...args] = command
  child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const input of [child.stdout, child.stderr]) {
    if (input) createInterface({ input }).on('line', (line) => lines.push(line))
  }
  await caddy.serves()
})
afterAll(async () => {
  medusa?.stop()
  child?.kill('SIGKILL')
  await caddy.stop()
})

describe("Caddy's log", () => {
  it('is written as its files say, which are formatted as Caddy formats', () => {
    for (const file of ['logs.caddy', 'access-log.caddy']) {
      execFileSync(caddyProgram(), ['fmt', '--diff', join(ROOT, 'nixos/caddy', file)], {
        timeout: 10_000,
      })
    }
  })

  it('is JSON with the same fields as the log of the apps', async () => {
    const { line } = await logged(API, '/health')
    expect(line).toMatchObject({
      level: 'info',
      app: 'caddy',
      message: 'handled request',
      status: 200,
      request: { method: 'GET', uri: '/health' },
    })
    expect(new Date(line.time).toISOString()).toBe(line.time)
    expect(line.durationMs).toBeTypeOf('number')
    for (const each of lines) expect(() => JSON.parse(each), each).not.toThrow()
  })

  it('has the id that the app gets, and not the one that a visitor claims', async () => {
    const claimed = '00000000-0000-4000-8000-000000000000'
    const { line, body } = await logged(API, '/health', { 'x-request-id': claimed })
    const echo = JSON.parse(body) as Echo
    expect(line.requestId).toMatch(UUID)
    expect(line.requestId).not.toBe(claimed)
    expect(echo.headers['x-request-id']).toBe(line.requestId)
  })

  it("has a part of a visitor's address only", async () => {
    const { line, text } = await logged(API, '/health')
    expect(line.request).toMatchObject({ client_ip: '127.20.0.0', remote_ip: '127.20.0.0' })
    expect(text).not.toContain(VISITOR)
  })

  it('has no query, cookie, token or other header', async () => {
    const { line, text } = await logged(API, '/store/orders?email=ada@example.org&token=s3cret', {
      cookie: 'cart=hidden-cookie',
      authorization: 'Bearer hidden-token',
      'user-agent': 'hidden-browser',
      referer: 'https://hidden.example/?q=1',
    })
    expect(line.request?.uri).toBe('/store/orders')
    expect(line.request?.headers).toBeUndefined()
    expect(text).not.toMatch(/hidden|ada|s3cret/)
  })

  it('has no id that opens a cart, and no mail address in a path', async () => {
    const cart = await logged(API, `/store/carts/${CART}/complete?x=1`)
    expect(cart.line.request?.uri).toBe('/store/carts/cart_/complete')
    const mail = await logged(API, '/store/ada%40example.org/x?y')
    expect(mail.line.request?.uri).toBe('/store//x')
  })

  it.each(['/order/', '/api/payments/'])('has no secret of an order page', async (path) => {
    const secret = '0123456789abcdefghjkmnpqrs'
    const { line, text } = await logged(DOMAIN, `${path}page_${secret}?x=1`)
    expect(line.request?.uri).toBe(`${path}page_`)
    expect(text).not.toContain(secret)
  })

  it('says of a redirect and of an app that is away with the same care', async () => {
    const www = await logged(`www.${DOMAIN}`, '/eu?email=ada@example.org')
    expect(www.line).toMatchObject({ status: 301, request: { uri: '/eu' } })
    expect(www.line.requestId).toMatch(UUID)
    const before = lines.length
    const away = await logged(
      DOMAIN,
      `/order/${CART.replace('cart', 'payses')}?email=ada@example.org`,
    )
    expect(away.line).toMatchObject({
      level: 'error',
      status: 502,
      request: { uri: '/order/payses_' },
    })
    const all = lines.slice(before).join('\n')
    expect(all).not.toMatch(/ada@|01KAXJ6M3Q8Y5T2W9V4R7N1B0Z|127\.20\.30/)
  })
})
