import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inRanges } from './addresses.ts'
import { ROOT, readRecords, refuseEdgeAddresses, wantedRecords } from './records.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dns-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const HOSTS = {
  app: { ipv4: '203.0.113.5', ipv6: null as string | null, shownBy: 'the console' },
}
const APEX = { name: '@', type: 'A/AAAA', host: 'app', proxied: true, for: 'shop' }
const SETTINGS = {
  ssl: 'strict',
  always_use_https: 'off',
  min_tls_version: '1.2',
  rocket_loader: 'off',
  email_obfuscation: 'off',
}

/** A file of records around what a test is about. */
function written(change: Record<string, unknown>): string {
  const data = {
    about: [],
    zone: 'example.org',
    hosts: HOSTS,
    records: [APEX],
    settings: SETTINGS,
    ...change,
  }
  const path = join(folder, 'records.json')
  writeFileSync(path, JSON.stringify(data))
  return path
}

describe("the shop's records", () => {
  const wanted = wantedRecords(readRecords())

  it('send everybody through Cloudflare but to BTCPay', () => {
    const proxied = wanted.filter(({ type }) => type !== 'CAA')
    expect(proxied.map(({ name, type, proxied }) => [name, type, proxied])).toEqual([
      ['research-relay.com', 'A', true],
      ['www.research-relay.com', 'CNAME', true],
      ['api.research-relay.com', 'A', true],
      ['btcpay.research-relay.com', 'A', false],
    ])
  })

  it('have every site that Caddy serves', () => {
    const sites = ['sites', 'redirects'].map((name) =>
      readFileSync(join(ROOT, `nixos/caddy/${name}.caddy`), 'utf8'),
    )
    const served = [...sites.join('\n').matchAll(/^(\S*)\{\$RR_DOMAIN\} \{$/gm)].map(
      ([, prefix]) => prefix,
    )
    expect(served.length).toBeGreaterThan(2)
    const names = wanted.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(served.map((prefix) => `${prefix}research-relay.com`)),
    )
  })

  it('want Cloudflare to verify the certificate of the host, and to put nothing into pages', () => {
    expect(readRecords().settings).toEqual(SETTINGS)
  })
})

describe('a file of records', () => {
  it('that lacks an address says where to find it, and invents none', () => {
    const path = written({ hosts: { app: { ...HOSTS.app, ipv4: null } } })
    expect(wantedRecords(readRecords(path), path)).toEqual([
      {
        name: 'example.org',
        type: 'A',
        content: null,
        proxied: true,
        fillIn: `fill in hosts.app.ipv4 in ${path} (the console shows it)`,
      },
    ])
  })

  it('names the file as the repository knows it', () => {
    const app = wantedRecords({
      ...readRecords(),
      hosts: {
        'shops-app-01': { ipv4: null, ipv6: null, shownBy: "Hetzner's console" },
        'shops-btc-01': { ipv4: null, ipv6: null, shownBy: "Hetzner's console" },
      },
    })[0]
    expect(app?.fillIn).toBe(
      "fill in hosts.shops-app-01.ipv4 in nixos/dns/records.json (Hetzner's console shows it)",
    )
  })

  it('wants an AAAA record of a host with IPv6, in its canonical form', () => {
    const path = written({ hosts: { app: { ...HOSTS.app, ipv6: '2001:DB8:0:0:0:0:0:5' } } })
    expect(wantedRecords(readRecords(path), path)).toEqual([
      { name: 'example.org', type: 'A', content: '203.0.113.5', proxied: true },
      { name: 'example.org', type: 'AAAA', content: '2001:db8::5', proxied: true },
    ])
  })

  it('takes records of mail', () => {
    const path = written({
      records: [
        { name: '@', type: 'MX', priority: 10, target: 'mx.example.net', for: 'mail' },
        { name: '_dmarc', type: 'TXT', value: 'v=DMARC1; p=none', for: 'mail' },
      ],
    })
    expect(wantedRecords(readRecords(path), path)).toEqual([
      { name: 'example.org', type: 'MX', content: '10 mx.example.net', proxied: false },
      { name: '_dmarc.example.org', type: 'TXT', content: 'v=DMARC1; p=none', proxied: false },
    ])
  })

  it.each([
    ['an unknown host', { records: [{ ...APEX, host: 'ap' }] }, 'ap is not among the hosts'],
    ['a misspelt field', { records: [{ ...APEX, proxyed: true }] }, 'proxyed'],
    ['no reason for a record', { records: [{ ...APEX, for: undefined }] }, 'records[0].for'],
    ['a type that is not known', { records: [{ ...APEX, type: 'SRV' }] }, 'records[0].type'],
    ['a full name', { records: [{ ...APEX, name: 'www.' }] }, 'within the zone'],
    ['one name twice', { records: [APEX, APEX] }, 'has two records of type A/AAAA'],
    [
      'a CNAME beside another record',
      {
        records: [
          APEX,
          { name: '@', type: 'CNAME', target: 'example.net', proxied: true, for: 'x' },
        ],
      },
      'a CNAME must be the only record of its name',
    ],
    [
      'a CNAME to nowhere',
      {
        records: [{ name: 'www', type: 'CNAME', target: 'example.org', proxied: true, for: 'x' }],
      },
      'example.org has no record',
    ],
    [
      'a CNAME to itself',
      {
        records: [
          { name: 'www', type: 'CNAME', target: 'www.example.org', proxied: true, for: 'x' },
        ],
      },
      'www.example.org has no record',
    ],
    [
      'a private address',
      { hosts: { app: { ...HOSTS.app, ipv4: '10.0.0.2' } } },
      'private address that the internet does not reach',
    ],
    [
      'a link-local IPv6 address',
      { hosts: { app: { ...HOSTS.app, ipv6: 'fe80::1' } } },
      'private address that the internet does not reach',
    ],
    ['half an address', { hosts: { app: { ...HOSTS.app, ipv4: '203.0.113' } } }, 'an IPv4 address'],
    [
      'a network for an address',
      { hosts: { app: { ...HOSTS.app, ipv6: '2001:db8::/64' } } },
      'without its /64',
    ],
    ['an unknown mode', { settings: { ...SETTINGS, ssl: 'Full (strict)' } }, 'settings.ssl'],
  ])('with %s is refused', (_, change, line) => {
    expect(() => readRecords(written(change))).toThrow(line)
  })

  it('that is no JSON is refused by its name', () => {
    const path = join(folder, 'broken.json')
    writeFileSync(path, '{"zone": ')
    expect(() => readRecords(path)).toThrow(`${path}: `)
  })

  it("with Cloudflare's address for a host is refused", () => {
    const data = readRecords(written({ hosts: { app: { ...HOSTS.app, ipv4: '104.16.0.1' } } }))
    const isEdge = inRanges(['104.16.0.0/13'])
    expect(() => refuseEdgeAddresses(data, isEdge)).toThrow(
      "hosts.app.ipv4 is 104.16.0.1, an address of Cloudflare's: use the host's own (the console shows it)",
    )
    expect(() => refuseEdgeAddresses(readRecords(written({})), isEdge)).not.toThrow()
  })
})
