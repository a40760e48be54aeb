import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, LIVE } from '../backup/cluster.ts'
import { DOMAIN } from '../host/caddy.ts'
import { ROOT } from '../host/nix.ts'
import { World } from './world.ts'

const world = new World(26260)
const cluster = new Cluster(26250, { fsync: 'off' })
/** The real PostgreSQL and its programs in place of the world's stand-ins. */
const real: NodeJS.ProcessEnv = {}
let before = ''
let breaking = ''
let dump = ''

beforeAll(async () => {
  await Promise.all([world.start(), cluster.start(30)])
  for (const name of ['pg_dump', 'pg_restore']) rmSync(join(world.folder, 'bin', name))
  // PostgreSQL's user reads the dump that is lent to it below.
  chmodSync(world.folder, 0o755)
  writeFileSync(
    join(world.folder, 'secrets/database-url'),
    `postgres://medusa:secret@127.0.0.1:${cluster.server.port}/${LIVE}\n`,
  )
  for (const name of ['PGHOST', 'PGPORT', 'PGUSER', 'RR_POSTGRES_USER', 'LC_ALL'])
    real[name] = cluster.env[name]
  real.PATH = `${join(world.folder, 'bin')}:${cluster.env.PATH}`
})
afterAll(() => Promise.all([world.stop(), cluster.stop()]))

const columns = (database = LIVE) =>
  cluster.sql(
    "SELECT count(*) FROM information_schema.columns WHERE table_name = 'order' AND column_name = 'locale'",
    database,
  )
const state = () => ({
  databases: cluster.databases(),
  orders: cluster.orders(),
  columns: columns(),
})
const kept = () => cluster.databases().filter((name) => name.startsWith(`${LIVE}-until-`))

describe('a release with a migration that breaks the one before', () => {
  it('is dumped before, whole, from the real database', () => {
    before = world.publish('medusa')
    breaking = world.publish('medusa', 'good', ['first', 'drops-a-column breaking'])
    expect(world.run(['deploy', 'medusa', before], { env: real }).code).toBe(0)
    const { code, output } = world.run(['deploy', 'medusa', breaking], { env: real })
    expect(code, output).toBe(0)
    dump = String(world.status().apps.medusa.dump)
    expect(statSync(dump).size).toBeGreaterThan(10_000)
    // What the migration does, and what comes in afterwards.
    cluster.sql('ALTER TABLE "order" DROP COLUMN locale', LIVE)
    cluster.order(31, 35)
  })

  it('is not left without the word', () => {
    const was = state()
    const back = world.run(['rollback', 'medusa'], { env: real })
    expect(back.code).toBe(1)
    expect(back.output).toContain('rollback medusa --restore')
    expect(state()).toEqual(was)
  })
})

describe('a dump that does not load', () => {
  it.each([
    ['is cut off', (path: string) => truncateSync(path, Math.floor(statSync(path).size * 0.7))],
    ['is empty', (path: string) => truncateSync(path, 0)],
  ])('because it %s, changes nothing, and the shop is open again', async (_case, spoil) => {
    const was = state()
    copyFileSync(dump, `${dump}.kept`)
    spoil(dump)
    const back = world.run(['rollback', 'medusa', '--restore'], { env: real })
    copyFileSync(`${dump}.kept`, dump)
    expect(back.code).toBe(1)
    expect(back.output).toMatch(/does not load|is no dump/)
    expect(back.output).toContain('the shop is open again')
    expect(state()).toEqual(was)
    expect(existsSync(join(world.state, 'ways/maintenance'))).toBe(false)
    expect(await world.served('medusa')).toBe(breaking)
    expect(world.systemctl('is-active', 'docker-medusa-worker').status).toBe(0)
    expect(existsSync(join(world.state, 'restoring'))).toBe(false)
  })

  it('by a pg_restore that does nothing and says so well, changes nothing', () => {
    const was = state()
    const lying = cluster.program(
      'pg_restore',
      `[[ $1 != --list ]] || exec ${cluster.real('pg_restore')} "$@"; exit 0`,
    )
    const back = world.run(['rollback', 'medusa', '--restore'], {
      env: { ...real, PATH: `${join(world.folder, 'bin')}:${lying.PATH}` },
    })
    expect(back.code).toBe(1)
    expect(back.output).toContain('0 are there after loading')
    expect(state()).toEqual(was)
  })
})

describe('the way back', () => {
  it('brings the database as it was and the release before, behind the page of maintenance', async () => {
    const seen = new Set<number>()
    let going = true
    const visitor = (async () => {
      while (going) {
        const answer = await world.caddy.get(`api.${DOMAIN}`, '/health')
        seen.add(answer.status ?? 0)
        await delay(20)
      }
    })()
    const child = world.begin(['rollback', 'medusa', '--restore'], real)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output += chunk
      })
    const code = await new Promise((resolve) => child.once('close', resolve))
    going = false
    await visitor
    expect(code, output).toBe(0)
    // Never a 502: who came meanwhile saw the page, and only that.
    expect([...seen].sort()).toEqual([200, 503])
    expect(columns()).toBe('1')
    expect(cluster.orders()).toBe(30)
    expect(kept()).toHaveLength(1)
    expect(cluster.orders(kept()[0])).toBe(35)
    expect(columns(kept()[0])).toBe('0')
    expect(output).toContain(kept()[0])
    expect(await world.served('medusa')).toBe(before)
    expect(world.status().apps.medusa.current).toBe(before)
    expect(existsSync(join(world.state, 'ways/maintenance'))).toBe(false)
    expect(world.systemctl('is-active', 'docker-medusa-worker').status).toBe(0)
    // Role medusa owns what it comes back to.
    await cluster.runSql('UPDATE store SET name = name', LIVE)
  })
})

describe('a restore of last night under the release that runs', () => {
  it('ends the apps, migrates, and starts them again; the page stands meanwhile', () => {
    mkdirSync(join(world.state, 'backup'), { recursive: true })
    const log = join(world.folder, 'docker/migrated')
    const migrations = readFileSync(log, 'utf8').split('\n').length
    const done = spawnSync(join(ROOT, 'nixos/backup/restore'), [dump, '--replace'], {
      env: {
        ...real,
        RR_STATE: world.state,
        RR_SECRETS: join(world.folder, 'secrets'),
        RR_APPS: join(world.folder, 'apps.json'),
        RR_UNITS: join(world.folder, 'units'),
        RR_FAKE_DOCKER: join(world.folder, 'docker'),
      },
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(done.status, done.stderr).toBe(0)
    expect(readFileSync(log, 'utf8').split('\n').length).toBe(migrations + 1)
    expect(readFileSync(log, 'utf8')).toMatch(new RegExp(`migrate ${before}\n$`))
    expect(kept()).toHaveLength(2)
    expect(world.systemctl('is-active', 'docker-medusa-worker').status).toBe(0)
    expect(existsSync(join(world.state, 'ways/maintenance'))).toBe(false)
    expect(world.run(['status'], { env: real }).output).toContain('health    ready')
  })
})
