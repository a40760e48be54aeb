import type { Ledger } from '@rr-bizops/telemetry/errors/budget'
import { Redis } from 'ioredis'

/** A Redis that is away must not hold an error back, nor the end of a process. */
const TIMEOUT_MS = 1_500
const PREFIX = 'rr:errors:'

/** Counters in Redis: server, worker and every restart count together. */
export function redisLedger(url: string): Ledger {
  let redis: Redis | undefined
  return {
    async add(amounts) {
      // Opened by the first error; most processes have none.
      redis ??= new Redis(url, {
        lazyConnect: true,
        connectTimeout: TIMEOUT_MS,
        commandTimeout: TIMEOUT_MS,
        maxRetriesPerRequest: 0,
        // For the next error, not for this one.
        retryStrategy: () => 5_000,
      }).on('error', () => undefined)
      const transaction = redis.multi()
      for (const { key, amount, seconds } of amounts) {
        transaction.incrby(PREFIX + key, amount).expire(PREFIX + key, seconds, 'NX')
      }
      const answers = (await transaction.exec()) ?? []
      return amounts.map((_, index) => {
        const [error, value] = answers[2 * index] ?? [new Error('Redis has not counted')]
        if (error) throw error
        return Number(value)
      })
    },
  }
}
