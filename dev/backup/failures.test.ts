import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { type Went, World } from './world.ts'

/** Each test is a way in which somebody's backups failed in silence: docs/backups.md lists where. */
const world = new World(26130)
/** A good set that is here and off-site, from which every failure must leave hands off. */
let good = ''
let asGood: () => void
beforeAll(async () => {
  await world.start()
  const { local, offsite } = await world.night()
  expect([local.code, offsite?.code], local.output + offsite?.output).toEqual([0, 0])
  good = String(world.fact('last')?.set)
  world.now += 86_400
  asGood = world.remember()
})
beforeEach(() => asGood())
afterAll(() => world.stop())

/** The real program's version, so that only what is meant to fail does. */
const VERSION = '[[ $1 == --version ]] && exec "$real" "$@"\n'

/** The half has failed and said why, the dead-man heard of it, and the good set is as it was. */
async function expectTold(went: Went, said: RegExp): Promise<void> {
  expect(went.code, went.output).toBe(1)
  expect(went.said).toMatch(said)
  expect(went.pings).toEqual(['/start', '/1'])
  expect(world.setsHere()).toContain(good)
  expect(world.damagedHere()).toEqual([])
  expect(world.leftovers()).toEqual([])
  expect(world.setsOffsite()).toEqual([good])
  expect(world.fact('offsite')?.set).toBe(good)
}

/** The half has failed before anything new was there. */
async function expectNothingNew(script: () => void, said: RegExp): Promise<void> {
  script()
  const went = await world.half('local')
  world.wellAgain()
  await expectTold(went, said)
  expect(world.setsHere()).toEqual([good])
  expect(world.fact('last')?.set).toBe(good)
}

