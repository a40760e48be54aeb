import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailPasswordReset } from '../workflows/mail/mail-doors'

/**
 * A new password was asked for. Only the administration has accounts: shoppers order as guests, and
 * a customer's link would lead to no page.
 */
export default async function mailPasswordResetAsked({
  event,
  container,
}: SubscriberArgs<{ entity_id: string; actor_type: string; token: string }>): Promise<void> {
  const { entity_id, actor_type, token } = event.data
  if (actor_type === 'user') await mailPasswordReset(container, entity_id, token)
}

export const config: SubscriberConfig = { event: 'auth.password_reset' }
