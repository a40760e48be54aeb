import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from './nix.ts'
import { DeclaredRedis } from './redis.ts'

const PORT = 28470
const facts = hostFacts('tests/hosts/tested.nix')
const SMALL = ['maxmemory 8mb']
const redis = new DeclaredRedis(PORT, 'of-this-test', facts, SMALL)
const sessions = new DeclaredRedis(PORT + 1, 'of-this-test', facts, SMALL, 'sessions')
const cache = new DeclaredRedis(PORT + 2, 'of-this-test', facts, SMALL, 'cache')
const all = { redis, sessions, cache }

beforeAll(() => Promise.all(Object.values(all).map((server) => server.start())))
afterAll(() => Promise.all(Object.values(all).map((server) => server.stop())))

/** 20 MB into 8, by keys that stay or that have an end. */
async function fill(client: Redis, seconds?: number): Promise<void> {
  for (let i = 0; i < 200; i++) {
    const text = 'x'.repeat(100_000)
    if (seconds) await client.set(`fill:${i}`, text, 'EX', seconds + i)
    else await client.set(`fill:${i}`, text)
  }
}

describe('the declared Redis (problem 11)', () => {
  it('keeps queued work through a crash, but for the last second', async () => {
    const before = await redis.connect()
    await before.rpush('bull:events:wait', '1', '2', '3')
    // appendfsync everysec: what is older is on the disk.
    await delay(1_500)
    before.disconnect()
    await redis.kill()
    await redis.start()
    const after = await redis.connect()
    expect(await after.lrange('bull:events:wait', 0, -1)).toEqual(['1', '2', '3'])
    after.disconnect()
  })

  it('refuses new work when its memory is full, instead of losing old work', async () => {
    const client = await redis.connect()
    await client.set('the-first', 'job')
    await expect(fill(client)).rejects.toThrow(/OOM/)
    expect(await client.get('the-first')).toBe('job')
    expect((await client.info('stats')).match(/evicted_keys:(\d+)/)?.[1]).toBe('0')
    await client.flushall()
    client.disconnect()
  })

  it.each(Object.keys(all).map((name, i) => [name, PORT + i] as const))(
    'lets nobody in without the password: %s',
    async (_name, port) => {
      const said = await new Promise<string>((resolve, reject) => {
        const socket = createConnection(port, '127.0.0.1', () => socket.write('PING\r\n'))
        socket.once('data', (data) => {
          resolve(data.toString())
          socket.destroy()
        })
        socket.once('error', reject)
      })
      expect(said).toMatch(/^-NOAUTH/)
    },
  )
})

describe('the three declared servers', () => {
  it('have a port and a memory each', () => {
    const declared = Object.entries(facts.redis).map(([name, { port, settings }]) => [
      name,
      port,
      settings.maxmemory,
    ])
    expect(declared).toEqual([
      ['cache', 6381, '128mb'],
      ['default', 6379, '512mb'],
      ['sessions', 6380, '64mb'],
    ])
  })

  it.each([
    ['redis', 'sessions'],
    ['redis', 'cache'],
    ['sessions', 'redis'],
    ['sessions', 'cache'],
  ] as const)('that of %s may be full: %s takes writes', async (full, other) => {
    const [filled, writer] = [await all[full].connect(), await all[other].connect()]
    await expect(fill(filled)).rejects.toThrow(/OOM/)
    expect(await writer.set('a-write', 'x', 'EX', 60)).toBe('OK')
    await filled.flushall()
    for (const client of [filled, writer]) client.disconnect()
  })

  it('make room in the cache for what is new by what ends soonest', async () => {
    const client = await cache.connect()
    await client.set('a-pause', '1', 'EX', 86_400)
    await fill(client, 600)
    expect(Number((await client.info('stats')).match(/evicted_keys:(\d+)/)?.[1])).toBeGreaterThan(0)
    expect(await client.get('fill:199')).not.toBeNull()
    expect(await client.get('a-pause')).toBe('1')
    await client.flushall()
    client.disconnect()
  })

  it('keep sessions through a crash, and counters in memory alone', async () => {
    const write = async (server: DeclaredRedis) => {
      const client = await server.connect()
      await client.set('kept', 'yes', 'EX', 600)
      client.disconnect()
    }
    await Promise.all([write(sessions), write(cache)])
    await delay(1_500)
    const after = await Promise.all(
      [sessions, cache].map(async (server) => {
        await server.kill()
        await server.start()
        const client = await server.connect()
        const kept = await client.get('kept')
        client.disconnect()
        return kept
      }),
    )
    expect(after).toEqual(['yes', null])
  })
})

it("ends all pauses of the admin's door by the line in docs/security.md", async () => {
  const [recipe = ''] =
    /export REDISCLI_AUTH=[^`]*/.exec(readFileSync(join(ROOT, 'docs/security.md'), 'utf8')) ?? []
  const password = join(cache.folder, 'password')
  writeFileSync(password, 'of-this-test\n')
  const here = recipe
    .replace('/run/rr-bizops/redis-password', password)
    .replaceAll(` -p ${facts.redis.cache?.port} `, ` -p ${PORT + 2} `)
  const client = await cache.connect()
  // Keys as app/src/admin-access/attempts.ts makes them: account and client, with a space.
  await client.set('rr:limit:sign-in-near:owner@example.org 203.0.113.7', '6', 'EX', 60)
  await client.set('rr:limit:sign-in-far:owner@example.org', '61', 'EX', 60)
  await client.set('rr:limit:cartCreation:203.0.113.7', '1', 'EX', 60)
  execFileSync('bash', ['-euo', 'pipefail', '-c', here], { timeout: 20_000 })
  expect(await client.keys('rr:limit:*')).toEqual(['rr:limit:cartCreation:203.0.113.7'])
  await client.flushall()
  client.disconnect()
})
