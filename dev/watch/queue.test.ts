import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from '../host/nix.ts'
import { DeclaredRedis } from '../host/redis.ts'
import { FACTS, World } from './world.ts'

/** As much of BullMQ as the tests use; it is the very version that Medusa's event bus uses. */
interface BullMq {
  Queue: new (
    name: string,
    options: object,
  ) => {
    add(name: string, data: object, options?: object): Promise<{ id?: string }>
    addBulk(jobs: { name: string; data: object }[]): Promise<unknown>
    obliterate(options: { force: boolean }): Promise<void>
    close(): Promise<void>
  }
  Worker: new (
    name: string,
    work: () => Promise<void>,
    options: object,
  ) => { on(event: string, listener: () => void): void; close(): Promise<void> }
}

const PORT = 26_340
const PASSWORD = 'of-the/watch'
const connection = { host: '127.0.0.1', port: PORT, password: PASSWORD }
const medusa = (name: string) => join(ROOT, 'node_modules/@medusajs', name, 'package.json')
const { Queue, Worker } = createRequire(medusa('event-bus-redis'))('bullmq') as BullMq
const host = hostFacts('tests/hosts/tested.nix')
const redis = new DeclaredRedis(PORT, PASSWORD, host, ['maxmemory 16mb'])
const { sessions: sessionsPort, cache: cachePort } = FACTS.redis
const sessions = new DeclaredRedis(sessionsPort, PASSWORD, host, ['maxmemory 16mb'], 'sessions')
const cache = new DeclaredRedis(cachePort, PASSWORD, host, ['maxmemory 16mb'], 'cache')
const servers = [redis, sessions, cache]
const EVENTS = { prefix: 'RedisEventBusService', connection }
let events: InstanceType<BullMq['Queue']>
let timers: InstanceType<BullMq['Queue']>
let world: World

