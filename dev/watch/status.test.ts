import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ShopDatabase } from './shop-database.ts'
import { ago, WATCH, World } from './world.ts'

/** The page as `status --json` tells it. */
interface Page {
  level: string
  items: { area: string; level: string; text: string }[]
}

const database = new ShopDatabase(26_335)
const SHA = 'abcdef0123456789abcdef0123456789abcdef01'
const SET = {
  SMTP_URL: 'smtps://mail.example',
  MAIL_FROM: 'shop@example.org',
  OWNER_EMAIL: 'owner@example.org',
  SENTRY_DSN: 'https://k@sentry.example/1',
  PING_BACKUP_URL: 'https://ping.example/1',
  PING_OFFSITE_URL: 'https://ping.example/2',
  PING_DRILL_URL: 'https://ping.example/3',
  PING_WATCH_URL: 'https://ping.example/4',
}
let world: World

beforeAll(() => database.start())
afterAll(() => database.stop())
beforeEach(() => {
  world = new World()
  // What is asked answers late on a slow machine; how long it is waited for has a test of its own.
  world.env.RR_ASK_SECONDS = '20'
  database.sql('TRUNCATE "order" CASCADE')
  writeFileSync(join(world.folder, 'secrets/database-url'), `${database.url}\n`)
  world.secrets(SET)
  apps({})
  for (const name of ['booted', 'current']) {
    mkdirSync(join(world.folder, `run/${name}-system`))
    symlinkSync('/proc/version', join(world.folder, `run/${name}-system/kernel`))
  }
  world.write('backup/last.json', { at: ago(3600), set: 'x', bytes: 50 * 1024 ** 2, orders: 7 })
  world.write('backup/offsite.json', { at: ago(3500), set: '20261125T030000Z' })
  world.write('backup/drill.json', { at: ago(86_400), ok: true, seconds: 41.2, orders: 7 })
  world.write('backup/wal.json', { at: ago(100), gap: false, waiting: 0 })
  world.write('jobs/watch.json', { name: 'watch', code: 0, ended: ago(60), said: '' })
  rounds([{ level: 'well', key: 'disk-root', text: '/ is 40 % full' }])
})
afterEach(() => world.remove())

function apps(medusa: object): void {
  const release = { current: SHA, since: ago(600), by: 'github:anna', pin: null }
  const all = {
    medusa: { ...release, health: 'ready', ...medusa },
    storefront: { ...release, health: 'ok' },
  }
  world.write('apps.json', { apps: all, lock: null, maintenance: false })
  world.command('rr-deploy', `cat ${world.state}/apps.json`)
}
function rounds(verdicts: object[], at = ago(60)): void {
  world.write('watch/round.json', { at, checks: [{ name: 'disk', broke: null, verdicts }] })
}
async function page(): Promise<Page & { code: number }> {
  const { code, stdout } = await world.run(['status', '--json'])
  return { code, ...(JSON.parse(stdout) as Page) }
}
const found = async (area: string) => (await page()).items.filter((item) => item.area === area)
function order(ageHours: number): void {
  database.sql(
    `INSERT INTO "order" (id, currency_code, created_at) VALUES ('o${Math.random()}', 'eur', now() - interval '${ageHours} hours')`,
  )
}

