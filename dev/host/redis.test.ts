import { createConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostFacts } from './nix.ts'
import { DeclaredRedis } from './redis.ts'

const PORT = 28470
const facts = hostFacts('tests/hosts/tested.nix')
const redis = new DeclaredRedis(PORT, 'of-this-test', facts, ['maxmemory 8mb'])

beforeAll(() => redis.start())
afterAll(() => redis.stop())

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
    const fill = async () => {
      for (let i = 0; i < 200; i++) await client.set(`fill:${i}`, 'x'.repeat(100_000))
    }
    await expect(fill()).rejects.toThrow(/OOM/)
    expect(await client.get('the-first')).toBe('job')
    expect((await client.info('stats')).match(/evicted_keys:(\d+)/)?.[1]).toBe('0')
    client.disconnect()
  })

  it('lets nobody in without the password', async () => {
    const said = await new Promise<string>((resolve, reject) => {
      const socket = createConnection(PORT, '127.0.0.1', () => socket.write('PING\r\n'))
      socket.once('data', (data) => {
        resolve(data.toString())
        socket.destroy()
      })
      socket.once('error', reject)
    })
    expect(said).toMatch(/^-NOAUTH/)
  })
})
