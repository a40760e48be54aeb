import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { bearer, beginSession, cookieOf, me, signIn, someone, tokenOf } from './admins.ts'
import { shop, store } from './shop.ts'
import { plentifulVariant, region } from './shopper.ts'

const SERVERS = {
  queue: new URL(process.env.REDIS_URL ?? '').port,
  sessions: process.env.REDIS_SESSIONS_PORT ?? '',
  cache: process.env.REDIS_CACHE_PORT ?? '',
}

/** While the work is done, one of the three servers takes no writes: its memory is full. */
async function full<T>(name: keyof typeof SERVERS, work: () => Promise<T>): Promise<T> {
  const redis = new Redis(Number(SERVERS[name]), '127.0.0.1')
  try {
    await redis.config('SET', 'maxmemory', '100kb')
    await expect(redis.set('one-more', 'write')).rejects.toThrow(/OOM/)
    return await work()
  } finally {
    await redis.config('SET', 'maxmemory', '0')
    redis.disconnect()
  }
}

async function ready() {
  const answer = await fetch(`${shop.api}/ready`, { signal: AbortSignal.timeout(10_000) })
  const { status, checks } = (await answer.json()) as {
    status: string
    checks: Record<string, { ok: boolean }>
  }
  const bad = Object.keys(checks).filter((check) => !checks[check]?.ok)
  return { code: answer.status, status, bad }
}

/** The owner signs in as in a browser; gives the status of each step. */
async function signInAsOwner(): Promise<number[]> {
  const entered = await signIn(shop.adminEmail, shop.adminPassword)
  const { token } = (await entered.json()) as { token: string }
  const begun = await beginSession(token)
  return [entered.status, begun.status, (await me(cookieOf(begun))).status]
}

/** A cart gets a line and an address, as in the checkout. */
async function fillCart(): Promise<string | undefined> {
  const { id } = await region('eur')
  const variant = await plentifulVariant(id)
  const { cart } = await store<{ cart: { id: string } }>('/carts', { region_id: id })
  await store(`/carts/${cart.id}/line-items`, { variant_id: variant.id, quantity: 1 })
  const changed = await store<{ cart: { shipping_address?: { city?: string } } }>(
    `/carts/${cart.id}`,
    {
      email: 'ada@example.org',
      shipping_address: {
        first_name: 'Ada',
        last_name: 'Lovelace',
        address_1: 'Analytical Way 1',
        city: 'Berlin',
        postal_code: '10115',
        country_code: 'de',
      },
    },
  )
  return changed.cart.shipping_address?.city
}

describe('three servers of Redis', () => {
  it('have a port each', () => {
    expect(new Set(Object.values(SERVERS)).size).toBe(3)
  })

  it.each(['queue', 'sessions', 'cache'] as const)(
    'are degraded and no worse when that of the %s is full, and readiness names it',
    async (name) => {
      // A machine that does much else may miss a check's time limit once.
      const poll = { timeout: 20_000, interval: 200 }
      await full(name, () =>
        expect.poll(ready, poll).toEqual({ code: 200, status: 'degraded', bad: [name] }),
      )
      await expect.poll(ready, poll).toEqual({ code: 200, status: 'ready', bad: [] })
    },
  )

  it('let the owner sign in while the queue is full, and while the cache is', async () => {
    expect(await full('queue', signInAsOwner)).toEqual([200, 200, 200])
    expect(await full('cache', signInAsOwner)).toEqual([200, 200, 200])
  })

  it('let a shopper fill a cart while no session can be kept, and while the cache is full', async () => {
    expect(await full('sessions', fillCart)).toBe('Berlin')
    expect(await full('cache', fillCart)).toBe('Berlin')
  })

  it('keep who is signed in when no session can be added, and say so to the next', async () => {
    const token = await tokenOf()
    const cookie = cookieOf(await beginSession(token))
    await full('sessions', async () => {
      expect((await me(cookie)).status).toBe(200)
      expect((await me(bearer(token))).status).toBe(200)
      const refused = await beginSession(token)
      expect(refused.status).toBe(503)
      expect(await refused.text()).toContain('not possible at the moment')
    })
    expect((await beginSession(token)).status).toBe(200)
  })

  it('go on counting wrong passwords while the cache is full', async () => {
    const from = someone()
    const statuses: number[] = []
    await full('cache', async () => {
      for (let i = 0; i < 6; i++) {
        statuses.push((await signIn(shop.adminEmail, 'wrong', 'user', from)).status)
      }
    })
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
  })
})