describe('a dump', () => {
  it('that is killed half-way fails the night and evicts nothing', () =>
    expectNothingNew(
      () => world.instead('pg_dump', `${VERSION}"$real" "$@" | head -c 4000; kill -KILL $$`),
      /^pg_dump failed \(137\): nothing of it is kept$/,
    ))

  it.each([
    ['a byte short', 'head -c -1'],
    ['cut in the middle of its data', 'head -c -2000'],
    ['its head alone', 'head -c 3000'],
  ])('that is %s and says it is well is read to its end', (_how, cut) =>
    expectNothingNew(
      () => world.instead('pg_dump', `${VERSION}"$real" "$@" | ${cut}; exit 0`),
      /^the dump cannot be read to its end: it was cut or damaged$/,
    ),
  )

  it('of nothing at all is refused', () =>
    expectNothingNew(
      () => world.instead('pg_dump', `${VERSION}exit 0`),
      /^the dump cannot be read to its end: it was cut or damaged$/,
    ))

  it('that is read without its end is refused, whatever the exit code says', () =>
    expectNothingNew(
      () =>
        world.instead('pg_restore', '"$real" "$@" | sed "/database dump complete/,\\$d"; exit 0'),
      /^the dump cannot be read to its end: it was cut or damaged$/,
    ))

  it('of a database without the tables of a shop is refused', async () => {
    world.database.sql('ALTER TABLE payment RENAME TO payments', 'research-relay')
    await expectNothingNew(
      () => undefined,
      /^the dump has no table payment: this is not the shop's database$/,
    )
    world.database.sql('ALTER TABLE payments RENAME TO payment', 'research-relay')
  })

  it('without most of the orders is refused, until the owner says it is right', async () => {
    world.database.sql(
      'SET ROLE medusa; CREATE TABLE kept AS TABLE "order"; TRUNCATE "order"',
      'research-relay',
    )
    await expectNothingNew(
      () => undefined,
      /^the dump has 0 orders, the last good one \d+: refused/,
    )
    world.extra = { RR_BACKUP_SHRINK: 'yes' }
    const taken = await world.half('local')
    expect(taken.code, taken.output).toBe(0)
    expect(taken.output).toMatch(/the dump has 0 orders, the last good one \d+: taken/)
    world.database.sql('INSERT INTO "order" TABLE kept; DROP TABLE kept', 'research-relay')
  })

  it('that lost most of its bytes is refused, until the owner says it is right', async () => {
    world.database.sql(
      'SET ROLE medusa; CREATE TABLE big AS SELECT md5(n::text) FROM generate_series(1, 5000) AS n',
      'research-relay',
    )
    const { code, output } = await world.half('local')
    expect(code, output).toBe(0)
    world.now += 86_400
    world.database.sql('DROP TABLE big', 'research-relay')
    await expectTold(
      await world.half('local'),
      /^the dump has \d+ bytes, the last good one \d+: refused; if that is right, RR_BACKUP_SHRINK=yes rr-backup$/,
    )
  })

  it('by a client older than the server is refused before it begins', () =>
    expectNothingNew(
      () =>
        world.instead(
          'pg_dump',
          '[[ $1 == --version ]] && { echo "pg_dump (PostgreSQL) 15.18 (Debian)"; exit; }; exec "$real" "$@"',
        ),
      /^pg_dump 15\.18 is older than the server 16\.\d+: /,
    ))

  it('of a database that does not answer fails the night', async () => {
    const url = join(world.folder, 'secrets/database-url')
    const kept = readFileSync(url, 'utf8')
    writeFileSync(url, kept.replace(/:\d+\//, ':26139/'))
    const went = await world.half('local')
    writeFileSync(url, kept)
    await expectTold(went, /^the database does not answer$/)
  })

  it('with a pipe that hides an exit code is no night of ours: each script ends at the first error', () => {
    for (const script of [
      'nightly',
      'steps/dump',
      'steps/uploads',
      'steps/secrets',
      'steps/manifest',
      'steps/upload',
      'steps/retention',
    ])
      expect(readFileSync(join(ROOT, 'nixos/backup', script), 'utf8')).toMatch(
        /^#!\/usr\/bin\/env bash\n(#.*\n)*set -euo pipefail$/m,
      )
  })
})

describe('the disk', () => {
  it('that fills up on the way is named as the reason', async () => {
    world.fillDisk(32_768)
    const went = await world.half('local')
    world.wellAgain()
    await expectTold(went, /^the disk is full: \d+ KiB were left in /)
    expect(world.setsHere()).toEqual([good])
  })

  it('that is too full for a set is named before the work', () =>
    expectNothingNew(
      () => world.instead('df', 'echo Avail; echo 20000'),
      /^the disk is (too full for a set: 0 MiB are left|full: 19 KiB were left)/,
    ))

  it('that damaged a set does not bring it off-site', async () => {
    await world.half('local')
    const made = String(world.fact('last')?.set)
    truncateSync(join(world.sets, made, 'database.dump'), 5000)
    const went = await world.half('offsite')
    expect(went.said).toBe(`the set ${made} is damaged on this disk`)
    expect(went.pings).toEqual(['/start', '/1'])
    expect(world.setsOffsite()).toEqual([good])
    rmSync(join(world.sets, made), { recursive: true })
  })
})

describe('the uploads', () => {
  it('whose archive comes out empty fail the night', () =>
    expectNothingNew(
      () =>
        world.instead(
          'tar',
          '[[ $1 == --create ]] || exec "$real" "$@"; exec "$real" -c -T /dev/null',
        ),
      /^the archive of uploads is empty, and 1 files are there$/,
    ))
})

describe('the off-site copy', () => {
  /** The local half is well, the remote is not. */
  async function broken(faults: Partial<World['b2']['faults']>, said: RegExp): Promise<void> {
    Object.assign(world.b2.faults, faults)
    const { local, offsite } = await world.night()
    world.wellAgain()
    expect(local.code, local.output).toBe(0)
    if (!offsite) throw new Error('the second half did not run')
    await expectTold(offsite, said)
    expect(await world.damagedOffsite()).toEqual([])
    // The next night is well again.
    world.now += 86_400
    const next = await world.night()
    expect(next.offsite?.code, next.offsite?.output).toBe(0)
    expect(world.setsOffsite()).toEqual([good, String(world.fact('last')?.set)])
  }

  it('that a remote kept half of is noticed by reading it back', () =>
    broken({ truncates: true }, /^reading back failed: /))

  it('with a changed byte is noticed by reading it back', () =>
    broken({ changesBytes: true }, /^reading back failed: /))

  it('that a remote answers with 503 is a failure', () =>
    broken({ unavailable: true }, /^the upload failed: .*503/))

  it('that no longer fits the account is a failure that says so', () =>
    broken({ capExceeded: true }, /^the upload failed: .*storage cap exceeded/))

  it('whose connection ends in the middle is a failure', () =>
    broken({ cutsUploads: true }, /^the upload failed: /))

  it('that cannot be read back is a failure', () =>
    broken({ cutsDownloads: true }, /^reading back failed: /))

  it('that rclone says it sent and did not is noticed by reading it back', async () => {
    world.instead('rclone', 'for word; do [[ $word != copy ]] || exit 0; done; exec "$real" "$@"')
    const { offsite } = await world.night()
    world.wellAgain()
    if (!offsite) throw new Error('the second half did not run')
    await expectTold(offsite, /^(reading back failed: |what lies off-site is not what was sent: )/)
  })

  it('of which rclone sent other files is noticed by their checksums', async () => {
    const sums = `${'0'.repeat(64)}  database.dump`
    world.instead(
      'rclone',
      `for word; do [[ $word != hashsum ]] || { echo '${sums}'; exit 0; }; done; exec "$real" "$@"`,
    )
    const { offsite } = await world.night()
    world.wellAgain()
    if (!offsite) throw new Error('the second half did not run')
    await expectTold(offsite, /^what lies off-site is not what was sent: .*database\.dump/)
  })

  it('with a list of contents that came out wrong is no set', async () => {
    world.instead(
      'rclone',
      'for word; do [[ $word != cat ]] || { echo other; exit 0; }; done; exec "$real" "$@"',
    )
    const { offsite } = await world.night()
    world.wellAgain()
    if (!offsite) throw new Error('the second half did not run')
    await expectTold(offsite, /^the list of contents off-site is not what was sent$/)
  })

  it('that is killed on its way leaves no set, and the next night is whole', async () => {
    world.b2.onUpload = () => world.kill()
    const { offsite } = await world.night()
    world.wellAgain()
    expect(offsite?.signal).toBe('SIGKILL')
    expect(world.setsOffsite()).toEqual([good])
    expect(world.fact('offsite')?.set).toBe(good)
    const again = await world.half('offsite')
    expect(again.code, again.output).toBe(0)
    expect(await world.damagedOffsite()).toEqual([])
  })
})

describe('a ping', () => {
  it('that nobody answers fails no night', async () => {
    world.extra = { PING_BACKUP_URL: 'http://127.0.0.1:26139/x', RR_NETWORK_SECONDS: '1' }
    const { code, output } = await world.half('local')
    expect(code, output).toBe(0)
    expect(output).toContain('the dead-man address of backup was not reached')
  })

  it('comes once for a whole job, with its code', async () => {
    expect((await world.half('local')).pings).toEqual(['/start', 'ok'])
    writeFileSync(join(world.bin, 'pg_restore'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
    expect((await world.half('local')).pings).toEqual(['/start', '/1'])
  })
})
