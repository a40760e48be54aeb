import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer as createWeb, type Server } from 'node:http'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { certificate } from './certificates.ts'
import { ago, type Said, WATCH, World } from './world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.remove())

describe('the check of disks', () => {
  /** What it says of a small file system of its own, after some shell has filled it. */
  function small(options: string, fill: string): Said[] {
    const at = join(world.folder, 'small')
    mkdirSync(at, { recursive: true })
    world.facts({ disks: [at, `${at}/not-there`] })
    const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
    const script = `mount -t tmpfs -o ${options} none ${at} && cd ${at} && ${fill}; exec ${WATCH}/checks/disk`
    const { stdout, stderr } = spawnSync('unshare', [...own, '--mount', 'bash', '-c', script], {
      encoding: 'utf8',
      env: world.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    })
    expect(stderr.replace(/.*No space left.*\n/g, '')).toBe('')
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([level = '', key = '', text = '']) => ({ level, key, text }))
  }

  it.each([
    ['well', 'half full', 'head -c 500K /dev/zero >file'],
    ['note', 'at 80 %', 'head -c 800K /dev/zero >file'],
    ['wrong', 'full', 'head -c 2M /dev/zero >file 2>/dev/null'],
  ])('says %s of one that is %s', (level, _how, fill) => {
    const [said, ...others] = small('size=1000k', fill)
    expect(others).toEqual([])
    expect(said?.level).toBe(level)
    expect(said?.key).toMatch(/^disk-tmp-.*-small$/)
  })

  it('sees that inodes run out while there is space', () => {
    const [said] = small('size=10m,nr_inodes=50', 'touch file-{1..60} 2>/dev/null')
    expect(said).toMatchObject({
      level: 'wrong',
      text: expect.stringMatching(/100 % of its inodes$/),
    })
  })

  it('names one file system once', async () => {
    world.facts({ disks: ['/', '/etc', '/not-there'] })
    expect(await world.check('disk')).toHaveLength(1)
  })
})

describe('the check of memory', () => {
  /** This machine's own numbers with some of them changed. */
  function proc(changes: Record<string, number>): void {
    const folder = join(world.folder, 'proc')
    mkdirSync(folder, { recursive: true })
    for (const file of ['meminfo', 'vmstat']) {
      let text = readFileSync(`/proc/${file}`, 'utf8')
      for (const [name, value] of Object.entries(changes))
        text = text.replace(new RegExp(`^(${name}:? +)\\d+`, 'm'), `$1${value}`)
      writeFileSync(join(folder, file), text)
    }
    world.env.RR_PROC = folder
  }

  it('reads this machine', async () => {
    expect((await world.check('memory')).map(({ key }) => key)).toEqual([
      'memory',
      'memory-kill',
      'memory-swap',
    ])
  })

  it.each([
    ['well', 3_000_000],
    ['twice', 700_000],
    ['wrong', 300_000],
  ])('says %s of %i KB of eight million', async (level, available) => {
    proc({ MemTotal: 8_000_000, MemAvailable: available })
    expect(await world.level('memory', 'memory')).toBe(level)
  })

  it('sees a process that the kernel has ended, once, and not after a reboot', async () => {
    proc({ oom_kill: 3 })
    expect(await world.level('memory', 'memory-kill')).toBe('well')
    proc({ oom_kill: 5 })
    expect((await world.check('memory'))[1]).toMatchObject({
      level: 'wrong',
      text: expect.stringContaining('ended 2 process(es)'),
    })
    expect(await world.level('memory', 'memory-kill')).toBe('well')
    proc({ oom_kill: 0 })
    expect(await world.level('memory', 'memory-kill')).toBe('well')
  })

  it('sees that memory comes back from swap all the time', async () => {
    proc({ pswpin: 1000 })
    await world.check('memory')
    const kept = world.read<{ at: number }>('watch/memory.json')
    world.write('watch/memory.json', { ...kept, at: kept.at - 300 })
    proc({ pswpin: 1000 + 400_000 })
    expect(await world.level('memory', 'memory-swap')).toBe('twice')
  })
})

