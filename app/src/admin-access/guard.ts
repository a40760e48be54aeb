import {
  type AuthenticatedMedusaRequest,
  getAuthContextFromJwtToken,
  type MedusaNextFunction,
  type MedusaRequest,
  type MedusaResponse,
} from '@medusajs/framework/http'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { environment } from '../environment'
import { passwordDoor, segmentsOf } from '../limits/doors'
import { redisAddresses } from '../redis-addresses'
import { AdminSessions } from './admin-sessions'
import { actorStands, type SignedIn, standingOf } from './standing'

let sessions: AdminSessions | undefined

/** What express-session adds to a request. */
interface WithSession {
  sessionID: string
  sessionStore: {
    destroy(id: string): void
    regenerate(req: MedusaRequest, done: (error?: Error) => void): void
  }
}

function unauthorized(res: MedusaResponse, message = 'Your session has ended. Please sign in.') {
  res.status(401).json({ type: 'unauthorized', message })
}

/** Ends the request's session at the store; the next request has none. */
function endSession(req: MedusaRequest): Promise<void> {
  return new Promise((resolve) => {
    if (req.session) req.session.destroy(() => resolve())
    else resolve()
  })
}

/** Replaces the request's session, if it has one, by a new one, which is stored with the answer. */
function newSession(req: MedusaRequest): Promise<void> {
  const { sessionStore } = req as MedusaRequest & WithSession
  return new Promise((resolve, reject) => {
    sessionStore.regenerate(req, (error) => (error ? reject(error) : resolve()))
  })
}

/** The admin area: Medusa has looked at token, session or key; here is whether their owner still exists. */
async function guardAdminArea(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { auth_context: context } = req as Partial<AuthenticatedMedusaRequest>
  // A route that Medusa leaves open, such as the one that accepts invitations.
  if (!context) return next()
  const stands =
    context.actor_type === 'api-key'
      ? await actorStands(req.scope, context.actor_id)
      : (await standingOf(req.scope, context as SignedIn))?.userId === context.actor_id
  if (stands) return next()
  await endSession(req)
  unauthorized(res)
}

/** What a bearer token says, if it is one of ours that has not expired. */
function bearerOf(req: MedusaRequest): SignedIn | undefined {
  const { http } = req.scope.resolve(ContainerRegistrationKeys.CONFIG_MODULE).projectConfig
  const context = getAuthContextFromJwtToken(
    req.headers.authorization,
    http.jwtSecret ?? '',
    ['bearer'],
    ['*'],
    http.jwtPublicKey,
    http.jwtVerifyOptions ?? http.jwtOptions,
  )
  return (context as SignedIn | null) ?? undefined
}

/**
 * Sessions, second factors and verifications: Medusa asks who it is route by route, later than this. So
 * whatever comes along is looked at here: a session that has ended is dropped, a token refused.
 */
async function guardAuthArea(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const segments = segmentsOf(req.originalUrl)
  // Signing in and setting a password need no sign-in; signing out must work for everybody.
  if (passwordDoor(segments) || (segments[1] === 'session' && req.method === 'DELETE'))
    return next()
  const { auth_context: inSession } = (req.session ?? {}) as { auth_context?: SignedIn }
  if (inSession && !(await standingOf(req.scope, inSession))) await endSession(req)
  const bearer = bearerOf(req)
  if (bearer?.actor_type === 'user' && !(await standingOf(req.scope, bearer))) {
    return unauthorized(res)
  }
  next()
}

/** Every request of an admin, by token, session or key, is one of an admin who exists: else 401. */
export async function guardAdmins(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const [area, , third, ...more] = segmentsOf(req.originalUrl)
  if (area === 'admin') return guardAdminArea(req, res, next)
  if (area !== 'auth') return next()
  // POST /auth/:provider/user links a login to an account of the same address, or makes an account.
  if (third === 'user' && more.length === 0) {
    res.status(404).json({ type: 'not_found', message: 'This page could not be found.' })
    return
  }
  return guardAuthArea(req, res, next)
}

/**
 * POST /auth/session, after Medusa has read the token: only an admin gets a session, always a new one, and
 * so many at once; a further one ends the oldest.
 */
export async function beginSession(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { auth_context: context } = req as AuthenticatedMedusaRequest
  const standing = await standingOf(req.scope, context as SignedIn)
  // Before the second factor the token names no admin yet, but its login has one.
  if (!standing?.userId) return unauthorized(res, 'Only an admin can sign in here.')
  sessions ??= new AdminSessions(redisAddresses(environment())?.sessions)
  try {
    await newSession(req)
    const { sessionID, sessionStore } = req as MedusaRequest & WithSession
    for (const id of await sessions.begin(standing.userId, sessionID)) sessionStore.destroy(id)
  } catch {
    // Better no session than one that nobody counts; nor is the empty one stored with this answer.
    Reflect.deleteProperty(req, 'session')
    const message = 'Signing in is not possible at the moment. Please try again in a minute.'
    res.status(503).json({ type: 'unexpected_state', message })
    return
  }
  next()
}
