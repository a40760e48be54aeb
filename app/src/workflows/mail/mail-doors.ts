import { createHash } from 'node:crypto'
import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { environment, required } from '../../environment'
import { queueMail } from './queue-mail'

/** Medusa's own: a token for a new password holds 15 minutes. */
const RESET_MINUTES = 15

/** A page of the admin that takes a token. */
function door(page: 'reset-password' | 'invite', token: string): string {
  const query = new URLSearchParams({ token })
  return `${required(environment(), 'MEDUSA_BACKEND_URL')}/app/${page}?${query}`
}

/** Names a token without being it. */
function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 32)
}

/** Sends a link for a new password to somebody of the administration, and to nobody else. */
export async function mailPasswordReset(
  container: MedusaContainer,
  email: string,
  token: string,
): Promise<void> {
  const [user] = await container.resolve(Modules.USER).listUsers({ email }, { select: ['email'] })
  if (!user) return
  await queueMail(container, {
    kind: 'password-reset',
    event: fingerprint(token),
    to: user.email,
    language: 'en',
    facts: { link: door('reset-password', token) },
    uselessAfter: new Date(Date.now() + RESET_MINUTES * 60_000),
  })
}

/** Sends an invitation into the administration; one whose token was renewed is another mail. */
export async function mailInvitation(container: MedusaContainer, inviteId: string): Promise<void> {
  const users = container.resolve(Modules.USER)
  const [invite] = await users.listInvites({ id: inviteId })
  // Taken back or accepted before we came to it.
  if (!invite || invite.accepted) return
  await queueMail(container, {
    kind: 'invitation',
    event: `${inviteId}:${fingerprint(invite.token)}`,
    to: invite.email,
    language: 'en',
    facts: { link: door('invite', invite.token) },
    uselessAfter: new Date(invite.expires_at),
  })
}
