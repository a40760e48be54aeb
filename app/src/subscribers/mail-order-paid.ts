import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailPaidOrder } from '../workflows/mail/mail-paid-order'

/** Money was captured: an order that was made in the admin may have waited for it. */
export default async function mailOrderPaid({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await mailPaidOrder(container, event.data.id)
}

export const config: SubscriberConfig = { event: 'payment.captured' }
