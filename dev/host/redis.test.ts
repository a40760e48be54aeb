import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostFacts } from './nix.ts'

const PORT = 28470
const declared = hostFacts('tests/hosts/tested.nix').redis.default
const folder = mkdtempSync(join(tmpdir(), 'rr-redis-'))
let child: ChildProcess | undefined

/** redis.conf as NixOS makes it from the declared options; only port, folder and memory are the test's. */
function configuration(): string {
  if (!declared) throw new Error('the host declares no Redis')
  const { settings, bind, appendOnly, appendFsync, save } = declared
  return [
    `bind ${bind}`,
    `port ${PORT}`,
    `dir ${folder}`,
    `appendonly ${appendOnly ? 'yes' : 'no'}`,
    `appendfsync ${appendFsync}`,
    save.length === 0 ? 'save ""' : save.map(([s, n]) => `save ${s} ${n}`).join('\n'),
    ...Object.entries(settings).map(([name, value]) => `${name} ${value}`),
    'maxmemory 8mb',
    'requirepass of-this-test',
    '',
  ].join('\n')
}

async function connect(password: string): Promise<Redis> {
  const client = new Redis({
    host: '127.0.0.1',
    port: PORT,
    password,
    lazyConnect: true,
    connectTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  await client.connect()
  await client.ping()
  return client
}

async function start(): Promise<void> {
  child = spawn('redis-server', [join(folder, 'redis.conf')], { stdio: 'ignore' })
  for (let tries = 0; tries < 100; tries++) {
    const client = await connect('of-this-test').catch(() => null)
    if (client) {
      client.disconnect()
      return
    }
    await delay(50)
  }
  throw new Error('Redis did not start within 5 s')
}

async function kill(): Promise<void> {
  const running = child
  if (!running || running.exitCode !== null) return
  running.kill('SIGKILL')
  await new Promise((resolve) => running.once('exit', resolve))
}

beforeAll(async () => {
  writeFileSync(join(folder, 'redis.conf'), configuration())
  await start()
})
afterAll(async () => {
  await kill()
  rmSync(folder, { recursive: true, force: true })
})

describe('the declared Redis (problem 11)', () => {
  it('keeps queued work through a crash, but for the last second', async () => {
    const before = await connect('of-this-test')
    await before.rpush('bull:events:wait', '1', '2', '3')
    // appendfsync everysec: what is older is on the disk.
    await delay(1_500)
    before.disconnect()
    await kill()
    await start()
    const after = await connect('of-this-test')
    expect(await after.lrange('bull:events:wait', 0, -1)).toEqual(['1', '2', '3'])
    after.disconnect()
  })

  it('refuses new work when its memory is full, instead of losing old work', async () => {
    const client = await connect('of-this-test')
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
