import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './nix.ts'

/** One of Cloudflare's addresses, and one of the documentation's. */
const CLOUDFLARE = '173.245.48.9'
const STRANGER = '203.0.113.9'

const ranges: { v4: string[]; v6: string[] } = JSON.parse(
  readFileSync(join(ROOT, 'nixos/caddy/cloudflare.json'), 'utf8'),
)

describe("Cloudflare's ranges", () => {
  it('are all public ranges of the right kind, each once', () => {
    for (const [family, list] of [
      [4, ranges.v4],
      [6, ranges.v6],
    ] as const) {
      for (const range of list) {
        const [address = '', bits = ''] = range.split('/')
        expect(isIP(address), range).toBe(family)
        expect(Number(bits), range).toBeGreaterThanOrEqual(family === 4 ? 12 : 29)
      }
      expect(new Set(list).size).toBe(list.length)
    }
  })

  it('hold no address that a neighbour or this host could have', () => {
    const block = new BlockList()
    for (const range of ranges.v4) {
      const [address = '', bits] = range.split('/')
      block.addSubnet(address, Number(bits), 'ipv4')
    }
    for (const address of [
      '127.0.0.1',
      '10.0.0.1',
      '172.17.0.1',
      '192.168.1.1',
      '169.254.169.254',
      STRANGER,
    ]) {
      expect(block.check(address, 'ipv4'), address).toBe(false)
    }
    expect(block.check(CLOUDFLARE, 'ipv4')).toBe(true)
  })

  it('are what Caddy trusts', async () => {
    const text = [
      "# Made from cloudflare.json by a test's snapshot; only these may name the client's address.",
      `trusted_proxies static ${[...ranges.v4, ...ranges.v6].join(' ')}`,
      '',
    ].join('\n')
    await expect(text).toMatchFileSnapshot(join(ROOT, 'nixos/caddy/cloudflare.caddy'))
  })
})

describe("the client's address at Medusa (problem 10)", () => {
  let seen: Record<
    'byCloudflare' | 'byCloudflareV6' | 'byCloudflareWithForgery' | 'byStranger',
    IncomingHttpHeaders
  >

  beforeAll(() => {
    const inside = `ip link set lo up && ip addr add ${CLOUDFLARE}/32 dev lo && ip addr add ${STRANGER}/32 dev lo && exec node ${ROOT}/dev/host/client-address.ts ${CLOUDFLARE} ${STRANGER}`
    const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user']
    const output = execFileSync('unshare', [...asRoot, '--net', 'sh', '-c', inside], {
      encoding: 'utf8',
      timeout: 60_000,
    })
    seen = JSON.parse(output)
  })

  it('is the one that Cloudflare names', () => {
    expect(seen.byCloudflare['x-forwarded-for']).toBe('198.51.100.7')
    expect(seen.byCloudflareV6['x-forwarded-for']).toBe('2001:db8::7')
  })

  it('is not what a client wrote before Cloudflare saw it', () => {
    expect(seen.byCloudflareWithForgery['x-forwarded-for']).toBe('198.51.100.7')
  })

  it("is a stranger's own, whatever the stranger claims", () => {
    expect(seen.byStranger['x-forwarded-for']).toBe(STRANGER)
    expect(seen.byStranger['x-real-ip']).toBe(STRANGER)
  })

  it('has no other name by which software could ask for it', () => {
    const names = [
      'cf-connecting-ip',
      'forwarded',
      'true-client-ip',
      'x-client-ip',
      'x-cluster-client-ip',
    ]
    for (const name of names) expect(seen.byStranger[name], name).toBeUndefined()
    expect(JSON.stringify(seen.byStranger)).not.toContain('9.9.9.9')
  })

  it('comes with the protocol that the shopper used', () => {
    expect(seen.byCloudflare['x-forwarded-proto']).toBe('https')
  })
})
