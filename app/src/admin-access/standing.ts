import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { hasEnded } from './session'

/** What Medusa keeps of a sign-in, in a session or a token. */
export interface SignedIn {
  actor_type?: string
  actor_id?: string
  auth_identity_id?: string
  /** Unix seconds of the sign-in. */
  iat?: number
}

/** A sign-in that holds. */
export interface Standing {
  /** The admin; undefined for an identity that has none yet, as between registering and accepting. */
  userId: string | undefined
}

/** Keys that made keys that made keys: nobody needs more, and a circle must end. */
const LONGEST_CHAIN = 5

const KEY_PREFIX = 'apk_'

/** Whether an admin exists; a removed one is kept in the table, and does not count. */
export async function userExists(scope: MedusaContainer, id: string): Promise<boolean> {
  const found = await scope.resolve(Modules.USER).listUsers({ id: [id] }, { select: ['id'] })
  return found.length > 0
}

/**
 * Whether who acts may go on: an admin who exists, or a secret key that is not revoked and whose maker
 * may. A key's maker may be another key. What was made by anybody else, or by nobody, does not stand.
 * @param actorId as Medusa has it: `user_…` or `apk_…`
 */
export async function actorStands(
  scope: MedusaContainer,
  actorId: string,
  nowMs = Date.now(),
): Promise<boolean> {
  let actor = actorId
  for (let length = 0; length < LONGEST_CHAIN && actor.startsWith(KEY_PREFIX); length++) {
    const [key] = await scope.resolve(Modules.API_KEY).listApiKeys({ id: [actor], type: 'secret' })
    if (!key) return false
    // A time to come is a key on notice.
    if (key.revoked_at && new Date(key.revoked_at).getTime() <= nowMs) return false
    actor = key.created_by
  }
  return actor !== '' && !actor.startsWith(KEY_PREFIX) && userExists(scope, actor)
}

/**
 * Whether a sign-in still holds: its identity exists, its admin exists and is the identity's, the password
 * was not changed since, and it is not too old.
 * @returns undefined when it does not
 */
export async function standingOf(
  scope: MedusaContainer,
  signedIn: SignedIn,
  nowMs = Date.now(),
): Promise<Standing | undefined> {
  const { auth_identity_id: identityId, actor_id: actorId, actor_type: actorType, iat } = signedIn
  if (actorType !== 'user' || !identityId) return undefined
  const [identity] = await scope
    .resolve(Modules.AUTH)
    .listAuthIdentities({ id: [identityId] }, { relations: ['provider_identities'] })
  if (!identity) return undefined
  // Medusa writes the password's row for nothing else than a new password.
  const password = identity.provider_identities?.find(({ provider }) => provider === 'emailpass') as
    | { updated_at?: string | Date }
    | undefined
  const passwordSet = password?.updated_at && new Date(password.updated_at).getTime()
  if (hasEnded(iat, passwordSet || undefined, nowMs)) return undefined
  const { user_id: owner } = (identity.app_metadata ?? {}) as { user_id?: string | null }
  if (actorId && actorId !== owner) return undefined
  if (!owner) return { userId: undefined }
  return (await userExists(scope, owner)) ? { userId: owner } : undefined
}
