import type {
  AuthenticatedMedusaRequest,
  MedusaNextFunction,
  MedusaRequest,
  MedusaResponse,
} from '@medusajs/framework/http'
import type { InviteDTO, MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { actorStands, userExists } from './standing'

/** Where an invitation says who made it, as `user_…` or `apk_…`: Medusa has no column for it. */
const INVITED_BY = 'invited_by'

/** The same for every address, invited or not, so that it says nothing of any. */
export const INVITATION_NEEDED =
  'An invitation is needed. Please open the link in its mail, or ask for a new one.'

/** Who made an invitation; undefined for one that was made on the host. */
export function invitedBy({ metadata }: Pick<InviteDTO, 'metadata'>): string | undefined {
  const inviter = metadata?.[INVITED_BY]
  return typeof inviter === 'string' ? inviter : undefined
}

/**
 * When an invitation's token was made, to the millisecond: Medusa sets `expires_at` with each token, as far
 * ahead as the token is valid. The token's own `iat` knows whole seconds alone.
 */
export function tokenMadeAt({ token, expires_at }: Pick<InviteDTO, 'token' | 'expires_at'>): Date {
  const [, payload = ''] = token.split('.')
  const { iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    iat: number
    exp: number
  }
  return new Date(new Date(expires_at).getTime() - (exp - iat) * 1_000)
}

/** Whether an admin was removed since a token was made: every admin could read it until then. */
async function wasRead(scope: MedusaContainer, invite: InviteDTO): Promise<boolean> {
  const removed = await scope
    .resolve(Modules.USER)
    .listUsers({ deleted_at: { $gte: tokenMadeAt(invite) } } as object, {
      withDeleted: true,
      take: 1,
    })
  return removed.length > 0
}

/**
 * The invitation that a token opens, while it is pending: not accepted, not over, not sent anew since, made
 * by an admin who still exists, and no admin was removed since. One that names nobody was made on the host,
 * by `medusa user --invite`.
 */
export async function pendingInvite(
  scope: MedusaContainer,
  token: string,
): Promise<InviteDTO | undefined> {
  if (!token) return undefined
  const invite = await scope
    .resolve(Modules.USER)
    .validateInviteToken(token)
    .catch(() => undefined)
  if (!invite || invite.accepted || (await wasRead(scope, invite))) return undefined
  const inviter = invitedBy(invite)
  return inviter === undefined || (await actorStands(scope, inviter)) ? invite : undefined
}

/**
 * The invitation's token that comes with a registration: `?token=`, or the address of the page that asks,
 * which is the admin's page of the link: browsers send it whole to its own origin.
 */
export function inviteTokenOf(req: Pick<MedusaRequest, 'query' | 'headers'>): string {
  const { token } = req.query
  if (typeof token === 'string') return token
  const page = String(req.headers.referer ?? '')
  return (URL.canParse(page) && new URL(page).searchParams.get('token')) || ''
}

/**
 * Removes a login of an address that belongs to nobody: left by an invitation that was not accepted, or by
 * an admin who was removed. It would stop the invited person, whose password it does not have.
 */
async function forgetUnusedLogin(scope: MedusaContainer, email: string): Promise<void> {
  const auth = scope.resolve(Modules.AUTH)
  const [login] = await auth.listProviderIdentities(
    { entity_id: email, provider: 'emailpass' },
    { select: ['id', 'auth_identity_id'] },
  )
  if (!login?.auth_identity_id) return
  const identity = await auth.retrieveAuthIdentity(login.auth_identity_id)
  for (const [actor, id] of Object.entries(identity.app_metadata ?? {})) {
    const gone = actor === 'user_id' && typeof id === 'string' && !(await userExists(scope, id))
    if (actor.endsWith('_id') && id !== null && !gone) return
  }
  await auth.deleteAuthIdentities([identity.id])
}

/**
 * Whether somebody may register: with the token of a pending invitation to just this address.
 * A login of that address which nobody uses makes place for theirs.
 */
export async function mayRegister(req: MedusaRequest, email: string): Promise<boolean> {
  const invite = await pendingInvite(req.scope, inviteTokenOf(req))
  if (!invite || invite.email !== email) return false
  await forgetUnusedLogin(req.scope, email)
  return true
}

/** POST /admin/invites: writes down who invites, whatever the request says of it. */
export function noteInviter(
  req: MedusaRequest,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  const { auth_context: context, validatedBody } = req as AuthenticatedMedusaRequest<{
    metadata?: Record<string, unknown> | null
  }>
  validatedBody.metadata = { ...validatedBody.metadata, [INVITED_BY]: context.actor_id }
  next()
}

/** POST /admin/invites/:id/resend: whoever sends an invitation anew answers for it from then on. */
export async function noteResender(
  req: MedusaRequest,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { auth_context: context, params } = req as AuthenticatedMedusaRequest
  const users = req.scope.resolve(Modules.USER)
  const [invite] = await users.listInvites({ id: [params.id ?? ''] })
  if (invite) {
    const metadata = { ...invite.metadata, [INVITED_BY]: context.actor_id }
    await users.updateInvites({ id: invite.id, metadata })
  }
  next()
}

/** POST /admin/invites/accept: an invitation of a removed admin is none. */
export async function requirePendingInvite(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { token } = req.query
  if (await pendingInvite(req.scope, typeof token === 'string' ? token : '')) return next()
  res.status(401).json({ type: 'unauthorized', message: INVITATION_NEEDED })
}
