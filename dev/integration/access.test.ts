import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  accept,
  ask,
  bearer,
  beginSession,
  cookieOf,
  good,
  invite,
  me,
  newAdmin,
  register,
  signIn,
  someone,
  strongPassword,
  tokenOf,
} from './admins.ts'
import { eventually } from './eventually.ts'
import { shop } from './shop.ts'

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())

/** A secret key, by HTTP Basic as Medusa takes it. */
async function newKey(headers: Record<string, string>): Promise<Record<string, string>> {
  const answer = await ask('/admin/api-keys', {
    body: { title: 'of a test', type: 'secret' },
    headers,
  })
  const { api_key: key } = await good<{ api_key: { token: string } }>(answer)
  return { authorization: `Basic ${Buffer.from(`${key.token}:`).toString('base64')}` }
}

async function remove(id: string): Promise<void> {
  const headers = bearer(await tokenOf())
  await good(await ask(`/admin/users/${id}`, { method: 'DELETE', headers }))
}

const statusesOf = async (answers: Promise<Response>[]) =>
  (await Promise.all(answers)).map(({ status }) => status)

describe('an admin who is removed', () => {
  it('is out at once: token, session, secret key, and a key that the key has made', async () => {
    const admin = await newAdmin()
    const token = await tokenOf(admin.email, admin.password)
    const session = cookieOf(await beginSession(token))
    const key = await newKey(bearer(token))
    const ways = [bearer(token), session, key, await newKey(key)]
    const invites = () =>
      ways.map((headers) =>
        ask('/admin/invites', { body: { email: `${randomUUID()}@example.org` }, headers }),
      )
    expect(await statusesOf(ways.map((headers) => ask('/admin/orders', { headers })))).toEqual([
      200, 200, 200, 200,
    ])
    expect(await statusesOf(invites())).toEqual([200, 200, 200, 200])

    await remove(admin.id)
    expect(await statusesOf(ways.map((headers) => ask('/admin/orders', { headers })))).toEqual([
      401, 401, 401, 401,
    ])
    expect(await statusesOf(invites())).toEqual([401, 401, 401, 401])
    expect((await signIn(admin.email, admin.password)).status).toBe(401)
  })

  it.each([
    ['POST', '/auth/session', undefined],
    ['GET', '/auth/mfa/factors', undefined],
    ['POST', '/auth/mfa/factors', { provider: 'totp' }],
    ['POST', '/auth/mfa/recovery-codes', {}],
    [
      'POST',
      '/auth/verification/request',
      { entity_id: 'x@example.org', entity_type: 'email', code_provider: 'token' },
    ],
  ])('gets nothing of %s %s', async (method, path, body) => {
    const admin = await newAdmin()
    const headers = bearer(await tokenOf(admin.email, admin.password))
    await remove(admin.id)
    const answer = await ask(path, { method, headers, ...(body ? { body } : {}) })
    expect(answer.status).toBe(401)
  })

  it('leaves no invitation behind that they could read, until it is sent anew', async () => {
    const admin = await newAdmin()
    const headers = bearer(await tokenOf(admin.email, admin.password))
    const [dead, kept] = [await invite(undefined, headers), await invite(undefined, headers)]
    const accomplice = await good<{ token: string }>(
      await register(dead.token, dead.email, strongPassword()),
    )
    const owner = bearer(await tokenOf())
    const resend = await ask(`/admin/invites/${kept.id}/resend`, { method: 'POST', headers: owner })
    const { invite: anew } = await good<{ invite: typeof kept }>(resend)

    // Another admin's, whose token the removed one could read.
    const others = await invite(undefined, owner)

    await remove(admin.id)
    expect((await accept(dead, accomplice.token)).status).toBe(401)
    for (const read of [dead, anew, others])
      expect((await register(read.token, read.email, strongPassword())).status).toBe(400)
    const again = await ask(`/admin/invites/${kept.id}/resend`, { method: 'POST', headers: owner })
    const { invite: unread } = await good<{ invite: typeof kept }>(again)
    expect((await register(unread.token, unread.email, strongPassword())).status).toBe(200)
  })

  it.each([
    ['POST', '/admin/users/user_1/reset-password'],
    ['POST', '/admin/workflows-executions/create-api-keys/run'],
    ['POST', '/admin/workflows-executions/create-api-keys/steps/success'],
    ['POST', '/admin/workflows-executions/create-api-keys/steps/failure'],
    ['GET', '/admin/workflows-executions/complete-cart/subscribe'],
    ['GET', '/admin/workflows-executions/complete-cart/tx_1/subscribe'],
  ])('cannot have prepared a way back by %s %s', async (method, path) => {
    const headers = bearer(await tokenOf())
    expect((await ask(path, { method, headers })).status).toBe(404)
  })

  it('and is invited again comes in by the new password, and by nothing older', async () => {
    const first = await newAdmin()
    const old = await tokenOf(first.email, first.password)
    const key = await newKey(bearer(old))
    await remove(first.id)
    const again = await newAdmin(first.email)
    expect(again.id).not.toBe(first.id)
    expect((await me(bearer(await tokenOf(again.email, again.password)))).status).toBe(200)
    expect((await signIn(first.email, first.password)).status).toBe(401)
    expect(await statusesOf([me(bearer(old)), ask('/admin/orders', { headers: key })])).toEqual([
      401, 401,
    ])
  })

  it('does not come to life again, nor do the keys, when the row is restored', async () => {
    const admin = await newAdmin()
    const token = await tokenOf(admin.email, admin.password)
    const key = await newKey(bearer(token))
    await remove(admin.id)
    await eventually('the keys are revoked', 60, async () => {
      const { rows } = await database.query(
        'SELECT 1 FROM api_key WHERE created_by = $1 AND revoked_at IS NULL',
        [admin.id],
      )
      return rows.length === 0
    })
    await database.query('UPDATE "user" SET deleted_at = NULL WHERE id = $1', [admin.id])
    expect(await statusesOf([me(bearer(token)), ask('/admin/orders', { headers: key })])).toEqual([
      401, 401,
    ])
    await database.query('UPDATE "user" SET deleted_at = now() WHERE id = $1', [admin.id])
  })
})

