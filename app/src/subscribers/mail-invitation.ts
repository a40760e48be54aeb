import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailInvitation } from '../workflows/mail/mail-doors'

/** Somebody is invited into the administration, or invited again. */
export default async function mailInvited({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await mailInvitation(container, event.data.id)
}

export const config: SubscriberConfig = { event: ['invite.created', 'invite.resent'] }
