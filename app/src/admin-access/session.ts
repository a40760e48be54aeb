import type {
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaRequest,
  MedusaResponse,
} from '@medusajs/framework/http'
import { Modules } from '@medusajs/framework/utils'
import { segmentsOf } from '../limits/doors'

/** A session of the admin ends after this long without a request. */
export const IDLE_MS = 2 * 3_600_000

/** Every session and token ends this long after the password was entered, however busy it is. */
export const ABSOLUTE_SECONDS = 12 * 3_600

/** The session's cookie; Medusa adds its lifetime. Strict: only the admin's own pages send it. */
export function sessionCookie(production: boolean) {
  return { httpOnly: true, sameSite: 'strict', secure: production, path: '/' } as const
}

/** What Medusa keeps of a sign-in, in a session or a token. */
interface SignedIn {
  actor_type?: string
  actor_id?: string
  auth_identity_id?: string
  /** Unix seconds of the sign-in. */
  iat?: number
}

/**
 * Whether a sign-in has ended.
 * @param passwordSet Unix milliseconds of the last change of the password
 */
export function hasEnded(
  signedInSeconds: number | undefined,
  passwordSet: number | undefined,
  nowMs: number,
): boolean {
  if (signedInSeconds === undefined) return true
  if (nowMs / 1_000 - signedInSeconds > ABSOLUTE_SECONDS) return true
  return passwordSet !== undefined && signedInSeconds < Math.floor(passwordSet / 1_000)
}

/** When the account's password was last set; Medusa writes this row for nothing else. */
async function passwordSetAt(req: MedusaRequest, identity: string): Promise<number | undefined> {
  const [found] = await req.scope
    .resolve(Modules.AUTH)
    .listProviderIdentities(
      { auth_identity_id: identity, provider: 'emailpass' },
      { select: ['id', 'updated_at'] },
    )
  const at = (found as { updated_at?: string | Date } | undefined)?.updated_at
  return at === undefined ? undefined : new Date(at).getTime()
}

/** Ends sessions and tokens of the admin that are too old, or older than the password: 401. */
export async function endOldSessions(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { auth_context: context } = req as Partial<AuthenticatedMedusaRequest>
  const signedIn = context as SignedIn | undefined
  const [area] = segmentsOf(req.originalUrl)
  if (area !== 'admin' || signedIn?.actor_type !== 'user' || !signedIn.auth_identity_id) {
    return next()
  }
  const passwordSet = await passwordSetAt(req, signedIn.auth_identity_id)
  if (!hasEnded(signedIn.iat, passwordSet, Date.now())) return next()
  await new Promise<void>((resolve) => {
    if (req.session) req.session.destroy(() => resolve())
    else resolve()
  })
  res.status(401).json({ type: 'unauthorized', message: 'Your session has ended. Please sign in.' })
}

/** A token of the admin is not prolonged: whoever holds a stolen one would keep it for ever. */
export function refuseRefresh(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  const { auth_context: context } = req as Partial<AuthenticatedMedusaRequest>
  if (context?.actor_type !== 'user' || !context.actor_id) {
    next()
    return
  }
  res.status(401).json({ type: 'unauthorized', message: 'Please sign in again.' })
}
