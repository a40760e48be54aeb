import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Children } from './child.ts'
import { type Receiver, startReceiver, startSilence } from './receiver.ts'

const REDIS_PORT = 26_501
const REDIS_URL = `redis://127.0.0.1:${REDIS_PORT}`
/** Nobody listens here. */
const NOWHERE = `http://${'e0'.repeat(16)}@127.0.0.1:26502/42`
const STARTS = 300

let children: Children
let redis: ChildProcess
let receiver: Receiver

beforeAll(async () => {
  children = new Children()
  redis = spawn(
    'redis-server',
    ['--port', String(REDIS_PORT), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'],
    { stdio: 'ignore' },
  )
  for (let tries = 0; tries < 50; tries += 1) {
    if (await flush().catch(() => false)) return
    await delay(100)
  }
  throw new Error('redis-server does not start')
})
afterAll(() => {
  redis.kill()
  children.remove()
})
beforeEach(async () => {
  receiver = await startReceiver()
  await flush()
})
afterEach(() => receiver.close())

async function flush(): Promise<boolean> {
  const client = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.flushall()) === 'OK'
  } finally {
    client.disconnect()
  }
}

/** Starts children two at a time, as many as there are. */
async function startMany(count: number, start: () => Promise<unknown>): Promise<void> {
  let left = count
  const one = async () => {
    while (left > 0) {
      left -= 1
      await start()
    }
  }
  await Promise.all([one(), one()])
}

describe('ten thousand errors of one process', () => {
  it('send seven events, and the last says how many there were', async () => {
    const { code } = await children.run('loop', { DSN: receiver.dsn, REDIS_URL })
    expect(code).toBe(0)
    const seen = receiver.events().map(({ extra }) => extra.seen)
    console.log(`10,000 errors of one process: ${seen.length} events, seen ${seen}`)
    expect(seen.sort((a = 0, b = 0) => a - b)).toEqual([1, 2, 3, 10, 100, 1000, 10_000])
    expect(receiver.events().map(({ tags }) => tags.seen)).toContain('10000')
  })
})

describe(`${STARTS} starts that each die of one error`, () => {
  it('send a handful of events, counted in Redis', { timeout: 240_000 }, async () => {
    await startMany(STARTS, async () => {
      const { code } = await children.run('start', { DSN: receiver.dsn, REDIS_URL })
      expect(code).toBe(1)
    })
    const seen = receiver.events().map(({ extra }) => extra.seen)
    console.log(`${STARTS} starts with Redis: ${seen.length} events, seen ${seen}`)
    // On a machine that is busy beyond measure an end's two seconds may pass before one has left.
    expect([1, 2, 3, 10, 100]).toEqual(expect.arrayContaining(seen))
    expect(seen.length).toBeGreaterThanOrEqual(2)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('stay below 200 without Redis, too', { timeout: 240_000 }, async () => {
    await startMany(STARTS, async () => {
      const { code } = await children.run('start', { DSN: receiver.dsn })
      expect(code).toBe(1)
    })
    console.log(`${STARTS} starts without Redis: ${receiver.events().length} events`)
    expect(receiver.events().length).toBeLessThan(200)
  })
})

describe('what nobody has caught', () => {
  it.each([
    ['uncaught', 'nobody caught this'],
    ['rejection', 'nobody caught this promise'],
  ] as const)('of kind %s is told, and ends the process as without us', async (mode, value) => {
    const { code, output } = await children.run(mode, { DSN: receiver.dsn, REDIS_URL })
    expect(code).toBe(1)
    expect(output).toContain(value)
    const [event] = receiver.events()
    expect(event).toMatchObject({ level: 'fatal', release: '0f3c2a1', environment: 'test' })
    expect(event?.exception?.values[0]?.value).toBe(value)
  })
})

describe('a receiver that is away', () => {
  it.each([
    ['refuses', async () => ({ dsn: NOWHERE, close: async () => undefined })],
    ['hangs', startSilence],
  ] as const)('and %s holds up neither work nor end', async (_, start) => {
    const away = await start()
    const { code, output, ms } = await children.run('time', { DSN: away.dsn, REDIS_URL })
    await away.close()
    expect(code).toBe(0)
    const took = Number(/reported ([\d.]+)/.exec(output)?.[1])
    console.log(`100 reports: ${took.toFixed(1)} ms; the whole process: ${ms.toFixed(0)} ms`)
    expect(took).toBeLessThan(50)
    // Its start, 200 ms of life, and the 2 s that an end may wait.
    expect(ms).toBeLessThan(4_000)
  })

  it('and a Redis that is away do not either', async () => {
    const DSN = NOWHERE
    const { code, ms } = await children.run('time', { DSN, REDIS_URL: 'redis://127.0.0.1:26503' })
    expect(code).toBe(0)
    expect(ms).toBeLessThan(4_000)
  })
})