it("an admin's second factors are open to them, by token and by session", async () => {
  const token = await tokenOf()
  const session = cookieOf(await beginSession(token))
  for (const headers of [bearer(token), session]) {
    const answer = await ask('/auth/mfa/factors', { headers })
    expect([answer.status, await answer.json()]).toEqual([200, { mfa_factors: [] }])
  }
})

it('a secret key that no admin has made opens nothing', async () => {
  const headers = await newKey(bearer(await tokenOf()))
  expect((await ask('/admin/orders', { headers })).status).toBe(200)
  await database.query(
    `UPDATE api_key SET created_by = '' WHERE id = (SELECT id FROM api_key WHERE type = 'secret' ORDER BY created_at DESC LIMIT 1)`,
  )
  expect((await ask('/admin/orders', { headers })).status).toBe(401)
})

describe('registering', () => {
  it('without an invitation is answered alike, and as fast, for every address', async () => {
    const invited = await invite()
    const asked = [shop.adminEmail, 'nobody@example.org', invited.email].map((email) => ({
      email,
      answers: new Set<string>(),
      times: [] as number[],
    }))
    // In turn, so that what else the machine does slows all.
    for (let i = 0; i < 9; i++) {
      for (const each of asked) {
        const began = performance.now()
        const answer = await ask('/auth/user/emailpass/register', {
          body: { email: each.email, password: strongPassword() },
        })
        each.answers.add(`${answer.status} ${await answer.text()}`)
        each.times.push(performance.now() - began)
      }
    }
    const medians = asked.map(({ times }) => times.sort((a, b) => a - b)[4] ?? 0)
    console.log(`registering: ${medians.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`)
    expect(new Set(asked.flatMap(({ answers }) => [...answers])).size).toBe(1)
    expect([...(asked[0]?.answers ?? [])][0]).toMatch(/^400 .*An invitation is needed/)
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(2)
  })

  it('needs the token of the invitation to just that address', async () => {
    const [mine, other] = [await invite(), await invite()]
    const attempts = [
      register(other.token, mine.email, strongPassword()),
      register(mine.token, shop.adminEmail, strongPassword()),
      register(mine.token.slice(0, -3), mine.email, strongPassword()),
      register('', mine.email, strongPassword()),
    ]
    expect(await statusesOf(attempts)).toEqual([400, 400, 400, 400])
    expect((await register(mine.token, mine.email, strongPassword())).status).toBe(200)
  })

  it('ends with an invitation that is taken back, sent anew or over', async () => {
    const headers = bearer(await tokenOf())
    const [back, anew, over] = [await invite(), await invite(), await invite()]
    await good(await ask(`/admin/invites/${back.id}`, { method: 'DELETE', headers }))
    await good(await ask(`/admin/invites/${anew.id}/resend`, { method: 'POST', headers }))
    await database.query('UPDATE invite SET expires_at = now() WHERE id = $1', [over.id])
    const attempts = [back, anew, over].map(({ token, email }) =>
      register(token, email, strongPassword()),
    )
    expect(await statusesOf(attempts)).toEqual([400, 400, 400])
  })

  it('takes the place of a login that was left at the address, whoever left it', async () => {
    const invited = await invite()
    // An outsider's, from before registering needed an invitation: a login of the address without an admin.
    const outsider = strongPassword()
    const left = await good<{ token: string }>(
      await register(invited.token, invited.email, outsider),
    )
    const password = strongPassword()
    const mine = await good<{ token: string }>(
      await register(invited.token, invited.email, password),
    )
    expect((await signIn(invited.email, outsider)).status).toBe(401)
    expect((await accept(invited, left.token)).status).toBe(401)
    expect((await accept(invited, mine.token)).status).toBe(200)
    expect((await me(bearer(await tokenOf(invited.email, password)))).status).toBe(200)
    // And that of an admin is not replaced.
    expect((await register(invited.token, invited.email, outsider)).status).toBe(400)
  })
})

