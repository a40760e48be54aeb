import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostFacts } from '../host/nix.ts'
import { uid } from '../shop/postgresql.ts'
import { Cluster, type Result } from './cluster.ts'

const cluster = new Cluster(26220)
const spool = join(cluster.state, 'wal')

beforeAll(() => cluster.start(20))
afterAll(() => cluster.stop())

/** What archive-wal does when the server of a data folder calls it. */
function archive(name: string, text: string | Buffer, env: NodeJS.ProcessEnv = {}): Result {
  const data = join(cluster.folder, 'archiving')
  mkdirSync(join(data, 'global'), { recursive: true })
  mkdirSync(join(data, 'pg_wal'), { recursive: true })
  // The first eight bytes of pg_control are the cluster's identifier: here 7.
  writeFileSync(join(data, 'global/pg_control'), Buffer.from([7, 0, 0, 0, 0, 0, 0, 0, 1, 2]))
  writeFileSync(join(data, 'pg_wal', name), text)
  const began = Date.now()
  const done = spawnSync(
    join(cluster.folder, 'nixos/backup/archive-wal'),
    [`pg_wal/${name}`, name],
    {
      cwd: data,
      env: { ...cluster.env, ...env },
      encoding: 'utf8',
      timeout: 30_000,
    },
  )
  return {
    code: done.status,
    output: `${done.stdout}${done.stderr}`,
    seconds: (Date.now() - began) / 1000,
  }
}

const segment = (number: number) => number.toString(16).toUpperCase().padStart(24, '0')
const kept = (system = '7') =>
  existsSync(join(spool, system)) ? readdirSync(join(spool, system)).sort() : []

async function until(what: () => boolean, seconds = 15): Promise<void> {
  for (let tries = 0; tries < seconds * 10; tries++) {
    if (what()) return
    await delay(100)
  }
  throw new Error(`not within ${seconds} s: ${what}`)
}

describe('a server that has just started', () => {
  it('does not keep orders for a quarter of an hour, while its archive_timeout sleeps', async () => {
    const system = cluster.system()
    expect(cluster.run(['upload-wal']).code).toBe(0)
    await until(() => kept(system).some((name) => name.endsWith('.zst')))
    expect(cluster.run(['upload-wal']).code).toBe(0)
    expect(cluster.rclone('lsf', `offsite:wal/${system}`)).toContain('000000010000000000000001.zst')
    // Without a base backup, no WAL leads anywhere.
    expect(cluster.fact('wal.json')).toMatchObject({ waiting: 0, gap: true })
  })
})

describe('archive-wal', () => {
  beforeEach(() => rmSync(join(spool, '7'), { recursive: true, force: true }))

  it('keeps a segment whole, and says yes again to the same one', () => {
    const bytes = randomBytes(100_000)
    expect(archive(segment(1), bytes)).toMatchObject({ code: 0, output: '' })
    expect(archive(segment(1), bytes)).toMatchObject({ code: 0, output: '' })
    expect(kept()).toEqual([`${segment(1)}.zst`])
    const path = join(spool, '7', `${segment(1)}.zst`)
    expect(spawnSync('zstd', ['-dqc', path]).stdout.equals(bytes)).toBe(true)
  })

  it('refuses another segment of the same name, and keeps the first', () => {
    archive(segment(1), 'the first')
    const again = archive(segment(1), 'the second')
    expect(again.code).toBe(1)
    expect(again.output).toContain('with other contents')
    expect(
      spawnSync('zstd', ['-dqc', join(spool, '7', `${segment(1)}.zst`)]).stdout.toString(),
    ).toBe('the first')
  })

  it('is not stopped by what a killed call has left', () => {
    mkdirSync(join(spool, '7'), { recursive: true })
    writeFileSync(join(spool, '7', `.${segment(1)}.part`), 'half of it')
    expect(archive(segment(1), 'whole').code).toBe(0)
    expect(kept()).toEqual([`${segment(1)}.zst`])
  })

  it('drops a segment rather than let the spool grow beyond its size, and marks the gap', () => {
    expect(archive(segment(1), randomBytes(200_000)).code).toBe(0)
    const over = archive(segment(2), randomBytes(200_000), { RR_SPOOL_BYTES: '100000' })
    expect(over.code).toBe(0)
    expect(over.output).toContain('is dropped, and the chain of WAL is broken')
    expect(kept()).toEqual([`${segment(1)}.zst`, 'gap'])
  })

  it('drops a segment rather than take the last room of the disk', () => {
    const over = archive(segment(2), 'text', { RR_FLOOR_BYTES: String(2 ** 60) })
    expect(over.code).toBe(0)
    expect(over.output).toContain('MiB left')
    expect(kept()).toEqual(['gap'])
  })

  it('that cannot write is tried again, but only until pg_wal has grown too far', () => {
    const broken = cluster.program('zstd', 'exit 1')
    expect(archive(segment(3), 'text', broken).code).toBe(1)
    expect(kept().filter((name) => !name.startsWith('.'))).toEqual([])
    const grown = archive(segment(3), 'text', { ...broken, RR_PG_WAL_BYTES: '10' })
    expect(grown.code).toBe(0)
    expect(grown.output).toContain('pg_wal holds more than')
    expect(kept()).toContain('gap')
  })

  it.each(['', '../../etc/passwd', 'x'])('refuses the name %j', (name) => {
    const done = spawnSync(
      join(cluster.folder, 'nixos/backup/archive-wal'),
      ['/etc/hostname', name],
      {
        cwd: join(cluster.folder, 'archiving'),
        env: cluster.env,
        encoding: 'utf8',
        timeout: 10_000,
      },
    )
    expect(done.status).toBe(1)
    expect(done.stderr).toContain('not a segment')
  })
})

