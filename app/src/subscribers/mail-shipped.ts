import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailShipment } from '../workflows/mail/mail-shipment'

/** A parcel left: a mail, unless the owner asked for none. */
export default async function mailShipped({
  event,
  container,
}: SubscriberArgs<{ id: string; no_notification?: boolean }>): Promise<void> {
  if (!event.data.no_notification) await mailShipment(container, event.data.id)
}

export const config: SubscriberConfig = { event: 'shipment.created' }
