import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { THOROUGH } from '../host/thorough.ts'
import { uid } from '../shop/postgresql.ts'
import { type Went, World } from './world.ts'

const SEED = 20_261_125
const NIGHTS = 30
/** The first of them have an error, a full disk, a lost database, a wrong clock and a cut connection. */
const PLAYED = THOROUGH ? NIGHTS : 9
const DAY = 86_400
/** As nixos/backup/settings.bash has them. */
const KEEP_HERE = 3
const KEEP_WHOLE = 7
const HIDE_AT_MOST = 3

const world = new World(26140)

/** How a night is meant to end: well, with an error, with the host itself, or because nothing was new. */
type End = 'well' | 'fails' | 'host gone' | 'not begun'

interface Fault {
  what: string
  /** Breaks something before the night. */
  happens: () => void
  /** Mends what `wellAgain` does not. */
  over?: () => void
  local: End
  offsite: End
}

const VERSION = '[[ $1 == --version ]] && exec "$real" "$@"\n'
const well = { local: 'well', offsite: 'well' } as const
const remoteFails = { local: 'well', offsite: 'fails' } as const
const localFails = { local: 'fails', offsite: 'well' } as const
const localGone = { local: 'host gone', offsite: 'not begun' } as const
const remoteGone = { local: 'well', offsite: 'host gone' } as const

const QUIET: Fault = { what: '', happens: () => undefined, ...well }

/** A program of the night that ends the host, when its words match. */
const gone = (program: string, when: string) => () =>
  world.instead(program, `if [[ "$*" == ${when} ]]; then ${world.powerLoss}; fi; exec "$real" "$@"`)

const clock = (days: number) => ({
  happens: () => {
    world.now += days * DAY
  },
  over: () => {
    world.now -= days * DAY
  },
  ...well,
})

const remote = (faults: Partial<World['b2']['faults']>) => ({
  happens: () => void Object.assign(world.b2.faults, faults),
  ...remoteFails,
})

const FAULTS: Fault[] = [
  {
    what: 'pg_dump is killed half-way',
    happens: () => world.instead('pg_dump', `${VERSION}"$real" "$@" | head -c 4000; kill -KILL $$`),
    ...localFails,
  },
  {
    what: 'pg_dump is cut and says it is well',
    happens: () => world.instead('pg_dump', `${VERSION}"$real" "$@" | head -c -900; exit 0`),
    ...localFails,
  },
  { what: 'the disk is full', happens: () => world.fillDisk(32_768), ...localFails },
  {
    what: 'the database has lost its orders',
    happens: () =>
      world.database.sql(
        'SET ROLE medusa; CREATE TABLE kept AS TABLE "order"; TRUNCATE "order"',
        'research-relay',
      ),
    over: () =>
      void world.database.sql('INSERT INTO "order" TABLE kept; DROP TABLE kept', 'research-relay'),
    ...localFails,
  },
  {
    what: 'the database is gone',
    happens: () => void world.database.sql('ALTER DATABASE "research-relay" RENAME TO "elsewhere"'),
    over: () => void world.database.sql('ALTER DATABASE "elsewhere" RENAME TO "research-relay"'),
    ...localFails,
  },
  {
    what: 'power loss while dumping',
    // As root it is setpriv that starts pg_dump; what it starts could not end the rest.
    happens: gone(uid === undefined ? 'pg_dump' : 'setpriv', '*custom*'),
    ...localGone,
  },
  { what: 'power loss while hashing', happens: gone('sha256sum', '--\\ *'), ...localGone },
  { what: 'power loss before the rename', happens: gone('mv', '*.part\\ *sets/2*'), ...localGone },
  {
    what: 'power loss in the upload',
    happens: () => {
      world.b2.onUpload = () => world.kill()
    },
    ...remoteGone,
  },
  { what: 'power loss before reading back', happens: gone('rclone', '*hashsum*'), ...remoteGone },
  { what: 'power loss before the list', happens: gone('rclone', '*copyto*'), ...remoteGone },
  { what: 'the remote answers 503', ...remote({ unavailable: true }) },
  { what: 'the remote keeps half of each file', ...remote({ truncates: true }) },
  { what: 'the remote changes a byte', ...remote({ changesBytes: true }) },
  { what: 'the storage cap is reached', ...remote({ capExceeded: true }) },
  { what: 'the connection is cut', ...remote({ cutsUploads: true }) },
  { what: 'the clock is a year ahead', ...clock(365) },
  { what: 'the clock is 40 days back', ...clock(-40) },
  {
    what: 'the host is off',
    happens: () => undefined,
    local: 'not begun',
    offsite: 'not begun',
  },
]

/** mulberry32: numbers from 0 to 1 that one seed gives again each time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A quiet night, then every fault once and quiet nights between, in an order that the seed chooses. */
function nights(): Fault[] {
  const random = randomFrom(SEED)
  const all = [...FAULTS, ...Array.from({ length: NIGHTS - 1 - FAULTS.length }, () => QUIET)]
  for (let index = all.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    const [a = QUIET, b = QUIET] = [all[index], all[other]]
    all[index] = b
    all[other] = a
  }
  return [QUIET, ...all]
}

const rows: string[] = []

