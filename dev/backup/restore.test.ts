import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, LIVE } from './cluster.ts'

const cluster = new Cluster(26210, { fsync: 'off' })
const OLD = '20261122T030000Z'
const DAY = '20261123T030000Z'
const NEWEST = '20261124T030000Z'

/** What is off-site of a set, by name. */
const offsite = (stamp: string, name: string) => join(cluster.remote, 'sets', stamp, `${name}.bin`)

/** The live database as it was before a call, to see that a failed one changed nothing. */
function state() {
  return {
    databases: cluster.databases(),
    orders: cluster.orders(),
    id: cluster.sql(`SELECT oid FROM pg_database WHERE datname = '${LIVE}'`),
  }
}

beforeAll(async () => {
  await cluster.start(200)
  cluster.night(OLD, { RR_BACKUP_BASE: 'no' })
  cluster.order(201, 250)
  cluster.night(DAY, { RR_BACKUP_BASE: 'no' })
  cluster.order(251, 300)
  cluster.night(NEWEST, { RR_BACKUP_BASE: 'no' })
})
afterAll(() => cluster.stop())

describe('a live database', () => {
  it('is not touched without the word, and it is said what would happen', () => {
    const before = state()
    const done = cluster.run(['restore', OLD])
    expect(done.code).toBe(3)
    expect(done.output).toContain('is live: 20 tables, 300 orders')
    expect(done.output).toMatch(
      new RegExp(`With --replace: the set ${OLD} .*stay as ${LIVE}-until-`),
    )
    expect(state()).toEqual(before)
  })

  it('is replaced with the word by a change of names, and what was there stays beside it', () => {
    const done = cluster.run(['restore', OLD, '--replace'])
    expect(done.code, done.output).toBe(0)
    expect(done.output).toContain('orders     200, the newest from')
    expect(done.output).toContain(`restored   set ${OLD}`)
    expect(cluster.orders()).toBe(200)
    const [kept = ''] = cluster.databases().filter((name) => name.startsWith(`${LIVE}-until-`))
    expect(done.output).toContain(`stays as the database ${kept}`)
    expect(cluster.orders(kept)).toBe(300)
    expect(cluster.databases()).toEqual([LIVE, kept])
  })

  it('belongs to role medusa afterwards, tables and all, and is closed to others', () => {
    const owners = `SELECT string_agg(DISTINCT owner::regrole::text, ',') FROM (
      SELECT datdba FROM pg_database WHERE datname = '${LIVE}'
      UNION SELECT nspowner FROM pg_namespace WHERE nspname = 'public' AND nspowner <> 'pg_database_owner'::regrole
      UNION SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS all_of (owner)`
    expect(cluster.sql(owners, LIVE)).toBe('medusa')
    expect(cluster.sql(`SELECT has_database_privilege('public', '${LIVE}', 'CONNECT')`)).toBe('f')
  })

  it('is replaced even while somebody is connected to it', () => {
    const visitor = cluster.connect()
    const done = cluster.run(['restore', '--replace'])
    visitor.kill()
    expect(done.code, done.output).toBe(0)
    expect(cluster.orders()).toBe(300)
  })
})