describe('the check of certificates', () => {
  const PORT = 26_350
  const site = 'research-relay.test'

  /** What it says of a server that shows a certificate. */
  async function shown(name: string, days: number, trusted = true): Promise<Said | undefined> {
    const { key, cert, ca } = certificate(world.folder, name, days)
    const server = createTls({ key, cert }, (socket) => socket.end())
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve))
    try {
      const trust: Record<string, string> = trusted ? { SSL_CERT_FILE: ca } : {}
      return (await world.check('certificate', { RR_HTTPS_PORT: String(PORT), ...trust }))[0]
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  }

  it('is content with one of 80 days, and with a young one of short life', async () => {
    expect(await shown(site, 80)).toMatchObject({ level: 'well', key: `certificate-${site}` })
    expect(await shown(site, 6)).toMatchObject({ level: 'well' })
  })

  it('alarms when less than 14 days of a long life are left', async () => {
    // Eighty days after it was made for 85: five are left.
    world.command(
      'date',
      `if [[ $* == +%s ]]; then echo $(($(/usr/bin/env PATH="${process.env.PATH}" date +%s) + 80 * 86400)); else exec /usr/bin/env PATH="${process.env.PATH}" date "$@"; fi`,
    )
    expect(await shown(site, 85)).toMatchObject({
      level: 'wrong',
      text: expect.stringMatching(/ends in [45] days/),
    })
  })

  it('alarms when nobody trusts it, or it is for another name', async () => {
    expect(await shown(site, 80, false)).toMatchObject({
      level: 'wrong',
      text: expect.stringContaining('not trusted'),
    })
    expect(await shown('other.test', 80)).toMatchObject({
      level: 'wrong',
      text: expect.stringContaining('ismatch'),
    })
  })

  it('says so when there is none', async () => {
    expect(
      await world.level('certificate', `certificate-${site}`, { RR_HTTPS_PORT: '26399' }),
    ).toBe('twice')
  })
})

describe('the check of units', () => {
  it('names each that has failed, with what its job said', async () => {
    world.command(
      'systemctl',
      'echo "rr-backup.service loaded failed failed Night"; echo "caddy.service loaded failed failed Caddy"; echo "rr-watch.service loaded failed failed W"',
    )
    world.write('jobs/backup.json', { name: 'backup', code: 3, said: 'the disk is full' })
    expect(await world.check('unit')).toEqual([
      {
        level: 'wrong',
        key: 'unit-rr-backup',
        text: 'rr-backup.service has failed: the disk is full',
      },
      { level: 'wrong', key: 'unit-caddy', text: 'caddy.service has failed' },
    ])
  })

  it('gives a job that went well minutes ago a second round', async () => {
    world.command('systemctl', 'echo "rr-wal.service loaded failed failed Changes"')
    world.write('jobs/wal.json', { name: 'wal', code: 1, said: 'no network', lastOk: ago(120) })
    expect(await world.level('unit', 'unit-rr-wal')).toBe('twice')
    world.write('jobs/wal.json', { name: 'wal', code: 1, said: 'no network', lastOk: ago(660) })
    expect(await world.level('unit', 'unit-rr-wal')).toBe('wrong')
  })

  it('is well when there is none, and breaks when systemd does not answer', async () => {
    world.command('systemctl', 'true')
    expect(await world.check('unit')).toEqual([
      { level: 'well', key: 'unit', text: 'no unit has failed' },
    ])
    world.command('systemctl', 'echo "Failed to connect to bus" >&2; exit 1')
    await expect(world.check('unit')).rejects.toThrow('Failed to connect to bus')
  })
})

