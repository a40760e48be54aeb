import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FAR, NEAR, pauseSeconds, SignInAttempts } from './attempts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const OWNER = 'owner@research-relay.com'
/** Begins so many attempts of one client; gives the waits. */
async function tries(of: SignInAttempts, times: number, client: string): Promise<number[]> {
  const waits: number[] = []
  for (let i = 0; i < times; i++) waits.push(await of.begin(OWNER, client))
  return waits
}

describe('wrong passwords from one client', () => {
  it('are paused after five, each pause twice as long as the one before, up to an hour', async () => {
    const attempts = new SignInAttempts(undefined)
    const pauses: number[] = []
    for (let round = 0; round < 9; round++) {
      expect(await tries(attempts, NEAR.requests, 'a')).toEqual([0, 0, 0, 0, 0])
      const [pause = 0] = await tries(attempts, 1, 'a')
      pauses.push(pause)
      vi.advanceTimersByTime(pause * 1_000 + 1)
    }
    expect(pauses).toEqual([60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600])
    expect(pauseSeconds(1_000)).toBe(3_600)
  })

  it('do not make a pause longer while it lasts', async () => {
    const attempts = new SignInAttempts(undefined)
    await tries(attempts, NEAR.requests + 1, 'a')
    vi.advanceTimersByTime(30_000)
    for (const wait of await tries(attempts, 50, 'a')) expect(wait).toBeLessThanOrEqual(30)
  })

  it('are counted when they come all at once', async () => {
    const attempts = new SignInAttempts(undefined)
    const waits = await Promise.all(Array.from({ length: 200 }, () => attempts.begin(OWNER, 'a')))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(NEAR.requests)
  })

  it('do not hold up another client', async () => {
    const attempts = new SignInAttempts(undefined)
    await tries(attempts, NEAR.requests + 1, 'a')
    expect(await attempts.begin(OWNER, 'b')).toBe(0)
  })

  it('are forgotten with the right one', async () => {
    const attempts = new SignInAttempts(undefined)
    await tries(attempts, NEAR.requests, 'a')
    await attempts.succeeded(OWNER, 'a')
    expect(await tries(attempts, NEAR.requests, 'a')).toEqual([0, 0, 0, 0, 0])
  })
})

describe('wrong passwords from everywhere', () => {
  it('are slowed for the account as a whole', async () => {
    const attempts = new SignInAttempts(undefined)
    for (let i = 0; i < FAR.requests; i++) expect(await attempts.begin(OWNER, `bot-${i}`)).toBe(0)
    expect(await attempts.begin(OWNER, 'one-more')).toBeGreaterThan(3_000)
    expect(await attempts.begin('other@research-relay.com', 'one-more')).toBe(0)
  })

  it('do not lock the owner out where they signed in before', async () => {
    const attempts = new SignInAttempts(undefined)
    expect(await attempts.begin(OWNER, 'home')).toBe(0)
    await attempts.succeeded(OWNER, 'home')
    for (let i = 0; i < FAR.requests * 2; i++) await attempts.begin(OWNER, `bot-${i}`)
    expect(await attempts.begin(OWNER, 'bot-new')).toBeGreaterThan(0)
    expect(await attempts.begin(OWNER, 'home')).toBe(0)
  })

  it('do not lock anybody out for ever', async () => {
    const attempts = new SignInAttempts(undefined)
    for (let i = 0; i < FAR.requests + 20; i++) await attempts.begin(OWNER, `bot-${i}`)
    vi.advanceTimersByTime(FAR.seconds * 1_000 + 1)
    expect(await attempts.begin(OWNER, 'new')).toBe(0)
  })
})
