import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { clearAwayAdmin } from '../admin-access/removal'

/** An admin was removed. */
export default async function adminRemoved({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await clearAwayAdmin(container, event.data.id)
}

export const config: SubscriberConfig = { event: 'user.deleted' }