describe('the check of programs that are started again and again', () => {
  const restarts = (worker: number) =>
    world.command(
      'systemctl',
      `printf 'NRestarts=%s\\nId=%s\\n\\n' ${worker} docker-medusa-worker.service 7 caddy.service`,
    )

  it('compares with the round before', async () => {
    restarts(40)
    expect(await world.level('containers', 'containers')).toBe('well')
    restarts(41)
    expect(await world.level('containers', 'containers-docker-medusa-worker')).toBe('twice')
    restarts(70)
    expect(await world.check('containers')).toEqual([
      {
        level: 'wrong',
        key: 'containers-docker-medusa-worker',
        text: 'docker-medusa-worker has ended and was started again 29 times since the last round',
      },
    ])
    // Started by hand: systemd counts anew.
    restarts(0)
    expect(await world.level('containers', 'containers')).toBe('well')
  })
})

describe('the check of what is overdue', () => {
  const fresh = () => {
    world.write('backup/last.json', { at: ago(3600) })
    world.write('backup/offsite.json', { at: ago(3600) })
    world.write('backup/drill.json', { at: ago(86_400), ok: true })
    world.write('backup/wal.json', { at: ago(120), gap: false })
  }

  it('is content with what is young', async () => {
    fresh()
    expect((await world.check('overdue')).filter(({ level }) => level !== 'well')).toEqual([])
  })

  it.each([
    ['backup', 'last', { at: ago(27 * 3600) }],
    ['offsite', 'offsite', { at: ago(27 * 3600) }],
    ['drill', 'drill', { at: ago(9 * 86_400), ok: true }],
    ['drill', 'drill', { at: ago(60), ok: false, report: 'no order in the dump' }],
    ['wal', 'wal', { at: ago(660), gap: false }],
    ['wal', 'wal', { at: ago(10), gap: true }],
  ])('alarms about %s when %s.json says %j', async (what, file, fact) => {
    fresh()
    world.write(`backup/${file}.json`, fact)
    const wrong = (await world.check('overdue')).filter(({ level }) => level === 'wrong')
    expect(wrong.map(({ key }) => key)).toEqual([`overdue-${what}`])
  })

  it('gives a new host its time, and no more', async () => {
    expect(await world.level('overdue', 'overdue-backup')).toBe('note')
    world.write('watch/began.json', { at: ago(27 * 3600) })
    expect(await world.level('overdue', 'overdue-backup')).toBe('wrong')
    expect(await world.level('overdue', 'overdue-drill')).toBe('note')
  })

  it('does not ask for changes before the first backup, and does from then on', async () => {
    world.write('watch/began.json', { at: ago(3600) })
    world.write('backup/wal.json', { at: null, gap: true })
    expect(await world.level('overdue', 'overdue-wal')).toBe('note')
    world.write('backup/last.json', { at: ago(60) })
    expect(await world.level('overdue', 'overdue-wal')).toBe('wrong')
  })

  it('alarms about a fact that cannot be read as about none', async () => {
    fresh()
    world.write('backup/last.json', '{"at": "2026-')
    world.write('watch/began.json', { at: ago(27 * 3600) })
    expect(await world.level('overdue', 'overdue-backup')).toBe('wrong')
  })

  it('alarms about a job that has begun and never ended', async () => {
    fresh()
    world.write('jobs/drill.json', {
      name: 'drill',
      began: ago(10 * 3600),
      ended: null,
      code: null,
    })
    world.write('jobs/watch.json', { name: 'watch', began: ago(2), ended: null, code: null })
    const wrong = (await world.check('overdue')).filter(({ level }) => level === 'wrong')
    expect(wrong.map(({ key }) => key)).toEqual(['overdue-job-drill'])
  })
})

describe('the check of the clock', () => {
  it('asks systemd', async () => {
    world.command('timedatectl', 'echo yes')
    expect(await world.level('clock', 'clock')).toBe('well')
    world.command('timedatectl', 'echo no')
    expect(await world.level('clock', 'clock')).toBe('twice')
  })
})

