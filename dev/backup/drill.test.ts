import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, LIVE } from './cluster.ts'

const cluster = new Cluster(26240, { fsync: 'off' })
const RELEASE = 'a'.repeat(40)
const NIGHT = `${new Date().toISOString().slice(0, 10).replaceAll('-', '')}T000100Z`

interface Report {
  ok: boolean
  set: string
  seconds: number
  orders: number
  answers: { question: string; ok: boolean; said: string }[]
}

const drills = join(cluster.state, 'backup/drills')
const reports = () => readdirSync(drills).filter((name) => name.endsWith('.json'))

/** Runs a drill and gives its newest report, which must say the same as drill.json. */
function drill(env: NodeJS.ProcessEnv = { RR_DRILL_BASE: 'no' }) {
  const done = cluster.run(['drill'], env)
  const fact = cluster.fact('drill.json')
  const report = JSON.parse(readFileSync(String(fact.report), 'utf8')) as Report
  expect(report).toMatchObject({ ok: fact.ok, set: fact.set, orders: fact.orders })
  expect(done.code === 0).toBe(fact.ok)
  // Whatever happened, nothing is left and the live database is untouched.
  expect(cluster.databases()).toEqual([LIVE])
  expect(existsSync(join(cluster.state, 'restoring-drill'))).toBe(false)
  return { ...done, report, wrong: report.answers.filter((each) => !each.ok) }
}

beforeAll(async () => {
  await cluster.start(60)
  // Half of the orders are of the day before the set.
  cluster.sql(
    `UPDATE "order" SET created_at = '${NIGHT.slice(0, 8)}T000000Z'::timestamptz - interval '2 hours'`,
    LIVE,
  )
  const state = { apps: { medusa: { current: RELEASE } } }
  writeFileSync(join(cluster.state, 'deploy/state.json'), JSON.stringify(state))
  writeFileSync(
    join(cluster.state, 'deploy/migrations', RELEASE),
    'order/dist/migrations/Migration20240219102530\norder/dist/migrations/Migration20240604100512 breaking\nrbac/dist/migrations/Migration20251219163509\n',
  )
  cluster.night(NIGHT)
})
afterAll(() => cluster.stop())

describe('a drill', () => {
  it('restores the newest set from off-site beside the live shop, and its WAL, and keeps a report', () => {
    const before = cluster.orders()
    const { code, output, report } = drill({})
    expect(code, output).toBe(0)
    expect(report).toMatchObject({ ok: true, set: NIGHT, orders: 60 })
    expect(report.seconds).toBeGreaterThan(0)
    const said = Object.fromEntries(report.answers.map(({ question, said }) => [question, said]))
    expect(said['are the tables there']).toContain('20 tables')
    expect(said['are orders of the last day there']).toBe(
      '60 orders of the day before, the live shop has 60',
    )
    expect(said["is the journal of migrations the release's"]).toContain(
      '3 migrations, of release aaaa',
    )
    expect(said['can product files and secrets be read']).toBe('1 product files, 2 secrets')
    expect(said['does the WAL lead on from the base backup']).toMatch(/^reaches .* with 60 orders$/)
    expect(cluster.orders()).toBe(before)
  })

  it('reads the copy off-site, whatever lies on this disk', () => {
    const dump = join(cluster.folder, 'backups/sets', NIGHT, 'database.dump')
    const kept = readFileSync(dump)
    writeFileSync(dump, 'spoiled')
    expect(drill().report.ok).toBe(true)
    writeFileSync(dump, kept)
  })

  it('runs beside the live shop without ending its connections', () => {
    const visitor = cluster.connect()
    drill()
    expect(visitor.exitCode).toBe(null)
    expect(
      cluster.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
      ),
    ).toBe('1')
    visitor.kill()
    cluster.sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()",
    )
  })
})

