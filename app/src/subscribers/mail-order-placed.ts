import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailOrder } from '../workflows/mail/mail-order'

/** An order: a mail to the shopper and one to the owner. */
export default async function mailOrderPlaced({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await mailOrder(container, event.data.id)
}

export const config: SubscriberConfig = { event: 'order.placed' }