describe('the shop, while nothing can be archived', () => {
  it('sells on, and its WAL is thrown away instead of kept', async () => {
    const log = cluster.server.logged().length
    // No room at all, for the server itself.
    await cluster.archiveWith('RR_FLOOR_BYTES', String(2 ** 60))
    try {
      for (let i = 0; i < 3; i++) {
        cluster.order(100 + i, 100 + i)
        cluster.sql('SELECT pg_switch_wal()')
      }
      await until(() => cluster.server.logged().slice(log).split('is dropped').length > 3)
      expect(cluster.orders()).toBe(23)
      expect(cluster.sql('SELECT failed_count FROM pg_stat_archiver')).toBe('0')
    } finally {
      await cluster.archiveWith('RR_FLOOR_BYTES', '1')
    }
    cluster.run(['upload-wal'])
    expect(cluster.fact('wal.json')).toMatchObject({ gap: true })
  })

  it('is whole again with the next base backup', () => {
    cluster.night('20261124T030000Z')
    expect(cluster.run(['upload-wal']).code).toBe(0)
    expect(cluster.fact('wal.json')).toMatchObject({ gap: false, waiting: 0 })
  })
})

describe('upload-wal', () => {
  it('brings all off-site, reads it back, then removes it here, and says up to when', async () => {
    const before = new Date().toISOString()
    cluster.order(200, 200)
    cluster.sql('SELECT pg_switch_wal()')
    await until(() => kept(cluster.system()).some((name) => name.endsWith('.zst')))
    await delay(1_000)
    const done = cluster.run(['upload-wal'])
    expect(done.code, done.output).toBe(0)
    const fact = cluster.fact('wal.json')
    expect(fact).toMatchObject({ waiting: 0, gap: false })
    expect(Date.parse(String(fact.at))).toBeGreaterThanOrEqual(
      Math.floor(Date.parse(before) / 1000) * 1000,
    )
    expect(kept(cluster.system()).filter((name) => name.endsWith('.zst'))).toEqual([])
    const far = cluster.rclone('lsf', `offsite:wal/${cluster.system()}`).split('\n')
    expect(far).toContain(`${fact.newest}.zst`)
  })

  it('keeps what off-site does not give back as it was sent, and fails', async () => {
    cluster.order(201, 201)
    cluster.sql('SELECT pg_switch_wal()')
    await until(() => kept(cluster.system()).some((name) => name.endsWith('.zst')))
    const waiting = kept(cluster.system())
    const done = cluster.run(
      ['upload-wal'],
      cluster.program(
        'rclone',
        `[[ " $* " != *" copy "* ]] || exit 0; exec ${cluster.real('rclone')} "$@"`,
      ),
    )
    expect(done.code).toBe(1)
    expect(done.output).toContain('segments of WAL wait')
    expect(kept(cluster.system())).toEqual(expect.arrayContaining(waiting))
    expect(Number(cluster.fact('wal.json').waiting)).toBeGreaterThan(0)
    expect(cluster.run(['upload-wal']).code).toBe(0)
  })

  it('ends in time when the network hangs', async () => {
    cluster.order(202, 202)
    cluster.sql('SELECT pg_switch_wal()')
    await until(() => kept(cluster.system()).some((name) => name.endsWith('.zst')))
    const done = cluster.run(['upload-wal'], {
      ...cluster.program(
        'rclone',
        `[[ $1 != obscure ]] || exec ${cluster.real('rclone')} "$@"; sleep 60`,
      ),
      RR_WAL_SECONDS: '3',
    })
    expect(done.code).toBe(1)
    expect(done.seconds).toBeLessThan(10)
    expect(cluster.run(['upload-wal']).code).toBe(0)
  })

  it('sees a hole by the names, even where no mark could be made', () => {
    const { newest, gap } = cluster.fact('wal.json')
    expect(gap).toBe(false)
    const far = join(spool, cluster.system())
    const later = `${String(newest).slice(0, 16)}000000F0`
    writeFileSync(join(far, `${later}.zst`), spawnSync('zstd', ['-qc'], { input: 'x' }).stdout)
    if (uid !== undefined) chownSync(join(far, `${later}.zst`), uid, uid)
    cluster.run(['upload-wal'])
    // What PostgreSQL archives meanwhile may be sent after it: the newest is not asked.
    expect(cluster.fact('wal.json')).toMatchObject({ gap: true })
    expect(cluster.rclone('lsf', `offsite:wal/${cluster.system()}`)).toContain(later)
    cluster.rclone('deletefile', `offsite:wal/${cluster.system()}/${later}.zst`)
  })
})