/** One line of the table; what differs from run to run is left out. */
function row(night: number, fault: Fault, ends: (Went | undefined)[]): void {
  const told = ends.map((went) => {
    if (!went) return '-'
    if (went.signal) return '(nothing)'
    return (
      went.said
        .replace(/, \d+ bytes$/, '')
        .replace(/\d+ KiB were left in \S+/, 'few KiB were left')
        // What the network said in the end differs from run to run, but for what B2 itself answered.
        .replace(/ failed: .*(503|cap exceeded).*/, ' failed: … $1 …')
        .replace(/ failed: (?!…).*/, ' failed: …')
        .replaceAll('|', '/')
    )
  })
  // How far a start came through before the power was gone differs.
  const pings = ends.map((went) => (went?.signal ? 'no end' : went?.pings.join(' ') || 'none'))
  const date = new Date(world.now * 1000).toISOString().slice(0, 10)
  const cells = [night, date, fault.what || 'quiet', told[0], pings[0], told[1], pings[1]]
  const last = String(world.fact('offsite')?.set ?? '-')
  rows.push(
    `| ${[...cells, world.setsHere().length, world.setsOffsite().length, last].join(' | ')} |`,
  )
}

beforeAll(() => world.start())
afterAll(() => world.stop())

describe(`thirty nights with faults from seed ${SEED}`, () => {
  const all = nights().slice(0, PLAYED)
  /** Sets that were ever read back from off-site. */
  let brought = 0
  let hidden = 0

  it.each(all.map((fault, index) => [index + 1, fault.what || 'quiet', fault] as const))(
    'night %i: %s',
    async (night, _what, fault) => {
      world.order(2)
      const before = {
        here: world.setsHere(),
        offsite: world.setsOffsite(),
        last: world.fact('last')?.set,
        brought: world.fact('offsite')?.set,
      }
      fault.happens()
      const { local, offsite } =
        fault.local === 'not begun' ? { local: undefined, offsite: undefined } : await world.night()
      const orders = fault.local === 'well' ? world.orders() : undefined
      row(night, fault, [local, offsite])
      fault.over?.()
      world.wellAgain()
      world.now += DAY
      world.b2.now += DAY * 1000
      const output = `${local?.output}${offsite?.output}`
      const after = { last: world.fact('last')?.set, brought: world.fact('offsite')?.set }

      // What was told, to the status page and to the dead-man's service.
      if (fault.local === 'well') {
        expect(local?.code, output).toBe(0)
        expect(local?.pings).toEqual(['/start', 'ok'])
        expect(after.last).not.toBe(before.last)
        expect(world.manifest(String(after.last)).orders).toBe(orders)
      } else {
        expect(after.last).toBe(before.last)
        expect(world.setsHere()).toEqual(before.here)
        if (fault.local === 'fails') {
          expect(local?.code, output).toBe(1)
          expect(local?.pings).toEqual(['/start', '/1'])
          expect(world.leftovers()).toEqual([])
        } else {
          expect(local?.signal).toBe(fault.local === 'host gone' ? 'SIGKILL' : undefined)
          expect(local?.pings ?? []).not.toContain('ok')
        }
      }
      // Something new to bring off-site is also what an earlier night could not bring.
      const pending = after.last !== before.brought
      if (offsite && fault.offsite !== 'host gone') {
        const expected = fault.offsite === 'well' && pending
        expect(offsite.code, output).toBe(expected ? 0 : 1)
        expect(offsite.pings).toEqual(['/start', expected ? 'ok' : '/1'])
        expect(after.brought).toBe(expected ? after.last : before.brought)
        if (expected) brought += 1
      } else {
        expect(offsite?.signal).toBe(fault.offsite === 'host gone' ? 'SIGKILL' : undefined)
        expect(after.brought).toBe(before.brought)
        expect(offsite?.pings ?? []).not.toContain('ok')
      }

      // What was kept: whole, enough of it, and no half set under a set's name.
      expect(world.damagedHere()).toEqual([])
      expect(await world.damagedOffsite()).toEqual([])
      const ahead = world.setsHere().filter((stamp) => stamp > String(after.last)).length
      expect(world.setsHere().length - ahead).toBeLessThanOrEqual(KEEP_HERE)
      if (after.last) expect(world.setsHere()).toContain(after.last)
      const went = before.offsite.filter((stamp) => !world.setsOffsite().includes(stamp))
      hidden += went.length
      expect(went.length).toBeLessThanOrEqual(HIDE_AT_MOST)
      expect(world.setsOffsite()).toHaveLength(brought - hidden)
      expect(world.setsOffsite().length).toBeGreaterThanOrEqual(Math.min(brought, KEEP_WHOLE))
      if (after.brought) expect(world.setsOffsite()).toContain(after.brought)
      const shown = world.b2.names().length
      world.b2.lifecycle()
      expect(world.b2.names()).toHaveLength(shown)
    },
  )

  it('a night after them is well, and loads with every order', async () => {
    const { local, offsite } = await world.night()
    expect([local.code, offsite?.code], local.output + offsite?.output).toEqual([0, 0])
    expect(world.leftovers()).toEqual([])
    expect(await world.damagedOffsite()).toEqual([])
    const stamp = String(world.fact('offsite')?.set)
    expect(world.loads(join(world.folder, 'downloaded', stamp, 'database.dump'))).toBe(
      world.orders(),
    )
  })

  it('are written down', async () => {
    expect(rows).toHaveLength(PLAYED)
    const page = join(ROOT, 'docs/backups-nights.md')
    if (!THOROUGH) {
      expect(readFileSync(page, 'utf8')).toContain(`${rows.join('\n')}\n`)
      return
    }
    const head = [
      '# Thirty nights with faults',
      '',
      `Written by dev/backup/nights.test.ts (seed ${SEED}): the real scripts, PostgreSQL and rclone, and a local server that speaks B2's API. After each night every set was checked, here and off-site; what the last column names was read back.`,
      '',
      '| night | date | what happened | backup said | its pings | off-site said | its pings | sets here | sets off-site | last read back |',
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ]
    await expect(`${[...head, ...rows].join('\n')}\n`).toMatchFileSnapshot(page)
  })
})
