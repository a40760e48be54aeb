import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HostFacts } from '../host/nix.ts'
import { install } from './install.ts'
import { Machine } from './machine.ts'

const B2_PORT = 4444
const MAIL_PORT = 2525
const ORDERS = 40

/** shops-app-01 on a machine of its own: each unit's real program, in the sandbox that the unit gives it. */
let machine: Machine
let facts: HostFacts
let outside: ChildProcess
let heard = ''

const json = (path: string) => JSON.parse(machine.succeed('cat', `/var/lib/rr-bizops/${path}`))

/** Rows, as role medusa over TCP. */
function sql(text: string): string {
  const url = machine.succeed('cat', '/run/rr-bizops/database-url').trim()
  return machine.succeed('psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', url, '-c', text).trim()
}

/** A unit of ours that ends: well, or this fails with its journal. */
function ends(unit: string): string {
  const { result, journal } = machine.start(unit)
  expect(result, journal).toBe('success')
  return journal
}

beforeAll(async () => {
  machine = new Machine()
  facts = install(machine, 'tests/hosts/tested.nix')
  // Where B2 is for this machine; everything else is as on the host.
  for (const unit of ['rr-offsite', 'rr-drill', 'rr-wal'])
    machine.write(
      `/etc/systemd/system/${unit}.service.d/b2.conf`,
      `[Service]\nEnvironment=RR_RCLONE_ENDPOINT=http://127.0.0.1:${B2_PORT}\n`,
    )
  // On a machine that builds and tests beside it, a look may take longer than on the host.
  machine.write(
    '/etc/systemd/system/rr-watch.service.d/slow.conf',
    '[Service]\nEnvironment=RR_CHECK_SECONDS=150\n',
  )
  expect(await machine.boot()).toBe('running')
  const [program = '', ...args] = [
    ...machine.inNetwork,
    process.execPath,
    join(import.meta.dirname, 'outside.ts'),
    String(B2_PORT),
    String(MAIL_PORT),
  ]
  outside = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  outside.stdout?.on('data', (chunk) => {
    heard += chunk
  })
  machine.succeed('/stub/rr-env/bin/rr-env', 'generate', 'example.org')
  const values = {
    B2_BUCKET: 'rr-backups',
    B2_KEY_ID: 'host',
    B2_APPLICATION_KEY: 'host-secret',
    SMTP_URL: `smtp://127.0.0.1:${MAIL_PORT}`,
    MAIL_FROM: 'shop@example.org',
    OWNER_EMAIL: 'owner@example.org',
  }
  for (const [name, value] of Object.entries(values)) {
    const { code, output } = machine.feed(`${value}\n`, '/stub/rr-env/bin/rr-env', 'set', name)
    if (code !== 0) throw new Error(output)
  }
  while (!heard.includes('ready')) await delay(100)
})
afterAll(async () => {
  outside?.kill()
  await machine?.remove()
})

