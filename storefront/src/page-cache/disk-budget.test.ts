import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesOnDisk, DiskBudget } from './disk-budget.mts'
import { worth } from './handler.mts'

let root: string
let budget: DiskBudget

const KB = 1_024
/** Room for eight pages of memory. */
const MAX_BYTES = 32 * KB

const server = () => join(root, 'server')
const fetches = () => join(root, 'cache/fetch-cache')
const opened = () => new DiskBudget({ server: server(), fetches: fetches() }, MAX_BYTES)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rr-page-cache-'))
  budget = opened()
})
afterEach(() => rmSync(root, { recursive: true }))

function put(path: string, seconds = 0): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, 'x')
  utimesSync(path, seconds, seconds)
  return path
}

const key = (name: string) => `/route-cache/APP_PAGE/ab/$/eu/products/${name}`

/** A page as Next stores it. @returns its files */
function page(name: string, seconds = 0): string[] {
  const parts = ['.html', '.rsc', '.meta', '.segments/_tree.segment.rsc']
  return parts.map((part) => put(join(server(), key(name) + part), seconds))
}

const there = (files: string[]) => files.filter((file) => existsSync(file)).length

describe('pages and answers together', () => {
  it('take no more than their bytes: what was asked for the longest time ago goes first', async () => {
    const [first, second, third] = [page('first'), page('second'), page('third')]
    const answer = put(join(fetches(), 'a'.repeat(64)))
    budget.stored(key('first'), 12 * KB)
    budget.stored(key('second'), 12 * KB)
    budget.stored('a'.repeat(64), 4 * KB)
    budget.used(key('first'))
    budget.stored(key('third'), 12 * KB)
    await budget.settled()
    expect([there(first), there(second), there(third), there([answer])]).toEqual([4, 0, 4, 1])
    expect(budget.bytes).toBeLessThanOrEqual(MAX_BYTES)
  })

  it('lose a page with all its files when it is forgotten, and no other', async () => {
    const [gone, stays] = [page('flask'), page('flask-small')]
    budget.stored(key('flask'), 12 * KB)
    budget.stored(key('flask-small'), 12 * KB)
    budget.forget(key('flask'))
    await budget.settled()
    expect([there(gone), there(stays)]).toEqual([0, 4])
  })

  it('count once however often a page is made anew', () => {
    for (let times = 0; times < 20; times += 1) budget.stored(key('flask'), 12 * KB)
    expect(budget.bytes).toBe(12 * KB)
  })

  it('count what an earlier process has left, and let the oldest of it go', async () => {
    const old = page('old', 1_000)
    const newer = page('newer', 2_000)
    const answer = put(join(fetches(), 'b'.repeat(64)), 3_000)
    budget = opened()
    await budget.countWhatIsThere()
    await budget.settled()
    // Nine pages of memory in the room of eight.
    expect([there(old), there(newer), there([answer])]).toEqual([0, 4, 1])
  })
})

it('nothing counts twice where the image has all in one folder', async () => {
  mkdirSync(server())
  mkdirSync(join(root, 'cache'))
  symlinkSync('../cache', join(server(), 'route-cache'))
  page('flask')
  put(join(fetches(), 'c'.repeat(64)))
  put(join(root, 'cache/images/abc/1.2.webp'))
  await budget.countWhatIsThere()
  expect(budget.bytes).toBe(5 * bytesOnDisk(1))
})

describe('what is stored', () => {
  const html = 'x'.repeat(5_000)
  const found = {
    kind: 'APP_PAGE',
    html,
    rscData: Buffer.alloc(100),
    headers: {},
    postponed: undefined,
    status: undefined,
    segmentData: new Map([['/_tree', Buffer.alloc(1)]]),
  }

  it.each([
    ['a page', found, 5],
    ['a page that says that it is found', { ...found, status: 200 }, 5],
    ['a page that does not exist', { ...found, status: 404 }, undefined],
    ['a page that failed', { ...found, status: 500 }, undefined],
    ['a page that leads elsewhere', { ...found, status: 307 }, undefined],
    ['a redirect', { kind: 'REDIRECT', props: {} }, undefined],
    ['nothing', null, undefined],
    ['a file', { kind: 'APP_ROUTE', body: Buffer.from('x'), headers: {}, status: 200 }, 2],
    ['no file', { kind: 'APP_ROUTE', body: Buffer.from('x'), headers: {}, status: 404 }, undefined],
    ['an answer', { kind: 'FETCH', data: {}, revalidate: 1 }, 1],
  ])('of %s is in pages of memory', (_, data, blocks) => {
    const bytes = worth(data as unknown as Parameters<typeof worth>[0])
    expect(bytes).toBe(blocks === undefined ? undefined : blocks * bytesOnDisk(1))
  })
})
