import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailRefunds } from '../workflows/mail/mail-refunds'

/** A payment was refunded: a mail with the link by which its shopper claims the money. */
export default async function mailRefundReady({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await mailRefunds(container, event.data.id)
}

export const config: SubscriberConfig = { event: 'payment.refunded' }
