import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { sha256, World } from './world.ts'

const world = new World(26120)
const TODAY = Date.parse('2026-11-25T03:00:00Z') / 1000
const DAY = 86_400
beforeAll(() => world.b2.start())
afterAll(async () => {
  await world.b2.stop()
  rmSync(world.folder, { recursive: true, force: true })
})
beforeEach(() => {
  world.clear()
  world.now = TODAY
})

/** Name of the set of so many days ago. */
function stamp(daysAgo: number): string {
  return new Date((TODAY - daysAgo * DAY) * 1000).toISOString().replace(/[-:]|\.000/g, '')
}

/** How a set off-site may be broken. */
type Break = 'no list' | 'a file is missing' | 'a file is shorter' | 'the manifest is cut'

/** Brings sets off-site, each of so many days ago. */
async function offsite(days: number[], broken: Record<number, Break> = {}): Promise<void> {
  const tree = join(world.folder, 'tree')
  rmSync(tree, { recursive: true, force: true })
  for (const daysAgo of days) {
    const folder = join(tree, stamp(daysAgo))
    mkdirSync(folder, { recursive: true })
    const how = broken[daysAgo]
    const dump = `the dump of ${daysAgo} days ago`
    const files = { 'database.dump': { bytes: dump.length, sha256: sha256(Buffer.from(dump)) } }
    const manifest = JSON.stringify({ stamp: stamp(daysAgo), orders: 1, files })
    const sums = [
      `${files['database.dump'].sha256}  database.dump\n`,
      `${sha256(Buffer.from(manifest))}  manifest.json\n`,
    ]
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
    if (how !== 'a file is missing')
      write('database.dump', how === 'a file is shorter' ? dump.slice(0, -1) : dump)
    write('manifest.json', how === 'the manifest is cut' ? manifest.slice(0, 20) : manifest)
    if (how !== 'no list') write('SHA256SUMS', sums.join(''))
  }
  const { code, output } = await world.rclone(['copy', tree, 'offsite:sets'])
  expect(code, output).toBe(0)
}

/** Retention after the verified set of so many days ago; gives the sets that are left, in days ago. */
async function retained(
  verified = 0,
): Promise<{ left: number[]; code: number | null; said: string }> {
  const { code, said } = await world.run(
    [join(ROOT, 'nixos/backup/steps/retention'), stamp(verified)],
    world.environment(),
  )
  const there = new Set(world.b2.names().map((name) => name.split('/')[1] ?? ''))
  const left = [...there].map((name) => {
    const iso = name.replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z')
    return Math.round((TODAY - Date.parse(iso) / 1000) / DAY)
  })
  return { left: left.sort((a, b) => a - b), code, said }
}

/** Retention that has to go well; gives the sets that are left. */
async function leftAfter(verified = 0): Promise<number[]> {
  const { left, code, said } = await retained(verified)
  expect(code, said).toBe(0)
  return left
}

const days = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('retention', () => {
  it('hides what is older than thirty days, and nothing younger', async () => {
    await offsite(days(20, 32))
    expect(await retained(20)).toEqual({
      left: days(20, 30),
      code: 0,
      said: '11 sets off-site, 13 were whole, 0 more are too old',
    })
    // Hidden is not deleted: the bucket's rule does that thirty days later.
    expect(world.b2.versions().filter(({ action }) => action === 'upload')).toHaveLength(39)
  })

  it('hides three sets at most in one night', async () => {
    await offsite(days(26, 40))
    expect(await leftAfter(26)).toEqual(days(26, 37))
    expect(await leftAfter(26)).toEqual(days(26, 34))
  })

  it('keeps seven whole sets however old they are', async () => {
    await offsite([0, ...days(100, 107)])
    expect(await leftAfter()).toEqual([0, ...days(100, 105)])
    expect(await leftAfter()).toEqual([0, ...days(100, 105)])
  })

  it('keeps seven when the clock says a year more, for as many nights as it likes', async () => {
    await offsite(days(0, 10))
    world.now = TODAY + 365 * DAY
    await retained()
    await retained()
    expect(await leftAfter()).toEqual(days(0, 6))
  })

  it('loses three sets at most to a clock that was wrong for one night', async () => {
    await offsite(days(0, 12))
    world.now = TODAY + 365 * DAY
    expect(await leftAfter()).toEqual(days(0, 9))
    world.now = TODAY
    expect(await leftAfter()).toEqual(days(0, 9))
  })

  it('leaves what is dated ahead when the clock was put back', async () => {
    await offsite(days(0, 12))
    world.now = TODAY - 300 * DAY
    await offsite([300])
    expect(await leftAfter(300)).toEqual([...days(0, 12), 300])
  })

  it('keeps the set that was just read back, whatever its date is', async () => {
    await offsite([...days(0, 12), 300])
    expect(await leftAfter(300)).toEqual([...days(0, 12), 300])
  })

  it.each<Break>(['no list', 'a file is missing', 'a file is shorter', 'the manifest is cut'])(
    'does not count a set as whole when %s',
    async (how) => {
      // Seven newer than the old one, one of which is not whole.
      await offsite([...days(0, 6), 50], { 3: how })
      expect(await leftAfter()).toEqual([...days(0, 6), 50])
      // With an eighth the old one is one too many; the broken one stays, as it is young.
      await offsite([7])
      expect(await leftAfter()).toEqual(days(0, 7))
    },
  )

  it.each<Break>(['no list', 'a file is missing', 'the manifest is cut'])(
    'takes away a set of long ago when %s, even if there are few',
    async (how) => {
      await offsite([0, 1, 40, 50], { 40: how })
      expect(await leftAfter()).toEqual([0, 1, 50])
    },
  )

  it('takes away nothing when the set of this night is not whole', async () => {
    await offsite([...days(0, 12), ...days(40, 42)], { 0: 'a file is shorter' })
    const { left, code, said } = await retained()
    expect(code).toBe(1)
    expect(said).toBe(`the set ${stamp(0)} was read back and is not whole in the list`)
    expect(left).toEqual([...days(0, 12), ...days(40, 42)])
  })

  it('takes away nothing when the remote cannot be listed', async () => {
    await offsite([...days(0, 7), 40])
    world.b2.faults.unavailable = true
    const { left, code, said } = await retained()
    expect([code, said]).toEqual([1, 'the sets off-site cannot be listed'])
    expect(left).toEqual([...days(0, 7), 40])
  })

  it('takes away no whole set when lists and manifests cannot be read', async () => {
    await offsite([...days(0, 7), 40])
    world.b2.faults.cutsDownloads = true
    const { left, code } = await retained()
    expect(code).toBe(1)
    expect(left).toEqual([...days(0, 7), 40])
  })
})
