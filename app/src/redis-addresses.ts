import type { Environment } from './environment'

/** Where each kind of data lies in Redis; one full server refuses no write of another. */
export interface RedisAddresses {
  /** Events, workflows and locks: nothing may be lost. */
  queue: string
  /** Sessions of admins. */
  sessions: string
  /** Counters of the limits, and what can be made again. */
  cache: string
}

function withPort(address: string, port: string | undefined): string {
  if (!port) return address
  const url = new URL(address)
  url.port = port
  return url.href
}

/**
 * The addresses of the three servers: REDIS_URL, with the port replaced where another is named.
 * @returns undefined without Redis, as in development
 */
export function redisAddresses(environment: Environment): RedisAddresses | undefined {
  const { REDIS_URL: queue, REDIS_SESSIONS_PORT, REDIS_CACHE_PORT } = environment
  if (!queue) return undefined
  return {
    queue,
    sessions: withPort(queue, REDIS_SESSIONS_PORT),
    cache: withPort(queue, REDIS_CACHE_PORT),
  }
}