beforeAll(async () => {
  await Promise.all(servers.map((server) => server.start()))
  events = new Queue('events-queue', EVENTS)
  timers = new Queue('medusa-workflows-jobs', { connection })
})
afterAll(async () => {
  await Promise.all([events.close(), timers.close()].map((each) => each.catch(() => undefined)))
  await Promise.all(servers.map((server) => server.stop()))
})
beforeEach(async () => {
  world = new World()
  const url = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${PORT}`
  world.secrets({ REDIS_URL: url }, 'medusa')
})
afterEach(() => world.remove())

describe('whoever answers in the place of Redis', () => {
  it('with a command for a number runs nothing as root', async () => {
    const ran = join(world.folder, 'ran')
    const hostile = `PATH[$(touch ${ran})]`
    for (const lines of [20, 21]) {
      // As many numbers as are asked for, and beside them one that bash's arithmetic would run.
      const numbers = Array.from({ length: lines - 1 }, () => '0').join('\\n')
      world.command(
        'redis-cli',
        `cat >/dev/null; printf '%s\\n' '${hostile}'; printf '${numbers}\\n'`,
      )
      const { code, stdout } = await world.run(['checks/queue'])
      expect(existsSync(ran)).toBe(false)
      expect([code, stdout]).toEqual([1, ''])
    }
  })
})

describe('the queues', () => {
  it('have the names that Medusa gives them', () => {
    const source = (path: string) =>
      readFileSync(join(ROOT, 'node_modules/@medusajs', path), 'utf8')
    expect(source('event-bus-redis/dist/services/event-bus-redis.js')).toMatch(
      /class RedisEventBusService[\s\S]*prefix: `\$\{this\.constructor\.name\}`/,
    )
    expect(source('event-bus-redis/dist/loaders/index.js')).toContain('"events-queue"')
    const engine = source('workflow-engine-redis/dist/loaders/redis.js')
    for (const name of ['medusa-workflows', 'medusa-workflows-jobs'])
      expect(engine).toContain(`"${name}"`)
    expect(source('workflow-engine-redis/dist/utils/workflow-orchestrator-storage.js')).toContain(
      '"workflows-cleaner"',
    )
  })

  it('are well when they are empty', async () => {
    expect((await world.check('queue')).map(({ level }) => level)).toEqual(['well', 'well', 'well'])
  })

  it('with some work are a note, with much an alarm', async () => {
    const jobs = (count: number) =>
      Array.from({ length: count }, () => ({ name: 'order.placed', data: {} }))
    await events.addBulk(jobs(3))
    await events.add('order.placed', {}, { priority: 5 })
    const [waiting] = await world.check('queue')
    expect(waiting).toEqual({
      level: 'note',
      key: 'queue-waiting',
      text: '4 jobs wait for a worker',
    })
    await events.addBulk(jobs(200))
    expect(await world.level('queue', 'queue-waiting')).toBe('wrong')
    await events.obliterate({ force: true })
  })

  it('with work that is due for five minutes are an alarm: no worker works', async () => {
    await timers.add('schedule', {}, { delay: 60_000 })
    await timers.add('schedule', {}, { delay: 1, timestamp: Date.now() - 240_000 })
    expect(await world.level('queue', 'queue-late')).toBe('well')
    await timers.add('schedule', {}, { delay: 1, timestamp: Date.now() - 360_000 })
    expect(await world.level('queue', 'queue-late')).toBe('wrong')
    await timers.obliterate({ force: true })
  })

  it('with a job that has failed for good are an alarm', async () => {
    await events.add('order.placed', {})
    const worker = new Worker('events-queue', () => Promise.reject(new Error('no')), EVENTS)
    await new Promise<void>((resolve) => worker.on('failed', () => resolve()))
    await worker.close()
    expect(await world.level('queue', 'queue-failed')).toBe('wrong')
    await events.obliterate({ force: true })
  })
})

describe('each Redis', () => {
  const fill = async (client: Redis, ...end: ['EX', number] | []) => {
    for (let i = 0; i < 200; i++) {
      const text = 'x'.repeat(100_000)
      if (end.length > 0) await client.set(`fill:${i}`, text, 'EX', 600)
      else await client.set(`fill:${i}`, text)
    }
  }

  it('is well', async () => {
    const said = await world.check('redis')
    expect(said.map(({ level, key }) => `${key} ${level}`)).toEqual([
      'redis well',
      'redis-file well',
      'redis-memory well',
      'redis-sessions well',
      'redis-sessions-file well',
      'redis-sessions-memory well',
      'redis-cache well',
      'redis-cache-memory well',
    ])
  })

  it.each([
    ['redis', redis],
    ['redis-sessions', sessions],
  ] as const)(
    'whose memory is nearly full is an alarm: it refuses all writes soon: %s',
    async (key, server) => {
      const client = await server.connect()
      await expect(fill(client)).rejects.toThrow(/OOM/)
      const wrong = (await world.check('redis')).filter(({ level }) => level === 'wrong')
      expect(wrong.map((each) => each.key)).toEqual([`${key}-memory`])
      await client.flushall()
      client.disconnect()
    },
  )

  it('that makes room by itself may be full; one that cannot is an alarm', async () => {
    const client = await cache.connect()
    await fill(client, 'EX', 600)
    expect(await world.level('redis', 'redis-cache-memory')).toBe('well')
    await client.config('SET', 'maxmemory', '100kb')
    expect(await world.level('redis', 'redis-cache-memory')).toBe('wrong')
    await client.config('SET', 'maxmemory', '16mb')
    await client.flushall()
    client.disconnect()
  })

  it('with a wrong password is an alarm, and so is one that is away', async () => {
    for (const url of [`redis://:wrong@127.0.0.1:${PORT}`, 'redis://:x@127.0.0.1:26399']) {
      world.secrets({ REDIS_URL: url }, 'medusa')
      expect(await world.check('redis')).toEqual([
        { level: 'wrong', key: 'redis', text: 'Redis does not answer' },
        { level: 'wrong', key: 'redis-sessions', text: "the sessions' Redis does not answer" },
        { level: 'wrong', key: 'redis-cache', text: "the cache's Redis does not answer" },
      ])
      await expect(world.check('queue')).rejects.toThrow('Redis does not tell its queues')
    }
  })

  it.each([
    ['redis-sessions', sessions],
    ['redis-cache', cache],
  ] as const)('that is away is an alarm of its own: %s', async (key, server) => {
    await server.kill()
    const wrong = (await world.check('redis')).filter(({ level }) => level === 'wrong')
    await server.start()
    expect(wrong.map((each) => each.key)).toEqual([key])
  })

  it.each([
    ['redis-sessions-file', sessions],
    ['redis-file', redis],
  ] as const)('that cannot write its file is an alarm: %s', async (key, server) => {
    const client = await server.connect()
    rmSync(server.folder, { recursive: true })
    await client.bgsave()
    await expect
      .poll(() => world.level('redis', key), { timeout: 60_000, interval: 200 })
      .toBe('wrong')
    client.disconnect()
  })
})
