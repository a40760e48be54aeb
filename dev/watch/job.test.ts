import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Receiver } from './receiver.ts'
import { ago, ended, World } from './world.ts'

/** A job's line, as `status` and the watchdogs read it. */
interface Line {
  name: string
  began: string
  ended: string | null
  code: number | null
  seconds: number | null
  lastOk: string | null
  said: string
  reported: string | null
}

const receiver = new Receiver(26_300)
const SHA = '0123456789abcdef0123456789abcdef01234567'
const PING = '/5f1a-secret-of-the-ping'
const DSN = 'http://publickey@127.0.0.1:26300/7'
let world: World

beforeAll(() => receiver.start())
afterAll(() => receiver.stop())
beforeEach(() => {
  world = new World()
  receiver.requests.length = 0
  receiver.status = 200
})
afterEach(() => world.remove())

const bash = (script: string) => ['--', 'bash', '-c', script]
const pinged = (script: string) => ['job', 'night', '--ping', 'PING_BACKUP_URL', ...bash(script)]
const ping = () => world.secrets({ PING_BACKUP_URL: `${receiver.url}${PING}` })

describe('a job', () => {
  it('hands on what its command says and how it ends, and writes it down', async () => {
    const { code, stdout } = await world.run(['job', 'night', ...bash('echo one; echo two >&2')])
    expect(code).toBe(0)
    expect(stdout).toBe('one\ntwo\n')
    const line = world.read<Line>('jobs/night.json')
    expect(line).toMatchObject({ name: 'night', code: 0, said: 'two', reported: null })
    expect(line.lastOk).toBe(line.ended)
    expect(Date.parse(line.ended ?? '')).toBeGreaterThanOrEqual(Date.parse(line.began))
    expect(line.seconds).toBeGreaterThanOrEqual(0)
  })

  it('keeps the time of its last success when it fails', async () => {
    world.write('jobs/night.json', { name: 'night', lastOk: ago(3600) })
    const { lastOk } = world.read<Line>('jobs/night.json')
    expect((await world.run(['job', 'night', ...bash('echo broken; exit 3')])).code).toBe(3)
    expect(world.read<Line>('jobs/night.json')).toMatchObject({ code: 3, said: 'broken', lastOk })
  })

  it('shows that it runs, until it has ended', async () => {
    const child = world.start(['job', 'night', ...bash('echo up; read -t 5 < <(sleep 5)')])
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    expect(world.read<Line>('jobs/night.json')).toMatchObject({ ended: null, code: null })
    child.kill('SIGTERM')
    expect((await ended(child)).code).toBe(143)
    expect(world.read<Line>('jobs/night.json')).toMatchObject({ code: 143, lastOk: null })
  })

  it('gives its own standard input to the command', async () => {
    const { stdout } = spawnSync(
      join(import.meta.dirname, '../../nixos/watch/job'),
      ['x', '--', 'cat'],
      {
        input: 'given',
        encoding: 'utf8',
        env: world.env,
        timeout: 10_000,
      },
    )
    expect(stdout).toBe('given')
  })

  it('ends though its command has left something running', async () => {
    const began = Date.now()
    const { stdout } = await world.run([
      'job',
      'night',
      ...bash('sleep 30 & echo $!; echo left; exit 4'),
    ])
    expect(Date.now() - began).toBeLessThan(15_000)
    expect(world.read<Line>('jobs/night.json')).toMatchObject({ code: 4, said: 'left' })
    process.kill(Number(stdout.split('\n')[0]))
  })

  it.each([
    [['job', 'Night', '--', 'true'], 'not a name of a job'],
    [['job', '../x', '--', 'true'], 'not a name of a job'],
    [['job', 'night', '--'], 'a command is missing'],
    [['job', 'night', '--ping', 'http://x', '--', 'true'], '--ping needs the name of a variable'],
  ])('refuses %j in one line', async (command, message) => {
    const { code, stderr } = await world.run(command)
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(message)
  })
})

describe('the dead-man ping of a job', () => {
  it('comes at the start and at the end', async () => {
    ping()
    await world.run(pinged('true'))
    expect(receiver.pings(PING)).toEqual([`${PING}/start`, PING])
  })

  it('tells the code of a failure', async () => {
    ping()
    await world.run(pinged('exit 7'))
    expect(receiver.pings(PING)).toEqual([`${PING}/start`, `${PING}/7`])
  })

  it('is left out when there is no address', async () => {
    expect((await world.run(pinged('true'))).code).toBe(0)
    expect(receiver.requests).toEqual([])
  })

  it.each([
    ['refuses', 'http://127.0.0.1:26399/x-secret-path'],
    ['answers 500', 'http://127.0.0.1:26300/x-secret-path'],
    ['has no name', 'http://nowhere.invalid/x-secret-path'],
  ])('fails no job when its address %s, and shows it nowhere', async (_case, address) => {
    receiver.status = 500
    world.secrets({ PING_BACKUP_URL: address })
    const { code, stdout, stderr } = await world.run(pinged('echo fine'), {
      RR_NETWORK_SECONDS: '2',
    })
    expect(code).toBe(0)
    expect(stderr).toContain('the dead-man address of night was not reached')
    expect(stdout + stderr).not.toContain('x-secret-path')
  })

  it('is in no command line', async () => {
    ping()
    // A curl that writes down how it was called, then does its work.
    world.command(
      'curl',
      `echo "$*" >>${world.folder}/called; exec /usr/bin/env -S PATH=${process.env.PATH} curl "$@"`,
    )
    await world.run([...pinged('exit 1')], { SENTRY_DSN: DSN })
    const called = spawnSync('cat', [`${world.folder}/called`], { encoding: 'utf8' }).stdout
    expect(called).toContain('--max-time 10')
    expect(called).not.toMatch(/secret-of-the-ping|publickey|127\.0\.0\.1/)
    expect(receiver.pings(PING)).toHaveLength(2)
  })
})

