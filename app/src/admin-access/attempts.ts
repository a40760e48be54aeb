import { RateLimiterRes } from 'rate-limiter-flexible'
import { type Counter, counter, waitSeconds } from '../limits/counters'
import type { Limit } from '../limits/limits'

/** Wrong passwords of one account from one client before a pause. */
export const NEAR: Limit = { requests: 5, seconds: 15 * 60 }

/** The first pause; each further one is twice as long, up to the longest. */
export const FIRST_PAUSE_SECONDS = 60
export const LONGEST_PAUSE_SECONDS = 3_600

/** Pauses are remembered for a day after the last. */
const PAUSES: Limit = { requests: 1_000_000, seconds: 86_400 }

/**
 * Wrong passwords of one account from all clients that never signed in to it, such as a botnet's.
 * A client that did is not held up by it: nobody else can lock the owner out at home.
 */
export const FAR: Limit = { requests: 60, seconds: 3_600 }

/** A client is known to an account for 20 days after it signed in; Node's timers end at 24. */
const KNOWN: Limit = { requests: 1_000_000, seconds: 20 * 86_400 }

/** How long the n-th pause is, in seconds. */
export function pauseSeconds(nth: number): number {
  return Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.max(0, nth - 1), LONGEST_PAUSE_SECONDS)
}

/** Attempts to sign in, counted by account and client; right or wrong is known only afterwards. */
export class SignInAttempts {
  private readonly near: Counter
  private readonly pauses: Counter
  private readonly far: Counter
  private readonly known: Counter

  /** @param redisUrl none: this process counts alone */
  constructor(redisUrl: string | undefined) {
    this.near = counter('sign-in-near', NEAR, redisUrl)
    this.pauses = counter('sign-in-pauses', PAUSES, redisUrl)
    this.far = counter('sign-in-far', FAR, redisUrl)
    this.known = counter('sign-in-known', KNOWN, redisUrl)
  }

  /**
   * Counts an attempt as a wrong one before the password is looked at, so that many at once are counted, too.
   * @returns seconds to wait, 0 when the password may be looked at
   */
  async begin(account: string, client: string): Promise<number> {
    const key = `${account} ${client}`
    try {
      await this.near.consume(key)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) return 0
      return this.pause(key, refused)
    }
    if (await this.known.get(key)) return 0
    try {
      await this.far.consume(account)
      return 0
    } catch (refused) {
      return refused instanceof RateLimiterRes ? waitSeconds(refused) : 0
    }
  }

  /** The first attempt over the limit begins a pause; those during it only learn how long it still is. */
  private async pause(key: string, refused: RateLimiterRes): Promise<number> {
    if (refused.consumedPoints > NEAR.requests + 1) return waitSeconds(refused)
    const { consumedPoints: nth } = await this.pauses.penalty(key)
    const seconds = pauseSeconds(nth)
    await this.pauses.set(key, nth, PAUSES.seconds)
    await this.near.block(key, seconds)
    return seconds
  }

  /** The password was right: this client's count begins anew, and the attempt was no wrong one. */
  async succeeded(account: string, client: string): Promise<void> {
    const key = `${account} ${client}`
    const known = (await this.known.get(key)) !== null
    await Promise.all([
      this.near.delete(key),
      this.pauses.delete(key),
      this.known.set(key, 1, KNOWN.seconds),
      ...(known ? [] : [this.far.reward(account)]),
    ])
  }
}
