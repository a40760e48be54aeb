import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { invitedBy } from './invitation'
import { userExists } from './standing'

/** Makes the secret keys of a removed admin, and keys that these have made, void for good. */
async function revokeKeys(container: MedusaContainer, userId: string): Promise<string[]> {
  const keys = container.resolve(Modules.API_KEY)
  const found = new Set<string>()
  for (let makers = [userId]; makers.length > 0; ) {
    const made = await keys.listApiKeys({ created_by: makers, type: 'secret' } as object)
    const fresh = made.filter(({ id }) => !found.has(id))
    for (const { id } of fresh) found.add(id)
    const open = fresh.filter(({ revoked_at }) => !revoked_at).map(({ id }) => id)
    if (open.length > 0) await keys.revoke({ id: open }, { revoked_by: userId })
    makers = fresh.map(({ id }) => id)
  }
  return [...found]
}

/**
 * What is left of an admin who was removed: logins, secret keys, invitations. Nothing of it opens anything
 * by then, see standing.ts; but it must not come to life again with an account that is restored.
 * May be called twice.
 */
export async function clearAwayAdmin(container: MedusaContainer, userId: string): Promise<void> {
  if (await userExists(container, userId)) return
  const keys = await revokeKeys(container, userId)
  const users = container.resolve(Modules.USER)
  const makers = new Set([userId, ...keys])
  const invites = (await users.listInvites({}, { take: null })).filter((invite) =>
    makers.has(invitedBy(invite) ?? ''),
  )
  if (invites.length > 0) await users.deleteInvites(invites.map(({ id }) => id))
  const auth = container.resolve(Modules.AUTH)
  // One that is a customer's, too, opens nothing of the admin; Medusa has taken the admin from it.
  const logins = await auth.listAuthIdentities({ app_metadata: { user_id: userId } })
  if (logins.length > 0) await auth.deleteAuthIdentities(logins.map(({ id }) => id))
}
