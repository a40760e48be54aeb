import Redis from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { environment } from '../environment'
import { redisAddresses } from '../redis-addresses'
import type { Limit } from './limits'

/** A slow Redis holds a request up for no longer; then this process counts alone. */
const REDIS_PATIENCE_MS = 500

let connection: Redis | undefined

/** Shared by all counters of this process; it never queues, so that a missing Redis is known at once. */
function redis(url: string): Redis {
  if (!connection) {
    connection = new Redis(url, {
      connectionName: 'rr-limits',
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 2_000,
      commandTimeout: REDIS_PATIENCE_MS,
    })
    // Without a listener an unreachable Redis would end the process; Medusa's own connections say it.
    connection.on('error', () => undefined)
  }
  return connection
}

/** Counts by key; several processes share the counts in Redis, and each counts alone without one. */
export type Counter = RateLimiterRedis | RateLimiterMemory

/**
 * A counter of its own name.
 * @param redisUrl none: this process counts alone, as in development without Redis
 */
export function counter(
  name: string,
  { requests, seconds }: Limit,
  redisUrl = redisAddresses(environment())?.cache,
): Counter {
  const options = { keyPrefix: `rr:limit:${name}`, points: requests, duration: seconds }
  const alone = new RateLimiterMemory(options)
  if (!redisUrl) return alone
  return new RateLimiterRedis({
    ...options,
    storeClient: redis(redisUrl),
    rejectIfRedisNotReady: true,
    insuranceLimiter: alone,
  })
}

/**
 * Counts one request.
 * @returns seconds to wait when it is one too many, else 0; a counter that fails refuses nobody
 */
export async function take(of: Counter, key: string): Promise<number> {
  try {
    await of.consume(key)
    return 0
  } catch (refused) {
    return refused instanceof RateLimiterRes ? waitSeconds(refused) : 0
  }
}

/** Whole seconds until a count ends, 1 at the least. */
export function waitSeconds({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1_000))
}

/** Ends the connection, so that a process can end: for tests. */
export function closeCounters(): void {
  connection?.disconnect()
  connection = undefined
}
