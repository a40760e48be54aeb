import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MONITORS_FILE, ROOT, readMonitors } from './monitors.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'uptime-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe("the shop's monitors", () => {
  const { monitors } = readMonitors()

  it('watch the shop and the API every five minutes, as the free plan allows', () => {
    expect(monitors.map(({ url, interval }) => [url, interval])).toEqual([
      ['https://research-relay.com/', 300],
      ['https://api.research-relay.com/health', 300],
    ])
  })

  it('look for words that the home page has, and no page in its place', () => {
    const keywords = monitors.flatMap((each) => (each.type === 'KEYWORD' ? each.keyword : []))
    expect(keywords).toHaveLength(1)
    const home = read('storefront/src/app/[region]/page.tsx')
    const others = [
      'nixos/caddy/sites.caddy',
      'storefront/src/app/global-error.tsx',
      'storefront/src/app/not-found.tsx',
      'storefront/src/components/frame/failed.tsx',
      'storefront/src/components/frame/header.tsx',
      'storefront/src/components/frame/footer.tsx',
    ].map(read)
    for (const keyword of keywords) {
      expect(home).toContain(keyword)
      for (const other of others) expect(other).not.toContain(keyword)
    }
  })

  it('watch names that DNS has', () => {
    const dns = JSON.parse(read('nixos/dns/records.json'))
    const names = dns.records.map(({ name }: { name: string }) =>
      name === '@' ? dns.zone : `${name}.${dns.zone}`,
    )
    for (const { url } of monitors) expect(names).toContain(new URL(url).hostname)
  })
})

describe('a file of monitors', () => {
  const right = JSON.parse(readFileSync(MONITORS_FILE, 'utf8'))
  const [shop, api] = right.monitors

  it.each([
    [
      'an interval that the free plan refuses',
      { monitors: [{ ...api, interval: 60 }] },
      'interval',
    ],
    ['an address in the clear', { monitors: [{ ...api, url: 'http://a.org' }] }, 'https'],
    ['a keyword for a plain monitor', { monitors: [{ ...api, keyword: 'x' }] }, 'keyword'],
    ['no keyword', { monitors: [{ ...shop, keyword: undefined }] }, 'keyword'],
    ['two monitors of one name', { monitors: [api, api] }, 'two monitors have this name'],
    ['a prefix that owns everything', { prefix: '' }, 'prefix'],
    ['an unknown field', { contact: 1 }, 'contact'],
  ])('with %s is refused in plain words', (_, change, words) => {
    const path = join(folder, 'monitors.json')
    writeFileSync(path, JSON.stringify({ ...right, ...change }))
    expect(() => readMonitors(path)).toThrow(words)
  })
})
