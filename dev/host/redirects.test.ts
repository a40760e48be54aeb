import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN } from './caddy.ts'

const WWW = `www.${DOMAIN}`
const caddy = new DeclaredCaddy(28460)
beforeAll(async () => {
  caddy.pointTo('storefront', 9)
  await caddy.start()
})
afterAll(() => caddy.stop())

/** What a site answers to a request line as it is; `from` says which redirect. */
async function ask(from: 'www' | 'HTTP', target: string, host: string) {
  const text = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
  const answer = await caddy.raw(text, from === 'www' ? WWW : undefined)
  const [head = ''] = answer.split('\r\n\r\n')
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    location: /^location: (.*)$/im.exec(head)?.[1],
    headers: head.split('\r\n').map((line) => line.split(':')[0]?.toLowerCase()),
  }
}

describe.each([
  ['www' as const, 301, WWW, DOMAIN],
  ['HTTP' as const, 308, DOMAIN, DOMAIN],
  ['HTTP' as const, 308, WWW, WWW],
  ['HTTP' as const, 308, `api.${DOMAIN}`, `api.${DOMAIN}`],
])('the redirect from %s (%i) of %s', (from, status, asked, wanted) => {
  it.each([
    ['/', '/'],
    ['/eu/cart?x=1&y=@evil.test', '/eu/cart?x=1&y=@evil.test'],
    ['//evil.test/a', '//evil.test/a'],
    ['/\\evil.test', '/%5Cevil.test'],
    ['/@evil.test', '/@evil.test'],
    ['/.evil.test', '/.evil.test'],
    ['/%0d%0aset-cookie:a=b', '/%0d%0aset-cookie:a=b'],
    [`http://${asked}/eu?x=1`, '/eu?x=1'],
    [`http://${asked}`, '/'],
  ])('carries over nothing but path and query: %s', async (target, path) => {
    const answer = await ask(from, target, asked)
    expect(answer).toMatchObject({ status, location: `https://${wanted}${path}` })
    expect(new URL(String(answer.location)).host).toBe(wanted)
    expect(answer.headers).not.toContain('set-cookie')
  })

  it.each(['x:@evil.test/', 'x:.evil.test/', '*', `${asked}:443@evil.test`, 'mailto:a@evil.test'])(
    'refuses what is no path: %s',
    async (target) => {
      const answer = await ask(from, target, asked)
      expect(answer.status).toBe(400)
      expect(answer.location).toBeUndefined()
    },
  )

  it.each([
    ['another host', '/', 'evil.test'],
    ['another host in the request line', 'http://evil.test/', asked],
    ['our host with another in front of it', '/', `evil.test@${asked}`],
    ['our host and more', '/', `${asked}.evil.test`],
  ])('leads nobody away who asks for %s', async (_case, target, host) => {
    const { status, location } = await ask(from, target, host)
    expect(location).toBeUndefined()
    expect([200, 400, 421]).toContain(status)
  })
})
