import Redis from 'ioredis'
import { ABSOLUTE_SECONDS, SESSIONS_PER_ADMIN } from './session'

/** A Redis that hangs holds a sign-in up for no longer. */
const REDIS_PATIENCE_MS = 2_000

/** The newest sessions of each admin, so that one account cannot fill the store of sessions. */
export class AdminSessions {
  private readonly redis: Redis | undefined
  /** Without Redis, as Medusa's own sessions are then: in this process. */
  private readonly kept = new Map<string, string[]>()

  /** @param redisUrl where Medusa keeps the sessions themselves */
  constructor(redisUrl: string | undefined) {
    if (!redisUrl) return
    this.redis = new Redis(redisUrl, {
      connectionName: 'rr-sessions',
      maxRetriesPerRequest: 1,
      connectTimeout: REDIS_PATIENCE_MS,
      commandTimeout: REDIS_PATIENCE_MS,
    })
    // Without a listener an unreachable Redis would end the process; Medusa's own connections say it.
    this.redis.on('error', () => undefined)
  }

  /**
   * Notes a new session.
   * @returns ids of the sessions that are too many now, the oldest: to be ended
   * @throws when Redis is away or takes no writes
   */
  async begin(userId: string, sessionId: string, nowMs = Date.now()): Promise<string[]> {
    if (!this.redis) {
      const all = [...(this.kept.get(userId) ?? []), sessionId]
      this.kept.set(userId, all.slice(-SESSIONS_PER_ADMIN))
      return all.slice(0, -SESSIONS_PER_ADMIN)
    }
    const key = `rr:sessions-of:${userId}`
    const tooMany = -SESSIONS_PER_ADMIN - 1
    const answers = await this.redis
      .multi()
      .zadd(key, nowMs, sessionId)
      .expire(key, ABSOLUTE_SECONDS)
      .zrange(key, 0, tooMany)
      .zremrangebyrank(key, 0, tooMany)
      .exec()
    const [error, ended] = answers?.[2] ?? [new Error('Redis has noted no session')]
    if (error) throw error
    return ended as string[]
  }

  /** Ends the connection, so that a process can end: for tests. */
  close(): void {
    this.redis?.disconnect()
  }
}
