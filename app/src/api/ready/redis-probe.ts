import Redis from 'ioredis'
import { environment } from '../../environment'
import { redisAddresses } from '../../redis-addresses'
import { type Check, check } from './checks'

/** The checks of Redis: whether the queue's server answers, and whether each server takes writes. */
export type RedisCheck = 'redis' | 'queue' | 'sessions' | 'cache'

/** What the probe writes; gone a minute later. */
const KEY = 'rr:ready'
const KEY_SECONDS = 60

/** Share of its memory from which a server counts as full; the watch alarms earlier. */
const FULL = 0.95

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

/**
 * Whether a server has room, by its own words: what evicts nothing refuses large writes before small ones.
 * @param info the answer to INFO memory
 */
export function hasRoom(info: string): boolean {
  const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  const most = Number(value('maxmemory'))
  if (most === 0 || value('maxmemory_policy') !== 'noeviction') return true
  return Number(value('used_memory')) < FULL * most
}

/** Whether a server takes writes: a full one answers OOM, one that cannot reach its disk MISCONF. */
async function takesWrites(url: string): Promise<boolean> {
  const connection = connectionTo(url)
  const [written, info] = await Promise.all([
    connection.set(KEY, '1', 'EX', KEY_SECONDS),
    connection.info('memory'),
  ])
  return written === 'OK' && hasRoom(info)
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
