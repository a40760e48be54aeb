import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { processControl, shop, startMedusa } from './shop.ts'

/** Where the built storefront keeps what it has made, see dev/shop/processes.json. */
const BUILT = join(import.meta.dirname, '../../storefront/.next/standalone/storefront/.next')

const ADDRESSES = 100
const AT_ONCE = 10

/** Files below the page cache, the answers of Medusa and the drawn pictures. */
function keptFiles(): number {
  return ['server/route-cache', 'cache/fetch-cache', 'cache/images']
    .map((name) => join(BUILT, name))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile()).length
}

async function status(path: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${shop.storefront}${path}`, { headers, redirect: 'manual' })
  await response.arrayBuffer()
  return response.status
}

/** Asks for many addresses. @returns how many answered with which status */
async function flood(address: (each: number) => string, headers: Record<string, string> = {}) {
  const seen: Record<number, number> = {}
  for (let first = 0; first < ADDRESSES; first += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, each) =>
      status(address(first + each), headers),
    )
    for (const each of await Promise.all(some)) seen[each] = (seen[each] ?? 0) + 1
  }
  return seen
}

const REAL = ['/eu', '/us', '/eu/products/griffin-beaker', '/eu/categories/glassware', '/not/there']

/** The address of a product's picture as the page has it, for Next to draw. */
async function pictureOf(path: string): Promise<string> {
  const html = await (await fetch(`${shop.storefront}${path}`)).text()
  const [, address] = /url=(%2Fpictures%2F[^&"]+)&/.exec(html) ?? []
  if (!address) throw new Error(`${path} shows no picture`)
  return decodeURIComponent(address)
}

const drawn = (address: string, width: number | string = 640, quality: number | string = 75) =>
  `/_next/image?url=${encodeURIComponent(address)}&w=${width}&q=${quality}`

describe('a hundred addresses that do not exist', () => {
  beforeAll(async () => {
    // What real visitors have asked for is there, and so is the page that says that nothing is.
    for (const path of REAL) await status(path)
    await status(drawn(await pictureOf('/eu/products/griffin-beaker')))
  })

  it.each([
    ['products', (each: number) => `/eu/products/none-${each}`, 404],
    ['categories', (each: number) => `/eu/categories/none-${each}`, 404],
    ['pages of a category', (each: number) => `/eu/categories/glassware/${each + 2}`, 404],
    ['collections', (each: number) => `/us/collections/none-${each}`, 404],
    ['regions', (each: number) => `/none-${each}`, 404],
    ['regions in capitals', (each: number) => `/EU/products/none-${each}`, 404],
    ['deep addresses', (each: number) => `/eu/none/${each}/deeper`, 404],
    ['long addresses', (each: number) => `/eu/products/${'x'.repeat(4_000)}${each}`, 404],
    ['queries of a real page', (each: number) => `/eu/products/griffin-beaker?a=${each}`, 200],
    ['pictures', (each: number) => drawn(`/pictures/uploads/none-${each}.webp`), 404],
    ['pictures of other hosts', (each: number) => drawn(`https://x.example/${each}.png`), 400],
    ['widths', (each: number) => drawn('/pictures/uploads/none.webp', 641 + each), 400],
  ])('leave no file: %s', async (_, address, expected) => {
    const before = keptFiles()
    expect(before).toBeGreaterThan(20)
    expect(await flood(address)).toEqual({ [expected]: ADDRESSES })
    expect(keptFiles()).toBe(before)
  })

  it.each([
    ['queries', (each: number) => `?${each}`],
    ['fragments', (each: number) => `#${each}`],
  ])('leave no file: %s of a real picture', async (_, suffix) => {
    const picture = await pictureOf('/eu/products/griffin-beaker')
    const before = keptFiles()
    expect(await flood((each) => drawn(picture + suffix(each)))).toEqual({ 400: ADDRESSES })
    expect(keptFiles()).toBe(before)
  })

  it('leave no file when they are asked for as Next asks', async () => {
    const before = keptFiles()
    await flood((each) => `/eu/products/none-rsc-${each}`, { rsc: '1' })
    await flood((each) => `/eu/products/none-rsc-${each}?_rsc=${each}`, { rsc: '1' })
    expect(keptFiles()).toBe(before)
  })

  it('ask Medusa nothing: all is answered while it is away', async () => {
    await processControl('medusa-server', 'kill', { signal: 'SIGKILL' })
    try {
      expect(await flood((each) => `/eu/products/away-${each}`)).toEqual({ 404: ADDRESSES })
      expect(await flood((each) => `/eu/categories/glassware/${each + 200}`)).toEqual({
        404: ADDRESSES,
      })
      for (const path of REAL.slice(0, -1)) {
        const response = await fetch(`${shop.storefront}${path}`)
        expect(response.status, path).toBe(200)
        expect(response.headers.get('x-nextjs-cache'), path).toMatch(/HIT|STALE/)
      }
    } finally {
      await startMedusa('medusa-server')
    }
  })
})