describe('on a real systemd', () => {
  it('rr-secrets gives each part its share', () => {
    ends('rr-secrets')
    expect(machine.succeed('stat', '-c', '%a %U', '/run/rr-bizops/medusa.env')).toBe('600 root\n')
    expect(machine.succeed('cat', '/run/rr-bizops/database-url')).toMatch(/^postgres:\/\/medusa:/)
  })

  it('rr-database makes role medusa the owner, with the password of its credential', () => {
    machine.run('systemctl', 'start', 'postgresql.target')
    expect(machine.journal('postgresql')).toContain('ready to accept connections')
    // What NixOS' ensureUsers and ensureDatabases do is done by it, too.
    ends('rr-database')
    expect(sql('SELECT current_user')).toBe('medusa')
  })

  it('rr-slots flags the blue slots and leads Caddy there', () => {
    ends('rr-slots')
    expect(machine.succeed('cat', '/var/lib/rr-bizops/ways/medusa')).toBe('127.0.0.1:9000\n')
    expect(machine.succeed('ls', '/var/lib/rr-bizops/active')).toContain('medusa-server-blue')
  })

  it('rr-wal switches to a new segment, brings it off-site and says up to when', async () => {
    const url = machine.succeed('cat', '/run/rr-bizops/database-url').trim()
    const fixture = (name: string) =>
      readFileSync(join(import.meta.dirname, '../backup', name), 'utf8')
    const feed = (text: string, ...psql: string[]) => {
      const done = machine.feed(text, ...psql, '-Xq', '-v', 'ON_ERROR_STOP=1')
      expect(done.code, done.output).toBe(0)
    }
    feed(fixture('restore-schema.sql'), 'psql', url)
    const orders = ['-v', 'first=1', '-v', `last=${ORDERS}`, '-v', 'newest=now']
    const superuser = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', 'psql']
    feed(fixture('restore-orders.sql'), ...superuser, '-d', 'research-relay', ...orders)
    const before = sql('SELECT pg_walfile_name(pg_current_wal_lsn())')
    ends('rr-wal')
    // Nobody else asks for a new segment within the first three minutes.
    const archived = () => sql('SELECT last_archived_wal FROM pg_stat_archiver') >= before
    for (let tries = 0; tries < 600 && !archived(); tries++) await delay(200)
    expect(ends('rr-wal')).not.toContain('cannot be asked')
    expect(json('backup/wal.json')).toMatchObject({ newest: expect.any(String), waiting: 0 })
    expect(json('backup/wal.json').newest >= before).toBe(true)
  })

  it('rr-backup makes a set, and rr-offsite, which it starts, brings it to B2', async () => {
    ends('rr-backup')
    const { set, orders } = json('backup/last.json')
    expect(orders).toBe(ORDERS)
    expect(machine.succeed('ls', `/var/backup/rr-bizops/sets/${set}`).split('\n')).toEqual(
      expect.arrayContaining(['base.tar.zst', 'database.dump', 'secrets.env', 'uploads.tar.zst']),
    )
    for (let tries = 0; tries < 200; tries++) {
      const state = machine.run('systemctl', 'show', '-P', 'ActiveState', 'rr-offsite').output
      if (!/^activating/.test(state)) break
      await delay(500)
    }
    expect(machine.journal('rr-offsite')).toContain('is off-site and was read back')
    expect(json('backup/offsite.json').set).toBe(set)
  })

  it('rr-drill restores it beside the database, and replays its WAL', () => {
    const journal = ends('rr-drill')
    expect(json('backup/drill.json')).toMatchObject({ ok: true, orders: ORDERS })
    expect(journal).toContain('✓ does the WAL lead on from the base backup')
  })

  it('rr-backup without the system call of setpriv makes no dump: the sandbox holds here, too', () => {
    const filter = ['', '@system-service', '~@privileged @resources', '@chown @setuid']
    const folder = '/run/systemd/system/rr-backup.service.d'
    const text = `[Service]\n${filter.map((each) => `SystemCallFilter=${each}\n`).join('')}`
    machine.succeed('mkdir', '-p', folder)
    machine.feed(text, 'tee', `${folder}/narrow.conf`)
    machine.succeed('systemctl', 'daemon-reload')
    const { result, journal } = machine.start('rr-backup')
    machine.succeed('rm', '-r', folder)
    machine.succeed('systemctl', 'daemon-reload')
    expect(result).toBe('exit-code')
    expect(journal).toMatch(/setpriv: .*Operation not permitted/)
  })

  it('rr-wal fails loudly when PostgreSQL cannot be asked', () => {
    machine.succeed('systemctl', 'stop', 'postgresql')
    const { result, journal } = machine.start('rr-wal')
    machine.succeed('systemctl', 'start', 'postgresql.target')
    expect(result).toBe('exit-code')
    expect(journal).toContain('PostgreSQL cannot be asked for its changes')
    expect(json('jobs/wal.json').said).toContain('PostgreSQL cannot be asked for its changes')
    machine.succeed('systemctl', 'reset-failed', 'rr-wal')
  })

  it('rr-watch can look at everything that it looks at', () => {
    machine.succeed('systemctl', 'start', 'redis-default')
    machine.start('rr-watch')
    const { checks } = json('watch/round.json') as {
      checks: { name: string; broke: string | null }[]
    }
    expect(checks.length).toBeGreaterThan(10)
    expect(checks.filter(({ broke }) => broke)).toEqual([])
    const said = JSON.stringify(checks)
    expect(said).toContain('PostgreSQL answers')
    expect(said).toContain('Redis answers')
  })

  it('rr-failed@ mails what has failed', async () => {
    ends('rr-failed@rr-backup')
    for (let tries = 0; tries < 600 && !heard.includes('unit-rr-backup'); tries++) await delay(100)
    expect(heard).toContain('[shops-app-01] ALARM: ')
    expect(heard).toContain('unit-rr-backup')
  })

  it('every unit of ours was run here, so none has a sandbox that its programs do not fit', () => {
    const ours = Object.keys(facts.services).filter((name) => name.startsWith('rr-'))
    const ran = ours.filter((name) => {
      const unit = name.endsWith('@') ? `${name}rr-backup` : name
      return !machine.journal(unit).includes('-- No entries --')
    })
    expect(ran).toEqual(ours)
  })
})