describe('old WAL off-site', () => {
  it('goes when no kept base needs it, and what one needs stays', () => {
    const system = cluster.system()
    const old = join(cluster.folder, 'old.zst')
    writeFileSync(old, 'old')
    cluster.rclone('copyto', old, `offsite:wal/${system}/${segment(0)}.zst`)
    const list = () => cluster.rclone('lsf', `offsite:wal/${system}`).trim().split('\n')
    const before = list()
    cluster.rclone(
      'touch',
      '--timestamp',
      '2026-11-23T20:00:00',
      `offsite:wal/${system}/${segment(0)}.zst`,
    )
    const done = cluster.run(['retain-wal'])
    expect(done.code, done.output).toBe(0)
    expect(list()).toEqual(before.filter((name) => name !== `${segment(0)}.zst`))
    expect(before.length).toBeGreaterThan(list().length)
  })

  it('stays, all of it, where no base is off-site', () => {
    const before = cluster.rclone('lsf', '-R', 'offsite:wal')
    const base = 'offsite:sets/20261124T030000Z/base.tar.zst'
    cluster.rclone('moveto', base, 'offsite:elsewhere')
    rmSync(join(cluster.folder, 'backups/sets'), { recursive: true })
    const done = cluster.run(['retain-wal'])
    expect(done.code, done.output).toBe(0)
    expect(done.output).toContain('all WAL stays')
    expect(cluster.rclone('lsf', '-R', 'offsite:wal')).toBe(before)
  })
})

describe('the five minutes', () => {
  it('are kept by what the host declares: archive_timeout, the timer and one upload', () => {
    const facts = hostFacts('tests/hosts/tested.nix')
    const timeout = Number(facts.postgresql.archive_timeout)
    expect(timeout).toBeGreaterThan(0)
    const [, upload] =
      /wal_seconds=\$\{RR_WAL_SECONDS:-(\d+)\}/.exec(cluster.script('upload-wal')) ?? []
    expect(timeout + 60 + Number(upload)).toBeLessThanOrEqual(300)
    expect(facts.postgresql.archive_mode).toBe(true)
    expect(facts.postgresql.archive_command).toBe('/run/current-system/sw/bin/rr-archive-wal %p %f')
  })
})