describe('Sentry and a job', () => {
  it('is told nothing without a DSN', async () => {
    await world.run(['job', 'night', ...bash('exit 1')])
    expect(receiver.requests).toEqual([])
    expect(world.read<Line>('jobs/night.json').reported).toBeNull()
  })

  it('hears of begin and end of the same run', async () => {
    world.write('deploy/state.json', { apps: { medusa: { current: SHA } } })
    await world.run(['job', 'night', ...bash('true')], { SENTRY_DSN: DSN })
    const [first, second] = receiver.items('check_in')
    expect(first).toMatchObject({ monitor_slug: 'rr-night', status: 'in_progress', release: SHA })
    expect(second).toMatchObject({ monitor_slug: 'rr-night', status: 'ok' })
    expect(second?.check_in_id).toBe(first?.check_in_id)
    expect(second?.duration).toBeTypeOf('number')
    expect(receiver.items('event')).toEqual([])
    expect(receiver.requests[0]?.path).toBe('/api/7/envelope/')
    expect(receiver.requests[0]?.headers['x-sentry-auth']).toMatch(/sentry_key=publickey$/)
    expect(receiver.requests[0]?.headers['content-type']).toBe('application/x-sentry-envelope')
  })

  it('gets an error with the last 20 lines, the release and no secret', async () => {
    world.write('deploy/state.json', { apps: { medusa: { current: SHA } } })
    world.secrets({
      B2_APPLICATION_KEY: 'K005-very-secret',
      SMTP_URL: 'smtps://owner:p%40ss-word@mail.example:465',
      OWNER_EMAIL: 'owner@research-relay.test',
    })
    world.secrets({ JWT_SECRET: 'f'.repeat(64), STORE_CORS: 'https://shop.example' }, 'medusa')
    const secrets = `K005-very-secret p@ss-word owner@research-relay.test ${'f'.repeat(64)} postgres://medusa:other-one@h/d`
    const script = `for i in {1..50}; do echo "line $i"; done; echo 'ü ${secrets} https://shop.example'; exit 9`
    await world.run(['job', 'night', ...bash(script)], { SENTRY_DSN: DSN })
    const [event, ...others] = receiver.items('event')
    expect(others).toEqual([])
    expect(event).toMatchObject({
      level: 'error',
      platform: 'other',
      release: SHA,
      tags: { job: 'night', code: '9' },
      logentry: { formatted: 'job night ended with 9' },
    })
    expect(event?.event_id).toMatch(/^[0-9a-f]{32}$/)
    const output = String((event?.extra as { output?: string } | undefined)?.output)
      .trimEnd()
      .split('\n')
    expect(output).toHaveLength(20)
    expect(output[0]).toBe('line 32')
    expect(output[19]).toBe(
      'ü [B2_APPLICATION_KEY] [SMTP_URL] [OWNER_EMAIL] [JWT_SECRET] postgres://medusa:[password]@h/d https://shop.example',
    )
    expect(world.read<Line>('jobs/night.json').said).not.toMatch(/secret|ss-word|fff/)
    expect(receiver.items('check_in')[1]).toMatchObject({ status: 'error' })
  })

  it('hears of a job that fails each time once a day, and again after a success', async () => {
    const fail = () => world.run(['job', 'night', ...bash('exit 1')], { SENTRY_DSN: DSN })
    await fail()
    await fail()
    expect(receiver.items('event')).toHaveLength(1)
    await world.run(['job', 'night', ...bash('exit 1')], {
      SENTRY_DSN: DSN,
      RR_REPORT_SECONDS: '0',
    })
    expect(receiver.items('event')).toHaveLength(2)
    await world.run(['job', 'night', ...bash('true')], { SENTRY_DSN: DSN })
    await fail()
    expect(receiver.items('event')).toHaveLength(3)
  })

  it('fails no job when it is away or its DSN is nonsense', async () => {
    for (const dsn of ['http://key@127.0.0.1:26399/7', 'nonsense']) {
      const { code, stderr } = await world.run(['job', 'night', ...bash('true')], {
        SENTRY_DSN: dsn,
      })
      expect(code).toBe(0)
      expect(stderr).toMatch(/Sentry was not reached|no address of a Sentry project/)
    }
  })
})

describe('a job on a host whose state cannot be written', () => {
  it('runs, and its line is kept in memory', async () => {
    writeFileSync(join(world.folder, 'file'), '')
    const state = { RR_STATE: join(world.folder, 'file') }
    expect((await world.run(['job', 'night', ...bash('exit 5')], state)).code).toBe(5)
    expect(readdirSync(join(world.folder, 'spare/jobs'))).toEqual(['night.json'])
  })
})
