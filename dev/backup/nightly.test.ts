import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { sha256, World } from './world.ts'

const world = new World(26100)
beforeAll(() => world.start())
afterAll(() => world.stop())
beforeEach(() => world.clear())

/** A night that has to go well; gives the set's name. */
async function goodNight(): Promise<string> {
  const went = await world.half('local')
  expect(went.code, went.output).toBe(0)
  world.now += 86_400
  return String(world.fact('last')?.set)
}

describe('a night', () => {
  it('makes a set that holds the shop, and says what stands in it', async () => {
    const stamp = await goodNight()
    expect(stamp).toMatch(/^\d{8}T030000Z$/)
    const manifest = world.manifest(stamp)
    expect(manifest).toMatchObject({
      stamp,
      release: '0123456789abcdef0123456789abcdef01234567',
      orders: world.orders(),
      migrations: ['Migration20260101000000', 'Migration20260401000000'],
      tables: { customer: 40, order: world.orders(), payment: 0, product: 12 },
    })
    expect(manifest.serverVersion).toMatch(/^16\./)
    expect(manifest.newestOrder).toMatch(/^\d{4}-\d\d-\d\dT02:59:00Z$/)
    expect(Object.keys(manifest.files)).toEqual(['database.dump', 'secrets.env', 'uploads.tar.zst'])
    for (const [name, { bytes, sha256: sum }] of Object.entries(manifest.files)) {
      const text = readFileSync(join(world.sets, stamp, name))
      expect([text.length, sha256(text)], name).toEqual([bytes, sum])
    }
    expect(world.damagedHere()).toEqual([])
    expect(world.leftovers()).toEqual([])
  })

  it('makes a dump that loads with every order', async () => {
    const stamp = await goodNight()
    expect(world.loads(join(world.sets, stamp, 'database.dump'))).toBe(world.orders())
  })

  it('counts rows as the database does, whatever stands in their text', async () => {
    const stamp = await goodNight()
    const { tables } = world.manifest(stamp)
    expect(Object.keys(tables)).toHaveLength(5)
    for (const [table, rows] of Object.entries(tables))
      expect(rows, table).toBe(
        Number(world.database.sql(`SELECT count(*) FROM "${table}"`, 'research-relay')),
      )
  })

  it('lets nobody but root read what it made', async () => {
    const stamp = await goodNight()
    expect(statSync(join(world.sets, stamp)).mode & 0o777).toBe(0o700)
    expect(statSync(join(world.sets, stamp, 'secrets.env')).mode & 0o777).toBe(0o600)
    expect(statSync(join(world.sets, stamp, 'database.dump')).mode & 0o077).toBe(0)
    expect(readFileSync(join(world.sets, stamp, 'secrets.env'), 'utf8')).toContain('JWT_SECRET=')
  })

  it('tells the dead-man and the status page', async () => {
    const { said, pings } = await world.half('local')
    expect(said).toMatch(/^\d{8}T030000Z: \d+ orders, \d+ bytes$/)
    expect(pings).toEqual(['/start', 'ok'])
    expect(world.fact('last')).toMatchObject({
      at: new Date(world.now * 1000).toISOString().replace('.000', ''),
      orders: world.orders(),
    })
    expect(Object.keys(world.fact('last') ?? {}).sort()).toEqual([
      'at',
      'bytes',
      'orders',
      'seconds',
      'set',
    ])
  })

  it('keeps three sets on the disk', async () => {
    const made = []
    for (let night = 0; night < 5; night++) made.push(await goodNight())
    expect(world.setsHere()).toEqual(made.slice(-3))
    expect(world.leftovers()).toEqual([])
  })

  it('keeps what it just made when the clock was put back, and what is dated ahead', async () => {
    const before = [await goodNight(), await goodNight(), await goodNight(), await goodNight()]
    world.now -= 100 * 86_400
    const back = await goodNight()
    expect(world.setsHere()).toEqual([back, ...before.slice(-3)])
    const next = await goodNight()
    expect(world.setsHere()).toEqual([back, next, ...before.slice(-3)])
    world.now += 100 * 86_400
  })

  it('takes the next second when there is a set of this one', async () => {
    const first = await goodNight()
    world.now -= 86_400
    const second = await goodNight()
    expect(second).toBe(first.replace('T030000Z', 'T030001Z'))
    expect(world.setsHere()).toEqual([first, second])
  })

  it('clears away what a killed night left, and nothing else', async () => {
    const kept = await goodNight()
    mkdirSync(join(world.sets, '.20200101T030000Z.part'))
    writeFileSync(join(world.sets, '.20200101T030000Z.part/database.dump'), 'half of it')
    const made = await goodNight()
    expect(world.setsHere()).toEqual([kept, made])
    expect(world.leftovers()).toEqual([])
  })

  it('refuses to run beside another', async () => {
    // The first one dumps until the second has ended.
    const signs = join(world.folder, 'signs')
    mkdirSync(signs)
    // pg_dump runs as the server's user.
    chmodSync(signs, 0o777)
    const [began, go] = [join(signs, 'began'), join(signs, 'go')]
    world.instead(
      'pg_dump',
      `[[ \${1:-} == --version ]] || { touch ${began}; until [[ -e ${go} ]]; do sleep 0.1; done; }; exec "$real" "$@"`,
    )
    const running = world.half('local')
    await vi.waitUntil(() => existsSync(began), { timeout: 60_000 })
    const second = await world.run(
      [join(ROOT, 'nixos/backup/nightly'), 'local'],
      world.environment(),
    )
    writeFileSync(go, '')
    const first = await running
    expect(first.code, first.output).toBe(0)
    expect(second.code).toBe(1)
    expect(second.said).toMatch(/^another night is under way: process \d+ since /)
  })

  it('runs again after the one that held the lock was killed', async () => {
    const held = join(world.folder, 'held')
    const script = `touch ${held}; exec sleep 60`
    const holder = spawn('flock', [join(world.backups, 'lock'), 'sh', '-c', script], {
      detached: true,
    })
    await vi.waitUntil(() => existsSync(held), { timeout: 60_000 })
    expect((await world.half('local')).said).toMatch(/^another night/)
    process.kill(-Number(holder.pid), 'SIGKILL')
    await goodNight()
  })

  it('takes all files of the uploads, and knows when there are none', async () => {
    const stamp = await goodNight()
    const listed = await world.run(
      ['tar', '--zstd', '-tf', join(world.sets, stamp, 'uploads.tar.zst')],
      world.environment(),
    )
    expect(listed.output).toBe('./\n./a picture.webp\n')
    rmSync(world.uploads, { recursive: true })
    await goodNight()
    mkdirSync(world.uploads)
    writeFileSync(join(world.uploads, 'a picture.webp'), Buffer.alloc(20_000, 'picture'))
  })

  it('adds a base backup when it is asked to', async () => {
    world.database.sql('SELECT 1')
    world.extra = { RR_BACKUP_BASE: 'yes' }
    const { code, output } = await world.half('local')
    // Here WAL is not archived, so the step has nothing to do and says it.
    expect(code, output).toBe(0)
    expect(output).toMatch(/no base backup: WAL is not archived here|✓ base/)
  })

  it('goes where DATABASE_URL leads when the database is on another host', async () => {
    const url = `postgresql://postgres:p%40ss@db.internal:${world.database.port}/research-relay`
    const secrets = join(world.folder, 'secrets')
    const seen = join(world.folder, 'seen')
    writeFileSync(join(secrets, 'database-url'), url)
    // What it asks for is noted, and answered by the server that is here.
    const by = `echo "\${0##*/} $PGUSER $PGPASSWORD $PGHOST $PGPORT $PGDATABASE" >>${seen}
      PGHOST=${world.database.folder} PGUSER=postgres exec setpriv --reuid=${process.getuid?.() === 0 ? 65_534 : process.getuid?.()} --clear-groups "$real" "$@"`
    for (const program of ['psql', 'pg_dump'])
      world.instead(program, `[[ \${1:-} == --version ]] && exec "$real" --version\n${by}`)
    const { code, output } = await world.half('local')
    writeFileSync(join(secrets, 'database-url'), `${world.url}\n`)
    expect(code, output).toBe(0)
    expect(readFileSync(seen, 'utf8')).toBe(
      ['psql', 'pg_dump']
        .map((each) => `${each} postgres p@ss db.internal ${world.database.port} research-relay\n`)
        .join(''),
    )
  })

  it('says what is missing when there is no file of secrets', async () => {
    world.extra = { RR_ENV_FILE: join(world.folder, 'none') }
    const { code, said, pings } = await world.half('local')
    expect([code, pings]).toEqual([1, ['/start', '/1']])
    expect(said).toMatch(/none is missing or empty: rr-env generate$/)
    expect(existsSync(join(world.state, 'backup/last.json'))).toBe(false)
  })
})
