import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../surface/listed.ts'
import { DeclaredCaddy, DOMAIN, type Echo, startEcho } from './caddy.ts'
import { hostFacts } from './nix.ts'

const API = `api.${DOMAIN}`
const SIGNED = { 'x-rr-client': 'checked by Medusa' }
const NOT_FOUND = '{"type":"not_found","message":"The address was not found."}'

const closed = new DeclaredCaddy(26740)
const open = new DeclaredCaddy(26743)
let medusa: Awaited<ReturnType<typeof startEcho>>

beforeAll(async () => {
  medusa = await startEcho('medusa')
  open.extra = { RR_STORE_API: 'open' }
  for (const caddy of [closed, open]) {
    caddy.pointTo('medusa', medusa.port)
    caddy.pointTo('storefront', medusa.port)
    await caddy.start()
  }
})
afterAll(async () => {
  medusa?.stop()
  await closed.stop()
  await open.stop()
})

const address = (path: string) => path.replace(/:\w+/g, 'x_1').replace('*', 'x')
const of = (...accesses: string[]) =>
  ROUTES.filter(({ access }) => accesses.includes(access)).map(
    ({ method, path }) => [method, address(path)] as const,
  )

async function status(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  caddy = closed,
): Promise<number> {
  const answer = await caddy.get(API, path, { method, headers })
  // A 404 of the edge, not of Medusa behind it, which the echo would never give.
  if (answer.status === 404 && method !== 'HEAD') expect(answer.body).toBe(NOT_FOUND)
  return answer.status
}

describe('Caddy', () => {
  it('leads to every public route and to the admin', async () => {
    for (const [method, path] of of('public', 'admin'))
      expect(await status(method, path), `${method} ${path}`).toBe(200)
    expect(await status('HEAD', '/health')).toBe(200)
  })

  it.each(of('closed', 'local'))('has nothing at %s %s, whoever asks', async (method, path) => {
    for (const caddy of [closed, open]) {
      expect(await status(method, path, {}, caddy)).toBe(404)
      expect(await status(method, path, SIGNED, caddy)).toBe(404)
    }
  })

  it.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/.env'],
    ['GET', '/store'],
    ['GET', '/store/nothing'],
    ['GET', '/hooks/btcpay'],
    ['POST', '/health'],
    ['PUT', '/admin/orders'],
    ['TRACE', '/health'],
    ['OPTIONS', '/admin/orders'],
    ['GET', '/HEALTH'],
    ['GET', '/%68ealth'],
    ['GET', '/health/'],
    ['GET', '//health'],
    ['GET', '/static/../health'],
    ['GET', '/static/.hidden'],
    ['POST', '/auth/user/emailpass/'],
    ['POST', '/auth/%75ser/emailpass'],
  ])('has nothing at %s %s, which no line names', async (method, path) => {
    expect(await status(method, path, SIGNED)).toBe(404)
  })

  it("leaves a way up below /app to Medusa's own check, as it is written", async () => {
    const { body } = await closed.get(API, '/app/../health')
    expect((JSON.parse(body) as Echo).url).toBe('/app/../health')
  })

  it.each(of('storefront'))('leads the storefront alone to %s %s', async (method, path) => {
    expect(await status(method, path)).toBe(404)
    expect(await status('OPTIONS', path, SIGNED)).toBe(404)
    expect(await status(method, path, SIGNED)).toBe(200)
  })

  it.each(of('opened'))('leads to %s %s only when the store API is open', async (method, path) => {
    expect(await status(method, path, SIGNED)).toBe(404)
    expect(await status(method, path, {}, open)).toBe(200)
  })

  it('leads everybody to the storefront’s routes when the store API is open', async () => {
    for (const [method, path] of of('storefront')) {
      expect(await status(method, path, {}, open), `${method} ${path}`).toBe(200)
      expect(await status('OPTIONS', path, {}, open), path).toBe(200)
    }
  })

  it.each(
    ROUTES.filter(
      ({ access, method, bodyKb }) =>
        !['closed', 'local', 'opened'].includes(access) && method !== 'GET' && bodyKb < 1_000,
    ).map(({ method, path, bodyKb }) => [method, address(path), bodyKb] as const),
  )('takes no larger body at %s %s than %i kB', async (method, path, kb) => {
    const send = (bytes: number) =>
      closed.get(API, path, {
        method,
        headers: { ...SIGNED, 'content-length': String(bytes) },
        body: Buffer.alloc(bytes, 'x'),
      })
    expect((await send(kb * 1_000 + 1)).status).toBe(413)
    expect((JSON.parse((await send(kb * 1_000)).body) as Echo).bytes).toBe(kb * 1_000)
  })
})

describe('the option that opens the store API', () => {
  it.each([
    ['closed', 'tests/hosts/tested.nix'],
    ['open', 'tests/hosts/open-store.nix'],
  ])('is told to Caddy and to Medusa: %s', (storeApi, host) => {
    const { failed, services, containers } = hostFacts(host)
    expect(failed).toEqual([])
    expect(services.caddy?.environment?.RR_STORE_API).toBe(storeApi)
    expect(containers['medusa-server-blue']?.environment.STORE_API).toBe(storeApi)
  })
})