describe('a copy off-site that is no backup', () => {
  const far = join(cluster.remote, 'sets', NIGHT)
  const path = (name: string) =>
    join(far, readdirSync(far).find((each) => each === name || each === `${name}.bin`) ?? name)

  it('because its dump is damaged fails the drill', () => {
    copyFileSync(path('database.dump'), `${cluster.folder}/kept`)
    copyFileSync(path('uploads.tar.zst'), path('database.dump'))
    const { report, wrong, output } = drill()
    copyFileSync(`${cluster.folder}/kept`, path('database.dump'))
    expect(report.ok).toBe(false)
    expect(wrong.map((each) => each.question)).toContain('does it come whole')
    expect(output).toContain('FAILED')
  })

  it('because off-site is away fails the drill', () => {
    const { wrong } = drill({ B2_BUCKET: join(cluster.folder, 'nowhere') })
    expect(wrong).toMatchObject([{ question: 'is there a set off-site' }])
  })

  it('because it loads without an error and without its rows fails the drill', () => {
    const real = cluster.real('pg_restore')
    const lying = cluster.program(
      'pg_restore',
      `[[ $1 == --list ]] && exec ${real} "$@"; ${real} "$@"; for a; do case $a in --dbname=*) psql -Xq -d "\${a#--dbname=}" -c 'DELETE FROM "order" WHERE id = $$order_5$$; DELETE FROM customer WHERE id = $$cus_9$$';; esac; done`,
    )
    const { wrong } = drill({ ...lying, RR_DRILL_BASE: 'no' })
    const said = Object.fromEntries(wrong.map((each) => [each.question, each.said]))
    expect(said['is it what was dumped']).toContain('rows of order: 60 when it was dumped, 59 now')
    expect(said['are there rows that belong to nothing']).toBe('orders whose customer is gone: 1')
  })
})

describe('the questions', () => {
  it('notice that all orders of the last day are missing, where the live shop has some', () => {
    const real = cluster.real('pg_restore')
    const lying = cluster.program(
      'pg_restore',
      `[[ $1 == --list ]] && exec ${real} "$@"; ${real} "$@"; for a; do case $a in --dbname=*) psql -Xq -d "\${a#--dbname=}" -c "UPDATE \\"order\\" SET created_at = created_at - interval '9 days'";; esac; done`,
    )
    const { wrong } = drill({ ...lying, RR_DRILL_BASE: 'no' })
    expect(wrong.map((each) => each.question)).toContain('are orders of the last day there')
  })

  it('notice a migration that the release does not know', () => {
    const list = join(cluster.state, 'deploy/migrations', RELEASE)
    const whole = readFileSync(list, 'utf8')
    writeFileSync(list, 'order/dist/migrations/Migration20240219102530\n')
    const { wrong } = drill()
    writeFileSync(list, whole)
    expect(wrong).toMatchObject([
      {
        question: "is the journal of migrations the release's",
        said: expect.stringContaining('Migration20240604100512'),
      },
    ])
  })

  it('notice a migration that the live shop has and the copy has not, of the same release', () => {
    cluster.sql("INSERT INTO mikro_orm_migrations (name) VALUES ('Migration20251219163509')", LIVE)
    const { wrong } = drill()
    cluster.sql("DELETE FROM mikro_orm_migrations WHERE name = 'Migration20251219163509'", LIVE)
    expect(wrong).toMatchObject([{ said: 'not those of the live shop: 1 differ' }])
  })
})

describe('reports', () => {
  it('are kept, the newest twenty', () => {
    for (let i = 10; i < 40; i++) writeFileSync(join(drills, `202001${i}T000000Z.json`), '{}')
    drill()
    expect(reports()).toHaveLength(20)
    expect(reports().sort().at(-1)).toBe(
      String(cluster.fact('drill.json').report).split('/').at(-1),
    )
  })

  it('never name the live database as a scratch one', () => {
    for (const name of [LIVE, 'postgres', 'rr-drill-2', `${LIVE}-until-20261125000000`]) {
      expect(
        cluster.shell(`source "$BACKUP/restoring/beside.bash"; drop_database '${name}'`).output,
      ).toContain(`${name} is no scratch database: it stays`)
    }
    expect(cluster.databases()).toEqual([LIVE])
  })
})
