import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ROUTES } from '../surface/listed.ts'
import { call, shop } from './shop.ts'
import { storefrontSignature } from './storefront-signature.ts'

const NOT_FOUND = { type: 'not_found', message: 'The address was not found.' }
const KEY = { 'x-publishable-api-key': shop.publishableKey }

interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

/** Asks for a path exactly as it is written, which fetch does not. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<Answer> {
  const url = new URL(shop.api)
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: url.hostname, port: url.port, method, path, headers, agent: false, timeout: 30_000 },
      (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
        response.once('error', reject)
      },
    )
    asked.once('timeout', () => asked.destroy(new Error('no answer within 30 s')))
    asked.once('error', reject)
    asked.end(body)
  })
}

function expectNothing({ status, body, headers }: Answer): void {
  expect(status).toBe(404)
  expect(JSON.parse(body)).toEqual(NOT_FOUND)
  expect(headers['access-control-allow-origin']).toBeUndefined()
}

const address = (path: string) => path.replace(/:\w+/g, 'x_1').replace('*', 'x')
const of = (...accesses: string[]) =>
  ROUTES.filter(({ access }) => accesses.includes(access)).map(
    ({ method, path }) => [method, address(path)] as const,
  )

function signed(subject: string, seconds: number, secret = process.env.RR_REVALIDATE_SECRET ?? '') {
  const signature = createHmac('sha256', secret)
    .update(`client ${subject} ${seconds}`)
    .digest('hex')
  return { 'x-rr-client': `${subject} ${seconds} ${signature}` }
}

const now = () => Math.floor(Date.now() / 1_000)

describe('to a stranger', () => {
  it.each(of('closed', 'opened'))('%s %s is not there, whoever asks', async (method, path) => {
    const { token } = await owner()
    for (const headers of [
      {},
      KEY,
      { ...KEY, ...storefrontSignature('127.0.0.1') },
      { ...KEY, authorization: `Bearer ${token}` },
    ]) {
      expectNothing(await ask(method, path, headers))
    }
  })

  it.each(of('storefront'))('%s %s is there for the storefront alone', async (method, path) => {
    for (const headers of [
      {},
      signed('203.0.113.7', now(), 'a guess'),
      signed('storefront', 0, 'a guess'),
      signed('203.0.113.7', now() - 400),
    ]) {
      expectNothing(await ask(method, path, { ...KEY, ...headers }))
    }
    const { body } = await ask(method, path, { ...KEY, ...storefrontSignature('127.0.0.1') })
    expect(body).not.toContain(NOT_FOUND.message)
  })

  it('the signature of the shared cache opens no cart', async () => {
    const cache = { ...KEY, ...storefrontSignature('storefront') }
    expect((await ask('GET', '/store/products?limit=1', cache)).status).toBe(200)
    expectNothing(await ask('GET', '/store/carts/x_1', cache))
    expectNothing(await ask('POST', '/store/carts', cache))
  })

  it.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/store/nothing'],
    ['GET', '/admin/nothing'],
    ['PUT', '/admin/orders'],
    ['GET', '//admin/orders'],
    ['GET', '/%61dmin/orders'],
    ['GET', '/admin/orders/%E0%A4%A'],
    ['GET', '/static/..%2fpackage.json'],
    ['GET', 'http://127.0.0.1/health'],
    ['OPTIONS', '/store/carts'],
    ['OPTIONS', '*'],
  ])('%s %s is not there', async (method, path) => {
    expectNothing(
      await ask(method, path, {
        ...KEY,
        origin: shop.storefront,
        'access-control-request-method': 'POST',
      }),
    )
  })

  it.each(of('admin').filter(([method]) => method === 'GET'))(
    '%s %s asks who it is',
    async (method, path) => {
      expect((await ask(method, path)).status).toBe(401)
    },
  )
})

describe('a webhook for no provider of ours', () => {
  const used = () => {
    const url = process.env.REDIS_URL ?? ''
    const memory = execFileSync('redis-cli', ['-u', url, 'info', 'memory'], { encoding: 'utf8' })
    return Number(/used_memory:(\d+)/.exec(memory)?.[1])
  }

  it('stores nothing in Redis', async () => {
    const before = used()
    const body = JSON.stringify({ text: 'x'.repeat(90_000) })
    for (let i = 0; i < 50; i++) {
      const answer = await ask(
        'POST',
        `/hooks/payment/anything-${i}`,
        { 'content-type': 'application/json', 'content-length': String(body.length) },
        body,
      )
      expectNothing(answer)
    }
    // Each would be kept as some 465 kB.
    expect(used() - before).toBeLessThan(5_000_000)
  })
})

describe('the admin', () => {
  it('has what its sign-in asks for before anybody is known', async () => {
    for (const path of ['/app/login', '/auth/user/providers', '/admin/feature-flags'])
      expect((await ask('GET', path)).status, path).toBe(200)
  })

  it('is answered behind the sign-in', async () => {
    const { token } = await owner()
    const answer = await ask('GET', '/admin/users/me', { authorization: `Bearer ${token}` })
    expect(answer.status).toBe(200)
  })
})

let signedIn: Promise<{ token: string }> | undefined

/** The owner's token. */
function owner(): Promise<{ token: string }> {
  signedIn ??= call<{ token: string }>(`${shop.api}/auth/user/emailpass`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: shop.adminEmail, password: shop.adminPassword }),
  })
  return signedIn
}