describe('the check of deploys', () => {
  const audit = (...whats: string[]) =>
    world.write(
      'deploy/audit.jsonl',
      whats
        .map(
          (what) =>
            `${JSON.stringify({ at: ago(60), by: 'anna', what, app: 'medusa', to: 'f'.repeat(40) })}\n`,
        )
        .join(''),
    )

  it('alarms when the last one has failed, until one went well', async () => {
    expect(await world.level('deploy', 'deploy')).toBe('well')
    audit('deployed', 'failed', 'maintenance-on')
    expect((await world.check('deploy'))[0]).toMatchObject({
      level: 'wrong',
      text: expect.stringMatching(/medusa ffffffffffff by anna at 20/),
    })
    audit('failed', 'deployed')
    expect(await world.level('deploy', 'deploy')).toBe('well')
  })

  it('alarms when maintenance was forgotten', async () => {
    world.write('ways/maintenance', '')
    expect(await world.level('deploy', 'deploy-maintenance')).toBe('well')
    const old = new Date(Date.now() - 3_700_000)
    utimesSync(join(world.state, 'ways/maintenance'), old, old)
    expect(await world.level('deploy', 'deploy-maintenance')).toBe('wrong')
  })
})

describe("the check of the releases' health", () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  /** The real rr-deploy, asking slots that answer so. */
  async function slots(medusa: string, storefront: string): Promise<void> {
    const answers = [medusa, storefront]
    for (const [i, status] of answers.entries()) {
      const server = createWeb((_, response) => response.end(JSON.stringify({ status })))
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(26_360 + i, '127.0.0.1', resolve))
    }
    const app = (port: number) => ({
      image: 'x',
      pin: null,
      ports: { blue: port, green: port, worker: port },
    })
    writeFileSync(
      join(world.folder, 'apps.json'),
      JSON.stringify({ medusa: app(26_360), storefront: app(26_361), domain: 'x' }),
    )
    const release = { current: 'f'.repeat(40), slot: 'blue' }
    world.write('deploy/state.json', { apps: { medusa: release, storefront: release } })
    Object.assign(world.env, { RR_APPS: join(world.folder, 'apps.json'), RR_HEALTH_PAUSE: '0.1' })
    world.command('rr-deploy', `exec ${join(ROOT, 'nixos/deploy/rr-deploy')} "$@"`)
  }

  it('is content when both are ready', async () => {
    await slots('ready', 'ok')
    expect((await world.check('health')).map(({ level }) => level)).toEqual(['well', 'well'])
  })

  it('alarms when one has failed or is away', async () => {
    await slots('failed', 'ok')
    expect(await world.level('health', 'health-medusa')).toBe('wrong')
    servers.splice(1).map((server) => server.close())
    expect((await world.check('health')).map(({ level, text }) => [level, text])).toEqual([
      ['wrong', 'medusa: failed'],
      ['wrong', 'storefront: no answer'],
    ])
  })

  it('waits a round when BTCPay is away, for then nobody can pay', async () => {
    await slots('degraded', 'ok')
    expect((await world.check('health'))[0]).toMatchObject({
      level: 'twice',
      text: expect.stringContaining('nobody can pay'),
    })
  })

  it('breaks when rr-deploy says nothing', async () => {
    world.env.RR_HEALTH_PAUSE = '0'
    world.command('rr-deploy', 'exit 1')
    await expect(world.check('health')).rejects.toThrow('gives no answer')
  })
})

describe('a host before its first deploy', () => {
  it('has neither money nor certificates to look at', async () => {
    rmSync(join(world.state, 'deploy/state.json'))
    for (const name of ['money', 'refunds', 'certificate']) {
      expect((await world.check(name)).map(({ text }) => text)).toEqual(['nothing is deployed yet'])
    }
  })
})

describe('a host without a part', () => {
  it('is not asked for it', async () => {
    world.facts({ apps: false, database: false })
    for (const name of [
      'certificate',
      'deploy',
      'health',
      'redis',
      'queue',
      'money',
      'refunds',
      'database',
    ]) {
      expect(
        (await world.check(name)).map(({ level, text }) => [level, text]),
        name,
      ).toEqual([['well', 'not on this host']])
    }
  })

  it('must be told so: without a word the checks break', async () => {
    rmSync(world.env.RR_WATCH_FACTS ?? '')
    for (const name of ['certificate', 'money', 'database', 'disk', 'overdue']) {
      await expect(world.check(name), name).rejects.toThrow(/ended with/)
    }
  })
})