describe('what is asked for', () => {
  it('is the newest of a day by its date', () => {
    const done = cluster.run(['restore', '2026-11-23', '--replace'])
    expect(done.code, done.output).toBe(0)
    expect(done.output).toContain(`set ${DAY}`)
    expect(cluster.orders()).toBe(250)
  })

  it('is listed, wherever it lies, newest first', () => {
    rmSync(join(cluster.folder, 'backups/sets', OLD), { recursive: true })
    mkdirSync(join(cluster.state, 'dumps'), { recursive: true })
    writeFileSync(join(cluster.state, 'dumps/20261120T120000Z-before-abc.dump'), 'x')
    const { code, output } = cluster.run(['restore', 'list'])
    expect(code).toBe(0)
    expect(output).toMatch(new RegExp(`${NEWEST}.*here and off-site[^]*${OLD}.* off-site`))
    expect(output).toContain('20261120T120000Z-before-abc.dump')
  })

  it('comes from off-site alone on another machine, with files and secrets', () => {
    cluster.forget()
    // The secrets are still in the set: nobody can sign in as role medusa.
    rmSync(join(cluster.folder, 'secrets/database-url'))
    cluster.sql('ALTER ROLE medusa PASSWORD NULL')
    const secrets = join(cluster.folder, 'etc/secrets.env')
    const done = cluster.run(['restore', '--secrets', secrets])
    expect(done.code, done.output).toBe(0)
    expect(done.output).toContain(`set ${NEWEST} (offsite)`)
    expect(done.output).toContain('nothing was there')
    expect(cluster.orders()).toBe(300)
    expect(cluster.databases()).toEqual([LIVE])
    expect(readFileSync(join(cluster.state, 'uploads/flask.webp'), 'utf8')).toContain(NEWEST)
    expect(readFileSync(secrets, 'utf8')).toContain('JWT_SECRET=1')
    expect(statSync(secrets).mode & 0o777).toBe(0o600)
    cluster.share()
    cluster.setOwner()
  })

  it('is never written over newer files, unless the word is said', () => {
    const file = join(cluster.state, 'uploads/flask.webp')
    writeFileSync(file, 'a newer picture')
    // An empty database is none that is live.
    cluster.sql(`DROP DATABASE "${LIVE}"`)
    cluster.sql(`CREATE DATABASE "${LIVE}"`)
    expect(cluster.run(['restore']).code).toBe(0)
    expect(cluster.databases()).toEqual([LIVE])
    expect(readFileSync(file, 'utf8')).toBe('a newer picture')
    utimesSync(file, new Date(), new Date())
    expect(cluster.run(['restore', '--replace']).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain(NEWEST)
  })

  it.each([
    [['restore', '20300101T000000Z'], 'there is no set 20300101T000000Z'],
    [['restore', '2030-01-01'], 'there is no set of 2030-01-01'],
    [['restore', 'yesterdayish'], 'no set, no date and no file'],
    [['restore', '--until', 'sometime'], 'not a moment'],
    [['restore', '--until', '2020-01-01'], 'no base backup from before'],
    [['restore', '--until'], 'a value is missing'],
    [['restore', 'newest', '--until', 'newest'], 'either newest or --until'],
    [['restore', '--force'], 'does not know --force'],
  ])('%j is refused in words', (words, why) => {
    const before = state()
    const done = cluster.run([...words, ...(words.at(-1) === '--until' ? [] : ['--replace'])])
    expect(done.code).not.toBe(0)
    expect(done.output).toContain(why)
    expect(state()).toEqual(before)
  })
})

describe('a copy that is not whole', () => {
  /** Spoils the newest set off-site, restores, and mends it. */
  function spoiled(name: string, spoil: (path: string) => void, env: NodeJS.ProcessEnv = {}) {
    const path = offsite(NEWEST, name)
    const plain = join(cluster.remote, 'sets', NEWEST, name)
    const file = existsSync(plain) ? plain : path
    copyFileSync(file, `${cluster.folder}/kept`)
    const before = state()
    spoil(file)
    try {
      const done = cluster.run(['restore', NEWEST, '--replace'], env)
      expect(done.code, done.output).toBe(1)
      expect(state()).toEqual(before)
      expect(cluster.leftovers()).toEqual([])
      return done.output
    } finally {
      copyFileSync(`${cluster.folder}/kept`, file)
    }
  }

  it('changes nothing when the dump is cut off', () => {
    expect(
      spoiled('database.dump', (path) => truncateSync(path, statSync(path).size - 4_000)),
    ).toMatch(/set 20261124T030000Z|damaged/)
  })

  it('changes nothing when a file is missing', () => {
    expect(spoiled('database.dump', (path) => rmSync(path))).toContain(`no set ${NEWEST}`)
  })

  it('changes nothing when the dump is another than the one that was checksummed', () => {
    expect(
      spoiled('database.dump', (path) =>
        copyFileSync(join(cluster.remote, 'sets', DAY, path.split('/').at(-1) ?? ''), path),
      ),
    ).toContain('database.dump of the set 20261124T030000Z is damaged')
  })
})

describe('a dump that a deploy made', () => {
  const dump = () => join(cluster.state, 'dumps/20261124T110000Z-before-b.dump')

  beforeAll(() => {
    mkdirSync(join(cluster.state, 'dumps'), { recursive: true })
    writeFileSync(dump(), cluster.dumped())
  })

  it('is known by its name', () => {
    cluster.order(301, 310)
    const done = cluster.run(['restore', '20261124T110000Z-before-b.dump', '--replace'])
    expect(done.code, done.output).toBe(0)
    expect(cluster.orders()).toBe(300)
  })

  it('changes nothing when it is cut off, which its head does not tell', () => {
    const before = state()
    const cut = `${dump()}.cut.dump`
    copyFileSync(dump(), cut)
    truncateSync(cut, Math.floor(statSync(cut).size * 0.6))
    const done = cluster.run(['restore', cut, '--replace'])
    expect(done.code).toBe(1)
    expect(done.output).toContain('does not load')
    expect(done.output).toContain(`${LIVE} is as it was`)
    expect(state()).toEqual(before)
  })

  it.each([
    ['empty', ''],
    ['something else', 'not a dump at all'],
  ])('changes nothing when it is %s', (_case, text) => {
    const before = state()
    const file = join(cluster.folder, 'other.dump')
    writeFileSync(file, text)
    const done = cluster.run(['restore', file, '--replace'])
    expect(done.code).toBe(1)
    expect(done.output).toContain('is no dump')
    expect(state()).toEqual(before)
  })
})

describe('a load that says it went well and did nothing', () => {
  it('is noticed by what is in the new database', () => {
    const before = state()
    const done = cluster.run(
      ['restore', '--replace'],
      cluster.program(
        'pg_restore',
        `[[ $1 == --list ]] && exec ${cluster.real('pg_restore')} "$@"; echo "restored" && exit 0`,
      ),
    )
    expect(done.code).toBe(1)
    expect(done.output).toContain('lists 20 tables and 0 are there after loading')
    expect(state()).toEqual(before)
  })

  it('is noticed by the counts when rows are missing', () => {
    const before = state()
    const real = cluster.real('pg_restore')
    const done = cluster.run(
      ['restore', '--replace'],
      cluster.program(
        'pg_restore',
        `${real} "$@" && { [[ $1 == --list ]] || psql -Xq -d rr-restoring -c 'DELETE FROM capture WHERE id = $$capt_7$$'; }`,
      ),
    )
    expect(done.code).toBe(1)
    expect(done.output).toContain('rows of capture: 300 when it was dumped, 299 now')
    expect(state()).toEqual(before)
  })
})

describe('rows that have lost what they belong to', () => {
  it('keep a dump from being put in place, unless the owner says so', () => {
    cluster.sql(
      `INSERT INTO "order" (id, currency_code) VALUES ('order_lost', 'eur');
       UPDATE order_payment_collection SET payment_collection_id = 'pay_col_gone' WHERE order_id = 'order_7'`,
      LIVE,
    )
    const file = join(cluster.state, 'dumps/with-orphans.dump')
    writeFileSync(file, cluster.dumped())
    const before = state()
    const done = cluster.run(['restore', file, '--replace'])
    expect(done.code).toBe(1)
    expect(done.output).toContain('orders without items: 1')
    expect(done.output).toContain('orders whose payment collection is gone: 1')
    expect(state()).toEqual(before)
    expect(cluster.run(['restore', file, '--replace', '--with-orphans']).code).toBe(0)
    expect(cluster.orders()).toBe(301)
  })
})

describe('a restore that is killed', () => {
  it('leaves the live database alone, keeps others out while it runs, and the next one finishes', async () => {
    const before = state()
    const slow = cluster.program(
      'pg_restore',
      `[[ $1 == --list ]] || sleep 20; exec ${cluster.real('pg_restore')} "$@"`,
    )
    const first = cluster.begin(['restore', '--replace'], slow)
    for (
      let tries = 0;
      tries < 100 && cluster.databases().length === before.databases.length;
      tries++
    )
      await delay(100)
    expect(cluster.databases()).toContain('rr-restoring')
    const second = cluster.run(['restore', '--replace'])
    expect(second.code).toBe(1)
    expect(second.output).toContain('another restore is under way')
    process.kill(-(first.pid ?? 0), 'SIGKILL')
    await delay(200)
    expect(cluster.orders()).toBe(before.orders)
    const third = cluster.run(['restore', '--replace'])
    expect(third.code, third.output).toBe(0)
    expect(cluster.orders()).toBe(300)
    expect(cluster.databases()).not.toContain('rr-restoring')
    expect(cluster.leftovers()).toEqual([])
  })
})

describe('an empty machine', () => {
  it('without the role is told what comes first', () => {
    cluster.forget()
    cluster.sql('ALTER ROLE medusa RENAME TO nobody_yet')
    const done = cluster.run(['restore'])
    cluster.sql('ALTER ROLE nobody_yet RENAME TO medusa')
    expect(done.code).toBe(1)
    expect(done.output).toContain('role medusa is not there yet')
  })

  it('without the key of off-site is told so', () => {
    const done = cluster.run(['restore'], { B2_BUCKET: '' })
    expect(done.code).toBe(1)
    expect(done.output).toContain('off-site cannot be read')
  })
})
