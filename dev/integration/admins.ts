import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { shop } from './shop.ts'

/** An address of nobody, another one each time, so that no test counts for another. */
export const someone = () => `198.51.${randomInt(256)}.${randomInt(256)}`

/** A password that nobody guesses. */
export const strongPassword = () => `${randomBytes(12).toString('base64')} kelp`

/** Asks the API as Caddy does: from loopback, with the one address that it names. */
export function ask(
  path: string,
  init: {
    method?: string
    body?: unknown
    headers?: Record<string, string>
    /** The client's address; another one each time by default. */
    from?: string
  } = {},
): Promise<Response> {
  const { method = init.body === undefined ? 'GET' : 'POST', body, headers, from } = init
  return fetch(`${shop.api}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-publishable-api-key': shop.publishableKey,
      'x-forwarded-for': from ?? someone(),
      // As behind Caddy: in production the session's cookie is sent over TLS alone.
      'x-forwarded-proto': 'https',
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
}

/** The answer's JSON; throws with status and text when it is not 2xx. */
export async function good<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text}`)
  return JSON.parse(text) as T
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

export const signIn = (email: string, password: string, actor = 'user', from = someone()) =>
  ask(`/auth/${actor}/emailpass`, { body: { email, password }, from })

/** A token of an admin. */
export async function tokenOf(email = shop.adminEmail, password = shop.adminPassword) {
  return (await good<{ token: string }>(await signIn(email, password))).token
}

/** Begins a session, as the admin's pages do. */
export const beginSession = (token: string, from?: string) =>
  ask('/auth/session', { method: 'POST', headers: bearer(token), ...(from ? { from } : {}) })

/** The cookie of a session that was begun, as a header. */
export const cookieOf = (answer: Response) => ({
  cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '',
})

/** Who one is to the admin: 200 for an admin. */
export const me = (headers: Record<string, string>) => ask('/admin/users/me', { headers })

export interface Invite {
  id: string
  email: string
  token: string
}

/** Invites an address; by the seeded owner unless others are named. */
export async function invite(
  email = `${randomUUID()}@example.org`,
  headers?: Record<string, string>,
): Promise<Invite> {
  const by = headers ?? bearer(await tokenOf())
  const answer = await ask('/admin/invites', { body: { email }, headers: by })
  return (await good<{ invite: Invite }>(answer)).invite
}

/** Registers by an invitation's token. */
export const register = (token: string, email: string, password: string, from?: string) =>
  ask(`/auth/user/emailpass/register?token=${token}`, {
    body: { email, password },
    ...(from ? { from } : {}),
  })

/** Accepts an invitation with the token of a registration. */
export const accept = (invited: Invite, registered: string) =>
  ask(`/admin/invites/accept?token=${invited.token}`, {
    body: { first_name: 'Another', last_name: 'Admin', email: invited.email },
    headers: bearer(registered),
  })

/** A further admin, by an invitation. */
export async function newAdmin(
  email?: string,
): Promise<{ id: string; email: string; password: string }> {
  const invited = await invite(email)
  const password = strongPassword()
  const { token } = await good<{ token: string }>(
    await register(invited.token, invited.email, password),
  )
  const { user } = await good<{ user: { id: string } }>(await accept(invited, token))
  return { id: user.id, email: invited.email, password }
}
