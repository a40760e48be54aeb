import Redis from 'ioredis'
import { environment } from '../../environment'
import { redisAddresses } from '../../redis-addresses'
import { type Check, check } from './checks'

/** The checks of Redis: whether the queue's server answers, and whether each server takes writes. */
export type RedisCheck = 'redis' | 'queue' | 'sessions' | 'cache'

/** What the probe writes; gone a minute later. */
const KEY = 'rr:ready'
const KEY_SECONDS = 60

/** One connection for all probes of a server. */
const connections = new Map<string, Redis>()

function connectionTo(url: string): Redis {
  let connection = connections.get(url)
  if (!connection) {
    // The check's own time limit bounds a Redis that is away.
    connection = new Redis(url, { maxRetriesPerRequest: 1 }).on('error', () => undefined)
    connections.set(url, connection)
  }
  return connection
}

/** Whether a server takes a write: a full one answers OOM, one that cannot reach its disk MISCONF. */
async function takesWrites(url: string): Promise<boolean> {
  return (await connectionTo(url).set(KEY, '1', 'EX', KEY_SECONDS)) === 'OK'
}

/** Asks all servers at once; without Redis each check is skipped. */
export async function probeRedis(): Promise<Record<RedisCheck, Check>> {
  const addresses = redisAddresses(environment())
  if (!addresses) {
    const skipped = { ok: true, ms: 0, skipped: true }
    return { redis: skipped, queue: skipped, sessions: skipped, cache: skipped }
  }
  const [redis, queue, sessions, cache] = await Promise.all([
    check(async () => (await connectionTo(addresses.queue).ping()) === 'PONG'),
    check(() => takesWrites(addresses.queue)),
    check(() => takesWrites(addresses.sessions)),
    check(() => takesWrites(addresses.cache)),
  ])
  return { redis, queue, sessions, cache }
}
