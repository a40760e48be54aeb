import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { handleDelivery } from '../workflows/btcpay/handle-delivery'

/** Event of the webhook route: a delivery lies in the inbox. */
export const BTCPAY_WEBHOOK_RECEIVED = 'btcpay.webhook_received'

/** Handles a delivery at once; the inbox's timer is there for when this event is lost. */
export default async function btcpayWebhookReceived({
  event,
  container,
}: SubscriberArgs<{ id: string }>): Promise<void> {
  await handleDelivery(container, event.data.id)
}

export const config: SubscriberConfig = { event: BTCPAY_WEBHOOK_RECEIVED }
