import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster } from './cluster.ts'

/** The host's three minutes, shortened; the timer's minute, too. */
const ARCHIVE_SECONDS = 2
const TIMER_SECONDS = 1
/** How long the shop sells before it is lost, at least; and how many uploads end meanwhile. */
const SALE_SECONDS = 10
const ROUNDS = 2

const cluster = new Cluster(26230, { archive_timeout: ARCHIVE_SECONDS })

/** A stamp of the moment that is now, as the night would have it. */
const stampOf = (at: Date) => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
const now = () =>
  cluster.sql(
    'SELECT to_char(clock_timestamp() AT TIME ZONE \'UTC\', \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
  )

/** Until what was written until now is off-site. */
async function archived(): Promise<void> {
  const segment = cluster.sql('SELECT pg_walfile_name(pg_switch_wal())')
  for (let tries = 0; tries < 150; tries++) {
    if (cluster.run(['upload-wal']).code !== 0) throw new Error('no upload')
    if (String(cluster.fact('wal.json').newest) >= segment) return
    await delay(100)
  }
  throw new Error(`${segment} is not off-site`)
}

let before = ''

beforeAll(async () => {
  await cluster.start(100)
  cluster.night(stampOf(new Date()))
  cluster.order(101, 120)
  await delay(50)
  before = now()
  await delay(50)
  cluster.sql('DELETE FROM order_item', 'research-relay')
  await archived()
})
afterAll(() => cluster.stop())

describe('a restore to a moment', () => {
  it('has all that was there then, and nothing of what came after', () => {
    const done = cluster.run(['restore', '--until', before, '--replace'])
    expect(done.code, done.output).toBe(0)
    expect(cluster.orders()).toBe(120)
    expect(cluster.sql('SELECT count(*) FROM order_item', 'research-relay')).toBe('120')
    expect(done.output).toMatch(/restored {3}set \S+ \(local\), and the WAL until 20/)
    expect(cluster.leftovers()).toEqual([])
  })

  it('after the end of the WAL is refused, with the moment that can be had', () => {
    const done = cluster.run(['restore', '--until', '2030-01-01T00:00:00Z', '--replace'])
    expect(done.code).toBe(1)
    expect(done.output).toMatch(/the WAL that is there ends at 20\d\d-.*ask for --until newest/)
    expect(cluster.orders()).toBe(120)
    expect(cluster.leftovers()).toEqual([])
  })

  it('stops at a hole in the chain, and says so', async () => {
    const system = cluster.system()
    const far = cluster.rclone('lsf', `offsite:wal/${system}`).trim().split('\n').sort()
    const gone = far.at(-1) ?? ''
    cluster.order(121, 121)
    await archived()
    cluster.rclone('moveto', `offsite:wal/${system}/${gone}`, 'offsite:aside')
    const done = cluster.run(['restore', '--until', 'newest', '--replace', '--with-orphans'])
    cluster.rclone('moveto', 'offsite:aside', `offsite:wal/${system}/${gone}`)
    expect(done.output).toContain('the chain of WAL is broken after')
    expect(done.code, done.output).toBe(0)
  })

  it('does not take a damaged segment for the end', () => {
    const system = cluster.system()
    const name =
      cluster.rclone('lsf', `offsite:wal/${system}`).trim().split('\n').sort().at(-1) ?? ''
    cluster.rclone('copyto', `offsite:wal/${system}/${name}`, 'offsite:aside')
    const broken = join(cluster.state, 'deploy/state')
    writeFileSync(broken, 'this is no segment')
    cluster.rclone('copyto', '--ignore-times', broken, `offsite:wal/${system}/${name}`)
    const done = cluster.run(['restore', '--until', 'newest', '--replace'])
    cluster.rclone('copyto', '--ignore-times', 'offsite:aside', `offsite:wal/${system}/${name}`)
    expect(done.code).toBe(1)
    expect(done.output).toContain('a segment of WAL is damaged')
  })
})

describe('the loss of the whole machine under load', () => {
  it('costs no order that is older than archive, timer and upload together', async () => {
    await cluster.runSql('CREATE TABLE beat (n int)', 'research-relay')
    await archived()
    // The host's timer, in small.
    let going = true
    const rounds: { began: number; ended: number }[] = []
    const timer = (async () => {
      while (going) {
        const began = Date.now()
        await cluster.runBeside(['upload-wal'])
        rounds.push({ began, ended: Date.now() })
        await delay(TIMER_SECONDS * 1_000)
      }
    })()
    const sold: { n: number; at: number }[] = []
    const until = Date.now() + SALE_SECONDS * 1_000
    for (let n = 1; Date.now() < until || rounds.length < ROUNDS; n++) {
      await cluster.runSql(`INSERT INTO beat (n) VALUES (${n})`, 'research-relay')
      sold.push({ n, at: Date.now() })
      await delay(20)
    }
    const lost = Date.now()
    await cluster.server.kill()
    going = false
    await timer
    rmSync(join(cluster.server.folder, 'data'), { recursive: true })
    for (const name of ['backups', 'state/wal', 'state/backup'])
      rmSync(join(cluster.folder, name), { recursive: true })
    expect(existsSync(join(cluster.server.folder, 'data'))).toBe(false)

    // Another machine: a new cluster, and the secrets.
    await cluster.startAnew()
    const done = cluster.run(['restore', '--until', 'newest', '--with-orphans'])
    expect(done.code, done.output).toBe(0)
    expect(done.output).toContain('(offsite)')
    const last = Number(cluster.sql('SELECT max(n) FROM beat', 'research-relay'))
    const missing = sold.filter((each) => each.n > last)
    const oldest = missing.length === 0 ? 0 : (lost - (missing[0]?.at ?? lost)) / 1000
    // Timer and upload as they were in this run: from one call's beginning until the next one's end.
    const longest = Math.max(
      ...rounds.slice(1).map(({ ended }, i) => (ended - (rounds[i]?.began ?? ended)) / 1_000),
    )
    console.info(
      `${sold.length} orders, ${missing.length} lost, the oldest of them ${oldest.toFixed(1)} s before the end; restored in ${done.seconds} s`,
    )
    expect(last).toBeGreaterThan(20)
    expect(oldest).toBeLessThanOrEqual(ARCHIVE_SECONDS + 1 + longest)
    // Every one up to there, not most.
    expect(cluster.sql('SELECT count(DISTINCT n) FROM beat', 'research-relay')).toBe(String(last))
    expect(cluster.orders()).toBeGreaterThan(0)
  })

  it('does not let the new machine write over the WAL of the old one', async () => {
    const systems = () => cluster.rclone('lsf', 'offsite:wal').trim().split('\n')
    const [old = ''] = systems()
    const before = cluster.rclone('lsf', '--format', 'pst', `offsite:wal/${old}`)
    cluster.sql('SELECT pg_switch_wal()')
    await delay(1_000)
    expect(cluster.run(['upload-wal']).code).toBe(0)
    expect(systems()).toHaveLength(2)
    expect(cluster.rclone('lsf', '--format', 'pst', `offsite:wal/${old}`)).toBe(before)
    // And says that nothing leads on yet: this cluster has no base backup.
    expect(cluster.fact('wal.json')).toMatchObject({ gap: true })
    expect(readdirSync(cluster.state)).toContain('wal')
  })
})