/** What a script takes of the processor, in seconds. */
function processorSeconds(script: string): number {
  const timed = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time { ${script}; }`], {
    encoding: 'utf8',
    env: world.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  const [user, system] = timed.stderr.trim().split(' ').map(Number)
  return (user ?? Number.NaN) + (system ?? Number.NaN)
}

describe('rr-status', () => {
  it('ends with 0 when all is well, and is quick', async () => {
    order(30)
    // Beside what programs cost to start here: this machine may be slow, or have other work.
    const started = 60
    const bar = processorSeconds(`for _ in {1..${started}}; do jq -n . >/dev/null; done`)
    expect(processorSeconds(`${WATCH}/status >/dev/null`)).toBeLessThan(bar)
    const { code, stdout, stderr } = await world.run(['status'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^\S+ is well, /)
    expect(code).toBe(0)
    expect(stdout).toContain(`medusa      ready ${SHA.slice(0, 12)} since 20`)
    expect(stdout).toMatch(/backup +60 min ago, 50 MB, 7 orders/)
    expect(stdout).toMatch(/orders +0 today, the last 20/)
    expect(stdout).toMatch(/disk +\/ is 40 % full/)
    expect(stdout).not.toContain('\x1b')
  })

  it('ends with 1 for what is yellow: a part that is not set, a note, a reboot', async () => {
    world.secrets({ ...SET, SENTRY_DSN: '', PING_DRILL_URL: '' })
    rmSync(join(world.folder, 'run/booted-system/kernel'))
    symlinkSync('/proc/uptime', join(world.folder, 'run/booted-system/kernel'))
    rounds([{ level: 'note', key: 'disk-root', text: '/ is 85 % full' }])
    const { code, items } = await page()
    expect(code).toBe(1)
    const yellow = items.filter(({ level }) => level === 'yellow')
    expect(yellow.map(({ area }) => area)).toEqual(['disk', 'not set', 'not set', 'host'])
    expect(yellow.map(({ text }) => text).join('\n')).toMatch(
      /85 %[\s\S]*SENTRY_DSN[\s\S]*DRILL[\s\S]*REBOOT NEEDED/,
    )
  })

  it('ends with 2 and begins with what is red', async () => {
    world.write('alarms/redis.json', {
      key: 'redis',
      text: 'Redis does not answer',
      since: ago(60),
      told: null,
      gone: null,
    })
    world.write('watch/mail.json', { since: ago(60), error: 'refused', tries: 2 })
    const { code, stdout } = await world.run(['status'])
    expect(code).toBe(2)
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/ is RED, /)
    expect(lines[1]).toMatch(/^!! ALARM +redis: Redis does not answer, since .*/)
    expect(lines[2]).toMatch(/^!! mail +cannot be sent since .*: refused/)
  })

  it.each([
    ['backup', 'backup/last.json', { at: ago(27 * 3600) }],
    ['offsite', 'backup/offsite.json', { at: ago(27 * 3600) }],
    ['drill', 'backup/drill.json', { at: ago(60), ok: false, report: 'orphans' }],
    ['wal', 'backup/wal.json', { at: ago(60), gap: true }],
    ['job', 'jobs/night.json', { name: 'night', code: 4, ended: ago(9), said: 'no space' }],
    ['watch', 'watch/round.json', { at: ago(1000), checks: [] }],
  ])('is red about %s when %s says %j', async (area, path, value) => {
    world.write(path, value)
    const { code, items } = await page()
    expect(code).toBe(2)
    expect(items.filter(({ level }) => level === 'red').map((item) => item.area)).toEqual([area])
  })

  it('is red when an app is unwell, and yellow when nobody can pay', async () => {
    apps({ health: 'failed' })
    expect(await found('medusa')).toMatchObject([{ level: 'red' }])
    apps({ health: 'degraded' })
    expect(await found('medusa')).toMatchObject([{ level: 'yellow' }])
  })

  it('answers in time when nothing else does', async () => {
    world.command('rr-deploy', 'sleep 30')
    world.command('psql', 'sleep 30')
    delete world.env.RR_ASK_SECONDS
    const began = Date.now()
    const { code, items } = await page()
    expect(Date.now() - began).toBeLessThan(15_000)
    expect(code).toBe(2)
    expect(items.filter(({ level }) => level === 'red').map(({ area }) => area)).toEqual([
      'apps',
      'orders',
    ])
  })

  it('counts the orders of today, without those that were cancelled', async () => {
    order(0)
    order(0)
    database.sql(`INSERT INTO "order" (id, currency_code, status) VALUES ('c', 'eur', 'canceled')`)
    expect((await found('orders'))[0]?.text).toMatch(/^2 today, the last 20/)
  })

  it('fits one screen of 80 by 40, however much is wrong', async () => {
    for (let i = 0; i < 60; i++) {
      world.write(`alarms/unit-${i}.json`, {
        key: `unit-${i}`,
        text: 'x'.repeat(300),
        since: ago(60),
        told: null,
        gone: null,
      })
    }
    const { stdout } = await world.run(['status'])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
    expect(lines.at(-1)).toMatch(/and \d+ more: rr-status --json/)
  })

  it('is in colour on a terminal only', async () => {
    const { stdout } = await world.run(['status'])
    expect(stdout).not.toContain('\x1b[')
    const shown = spawnSync('script', ['-qec', join(WATCH, 'status'), '/dev/null'], {
      encoding: 'utf8',
      env: world.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    })
    expect(shown.stdout).toContain('\x1b[32m')
  })

  it('leaves nothing behind', async () => {
    await page()
    expect(readdirSync('/dev/shm').filter((name) => name.startsWith('.rr-status'))).toEqual([])
  })
})