describe('an account of another kind', () => {
  it('does not exist: the right password is answered as a wrong one', async () => {
    for (const actor of ['customer', 'USER', 'anyone']) {
      const answers = await Promise.all(
        [shop.adminPassword, 'wrong'].map(async (password) => {
          const answer = await signIn(shop.adminEmail, password, actor)
          return `${answer.status} ${await answer.text()}`
        }),
      )
      expect(answers[0], actor).toBe(answers[1])
      expect(answers[0], actor).not.toMatch(/^200/)
    }
  })

  it('cannot be made, reset or linked to one that exists', async () => {
    const headers = bearer(await tokenOf())
    const password = strongPassword()
    const attempts = [
      ask('/auth/customer/emailpass/register', { body: { email: shop.adminEmail, password } }),
      ask('/auth/customer/emailpass/reset-password', { body: { identifier: shop.adminEmail } }),
      ask('/auth/customer/emailpass/update', { body: { password }, headers }),
      ask('/auth/emailpass/user', { method: 'POST', headers }),
      ask('/auth/EmailPass/User/', { method: 'POST', headers }),
    ]
    expect(await statusesOf(attempts)).toEqual([404, 404, 404, 404, 404])
  })
})

describe('sessions', () => {
  it('of one admin are ten at the most: a further one ends the oldest', async () => {
    const admin = await newAdmin()
    const token = await tokenOf(admin.email, admin.password)
    const cookies = []
    for (let i = 0; i < 13; i++) cookies.push(cookieOf(await beginSession(token)))
    expect(await statusesOf(cookies.map(me))).toEqual([
      ...Array(3).fill(401),
      ...Array(10).fill(200),
    ])
    // Beginning again in one browser makes a new one, and ends its own.
    const last = cookies.at(-1) ?? { cookie: '' }
    const headers = { ...bearer(token), ...last }
    const again = cookieOf(await ask('/auth/session', { method: 'POST', headers }))
    expect(again.cookie).not.toBe(last.cookie)
    expect(await statusesOf([me(last), me(again)])).toEqual([401, 200])
  })

  it('are begun by a client thirty times in a quarter of an hour at the most', async () => {
    const token = await tokenOf()
    const from = someone()
    const all = []
    for (let i = 0; i < 33; i++) all.push((await beginSession(token, from)).status)
    expect(all).toEqual([...Array(30).fill(200), ...Array(3).fill(429)])
  })

  it('are for admins alone', async () => {
    const invited = await invite()
    const { token } = await good<{ token: string }>(
      await register(invited.token, invited.email, strongPassword()),
    )
    const answer = await beginSession(token)
    expect(answer.status).toBe(401)
    expect(answer.headers.getSetCookie()).toEqual([])
  })
})
