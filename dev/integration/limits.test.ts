import { createHash, createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from './shop.ts'
import { storefrontSignature } from './storefront-signature.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const GOOD_PASSWORD = `${randomBytes(12).toString('base64')} kelp`

/** An address of nobody, another one each time, so that no test counts for another. */
const someone = () => `198.51.${randomInt(256)}.${randomInt(256)}`

/**
 * Asks the API as Caddy does: from loopback, with the one address that it names; the store API as the
 * storefront does for a shopper of that address.
 */
function ask(
  path: string,
  from: string,
  init: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { method = init.body === undefined ? 'GET' : 'POST', body, headers } = init
  return fetch(`${shop.api}${path}`, {
    method,
    headers: {
      ...JSON_TYPE,
      'x-publishable-api-key': shop.publishableKey,
      'x-forwarded-for': from,
      ...(path.startsWith('/store/') ? storefrontSignature(from) : {}),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
}

/** The statuses of so many requests, some at once. */
async function statuses(times: number, once: () => Promise<Response>): Promise<number[]> {
  const all: number[] = []
  while (all.length < times) {
    const some = Array.from({ length: Math.min(10, times - all.length) }, async () => {
      const answer = await once()
      await answer.arrayBuffer()
      return answer.status
    })
    all.push(...(await Promise.all(some)))
  }
  return all
}

const refused = (all: number[]) => all.filter((status) => status === 429).length

/** A cart that cannot be made: what is counted is the request. */
const cart = (from: string, headers?: Record<string, string>) =>
  ask('/store/carts', from, { body: { region_id: 'none' }, headers })

const signIn = (from: string, email: string, password: string, actor = 'user') =>
  ask(`/auth/${actor}/emailpass`, from, { body: { email, password } })

describe('making carts', () => {
  it('is limited for each client, and says so in JSON with the time to wait', async () => {
    const greedy = someone()
    const all = await statuses(65, () => cart(greedy))
    expect(refused(all)).toBe(5)
    const answer = await cart(greedy)
    expect(answer.status).toBe(429)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(600)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await answer.json()).toMatchObject({ type: 'too_many_requests' })
    expect((await cart(someone())).status).not.toBe(429)
  })

  it('is not limited for this machine itself, which asks without Caddy', async () => {
    const all = await statuses(70, () =>
      fetch(`${shop.api}/store/carts`, {
        method: 'POST',
        headers: {
          ...JSON_TYPE,
          'x-publishable-api-key': shop.publishableKey,
          ...storefrontSignature('127.0.0.1'),
        },
        body: '{"region_id":"none"}',
      }),
    )
    expect(refused(all)).toBe(0)
  })

  it('is not made free by a header that a stranger signs as the storefront', async () => {
    const stranger = someone()
    const forge = () => {
      const seconds = Math.floor(Date.now() / 1_000)
      const subject = someone()
      const signature = createHmac('sha256', 'a guess')
        .update(`client ${subject} ${seconds}`)
        .digest('hex')
      return cart(stranger, { 'x-rr-client': `${subject} ${seconds} ${signature}` })
    }
    // Not even counted: for who is not the storefront there is nothing.
    expect(new Set(await statuses(65, forge))).toEqual(new Set([404]))
  })
})

describe('shoppers behind the storefront', () => {
  it('are each counted by themselves, and read a friendly sentence when it is too much', async () => {
    const search = (from: string) =>
      fetch(`${shop.storefront}/eu/search?q=flask`, {
        headers: { 'x-forwarded-for': from },
        signal: AbortSignal.timeout(30_000),
      }).then((response) => response.text())
    const [greedy, other] = [someone(), someone()]
    for (let i = 0; i < 60; i += 5) {
      await Promise.all(Array.from({ length: 5 }, () => search(greedy)))
    }
    expect(await search(greedy)).toContain('That was a little fast.')
    const page = await search(other)
    expect(page).not.toContain('That was a little fast.')
    expect(page).toContain('/eu/products/')
  })
})

describe('webhooks', () => {
  const body = JSON.stringify({
    deliveryId: randomUUID(),
    type: 'InvoiceSettled',
    storeId: 'other',
  })
  const deliver = (from: string, secret: string) =>
    fetch(`${shop.api}/hooks/btcpay`, {
      method: 'POST',
      headers: {
        ...JSON_TYPE,
        'x-forwarded-for': from,
        'btcpay-sig': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
    })

  it('that are forged are limited; a signed one is taken even from the same address', async () => {
    const from = someone()
    const all = await statuses(65, () => deliver(from, 'a guess'))
    expect(all.filter((status) => status === 401)).toHaveLength(60)
    expect(refused(all)).toBe(5)
    const secret = process.env.BTCPAY_WEBHOOK_SECRET ?? ''
    const signed = await statuses(100, () => deliver(from, secret))
    expect(new Set(signed)).toEqual(new Set([200]))
  })
})

describe('signing in', () => {
  it('pauses after five wrong passwords for that account and client, and for nobody else', async () => {
    const guesser = someone()
    const wrong = []
    for (let i = 0; i < 5; i++) wrong.push((await signIn(guesser, shop.adminEmail, 'wrong')).status)
    expect(wrong).toEqual([401, 401, 401, 401, 401])
    const right = await signIn(guesser, shop.adminEmail, shop.adminPassword)
    expect(right.status).toBe(429)
    expect(Number(right.headers.get('retry-after'))).toBe(60)
    expect((await signIn(someone(), shop.adminEmail, shop.adminPassword)).status).toBe(200)
    expect((await signIn(guesser, 'another@example.org', 'wrong')).status).toBe(401)
  })

  it("has one address: no other kind of account compares the owner's password", async () => {
    for (const actor of ['customer', 'USER', '%75ser', 'anyone']) {
      const right = await signIn(someone(), shop.adminEmail, shop.adminPassword, actor)
      expect(right.status, actor).toBe(404)
    }
  })

  it('answers the same, and as fast, whether the account exists or not', async () => {
    const asked = (email: string) => ({ email, answer: '', times: [] as number[] })
    const both = [asked(shop.adminEmail), asked('nobody@example.org')] as const
    // In turn, so that what else the machine does slows both.
    for (let i = 0; i < 9; i++) {
      for (const each of both) {
        const began = performance.now()
        const response = await signIn(someone(), each.email, 'not the password')
        each.answer = `${response.status} ${await response.text()}`
        each.times.push(performance.now() - began)
      }
    }
    const [known, unknown] = both.map(({ answer, times }) => ({
      answer,
      median: times.sort((a, b) => a - b)[4] ?? 0,
    })) as [{ answer: string; median: number }, { answer: string; median: number }]
    console.log(
      `sign-in: known ${known.median.toFixed(0)} ms, unknown ${unknown.median.toFixed(0)} ms`,
    )
    expect(unknown.answer).toBe(known.answer)
    expect(unknown.median / known.median).toBeGreaterThan(0.5)
    expect(unknown.median / known.median).toBeLessThan(2)
  })

  it('is limited for a client that tries many accounts', async () => {
    const from = someone()
    const all = await statuses(33, () => signIn(from, `${randomUUID()}@example.org`, 'wrong'))
    expect(refused(all)).toBe(3)
  })
})

describe('a request for a reset', () => {
  it('is answered alike for any account, and sends one account no flood of mails', async () => {
    const reset = (identifier: string) =>
      ask('/auth/user/emailpass/reset-password', someone(), { body: { identifier } })
    const timed = async (identifier: string) => {
      const began = performance.now()
      const { status } = await reset(identifier)
      return { status, ms: performance.now() - began }
    }
    const nobody = `${randomUUID()}@example.org`
    const known = await timed(shop.adminEmail)
    const unknown = await timed(nobody)
    expect([known.status, unknown.status]).toEqual([201, 201])
    expect(Math.min(known.ms, unknown.ms)).toBeGreaterThanOrEqual(395)
    const more = []
    for (let i = 0; i < 5; i++) more.push((await reset(nobody)).status)
    expect(more).toEqual([201, 201, 201, 201, 429])
  })
})

describe('a second admin', () => {
  const email = `${randomUUID()}@example.org`
  const from = someone()
  const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
  const sessions = new Redis(Number(process.env.REDIS_SESSIONS_PORT), { lazyConnect: true })
  beforeAll(() => database.connect())
  afterAll(async () => {
    sessions.disconnect()
    await database.end()
  })

  /** A token of Medusa's, signed as it signs its own. */
  function token(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1_000)
    const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ iat: now, exp: now + 900, ...claims })}`
    const secret = process.env.JWT_SECRET ?? 'development-jwt-secret'
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
  }

  const bearer = (value: string) => ({ authorization: `Bearer ${value}` })
  const me = (headers: Record<string, string>) => ask('/admin/users/me', from, { headers })
  const enter = async (password: string) => {
    const answer = await signIn(from, email, password)
    return { status: answer.status, token: ((await answer.json()) as { token: string }).token }
  }
  /** A session as the admin's pages have it. */
  const session = (value: string) =>
    ask('/auth/session', from, {
      method: 'POST',
      // As behind Caddy: in production the cookie is sent over TLS alone.
      headers: { ...bearer(value), 'x-forwarded-proto': 'https' },
    })
  const cookieOf = (answer: Response) => ({
    cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '',
  })

  /** Where a session lies in Redis, by its cookie. */
  const keyOf = (cookie: string) =>
    `rr:sess:${/^connect\.sid=s%3A([^.]+)\./.exec(cookie)?.[1] ?? 'none'}`
  const kept = (cookie: string) => sessions.get(keyOf(cookie))
  /** Lets a session be of a sign-in that lies so many seconds further back. */
  async function age(cookie: string, seconds: number): Promise<void> {
    const value = JSON.parse((await kept(cookie)) ?? '')
    value.auth_context.iat -= seconds
    await sessions.set(keyOf(cookie), JSON.stringify(value), 'KEEPTTL')
  }

  it('cannot choose a weak password, by whatever door', async () => {
    for (const password of ['short', 'Password1234!', email]) {
      const answer = await ask('/auth/user/emailpass/register', someone(), {
        body: { email, password },
      })
      expect(answer.status, password).toBe(400)
      expect(((await answer.json()) as { message: string }).message).toMatch(/password/)
    }
  })

  it('comes in by an invitation, and a session has safe flags and an idle time', async () => {
    const owner = await signIn(someone(), shop.adminEmail, shop.adminPassword)
    const { token: ownerToken } = (await owner.json()) as { token: string }
    const { invite } = (await (
      await ask('/admin/invites', from, { body: { email }, headers: bearer(ownerToken) })
    ).json()) as { invite: { token: string } }
    const registered = (await (
      await ask(`/auth/user/emailpass/register?token=${invite.token}`, from, {
        body: { email, password: GOOD_PASSWORD },
      })
    ).json()) as { token: string }
    const accepted = await ask(`/admin/invites/accept?token=${invite.token}`, from, {
      body: { first_name: 'Second', last_name: 'Admin', email },
      headers: bearer(registered.token),
    })
    expect(accepted.status).toBe(200)
    const { token: value } = await enter(GOOD_PASSWORD)
    const begun = await session(value)
    const [cookie = ''] = begun.headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Strict/i)
    expect(cookie).toMatch(/Path=\//)
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookie)?.[1] ?? '')
    expect(Math.abs(expires - Date.now() - 7_200_000)).toBeLessThan(60_000)
    const asked = await me(cookieOf(begun))
    expect(asked.status).toBe(200)
    // Each answer prolongs it.
    expect(asked.headers.getSetCookie()).toHaveLength(1)
  })

  it('is out after twelve hours, by session and token, and cannot prolong a token', async () => {
    const { token: value } = await enter(GOOD_PASSWORD)
    expect((await me(bearer(value))).status).toBe(200)
    const claims = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString())
    expect(claims.exp - claims.iat).toBe(12 * 3_600)
    const old = token({ ...claims, iat: claims.iat - 12 * 3_600 - 60, exp: claims.iat + 3_600 })
    expect((await me(bearer(old))).status).toBe(401)
    expect((await session(old)).status).toBe(401)
    const cookie = cookieOf(await session(value))
    expect((await me(cookie)).status).toBe(200)
    await age(cookie.cookie, 12 * 3_600 + 60)
    expect((await me(cookie)).status).toBe(401)
    // The session is gone, not only refused once.
    expect(await kept(cookie.cookie)).toBeNull()
    const refresh = await ask('/auth/token/refresh', from, {
      method: 'POST',
      headers: bearer(value),
    })
    expect(refresh.status).toBe(404)
  })

  it('keeps a reset link when the new password is weak; a strong one ends all sessions', async () => {
    const { token: before } = await enter(GOOD_PASSWORD)
    const cookie = cookieOf(await session(before))
    expect([(await me(bearer(before))).status, (await me(cookie)).status]).toEqual([200, 200])
    await ask('/auth/user/emailpass/reset-password', from, { body: { identifier: email } })
    // The link is in a mail; here it gets a number of our own.
    const jti = randomUUID()
    const { rowCount } = await database.query(
      'UPDATE auth_password_reset_token SET token_hash = $1 WHERE entity_id = $2',
      [createHash('sha256').update(jti).digest('hex'), email],
    )
    expect(rowCount).toBe(1)
    const claims = { entity_id: email, provider: 'emailpass', actor_type: 'user', purpose: 'reset' }
    const link = token({ ...claims, jti })
    const update = (password: string) =>
      ask('/auth/user/emailpass/update', from, { body: { password }, headers: bearer(link) })
    expect((await update('Password1234!')).status).toBe(400)
    // Whole seconds: a token of the same second as the change would count as newer.
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    const next = `${GOOD_PASSWORD} next`
    expect((await update(next)).status).toBe(200)
    expect([(await me(bearer(before))).status, (await me(cookie)).status]).toEqual([401, 401])
    expect((await update(`${next} again`)).status).toBe(401)
    const { status, token: after } = await enter(next)
    expect(status).toBe(200)
    expect((await me(bearer(after))).status).toBe(200)
  })
})

describe('bodies', () => {
  it('of the store API and of sign-ins end at 100 kB', async () => {
    const text = 'x'.repeat(200_000)
    const bodies = [
      await ask('/store/carts', someone(), { body: { region_id: text } }),
      await ask('/auth/user/emailpass', someone(), { body: { email: text, password: text } }),
    ]
    expect(bodies.map(({ status }) => status)).toEqual([413, 413])
  })
})
