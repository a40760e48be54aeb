import type { MedusaContainer } from '@medusajs/framework/types'
import { WEBHOOK_INBOX } from '../modules/webhook-inbox'
import type { WebhookInbox } from '../modules/webhook-inbox/service'
import { handleDelivery } from '../workflows/btcpay/handle-delivery'

const EVERY_SECONDS = 10
/** One run's bound: the next run takes the rest. */
const AT_MOST = 100

/** Handles deliveries whose event was lost, or whose first try failed. */
export default async function drainWebhookInbox(container: MedusaContainer): Promise<void> {
  const inbox = container.resolve<WebhookInbox>(WEBHOOK_INBOX)
  const due = await inbox.listWebhookDeliveries(
    { handled_at: null, next_attempt_at: { $lte: new Date() } },
    { take: AT_MOST, order: { next_attempt_at: 'ASC' } },
  )
  for (const { id } of due) await handleDelivery(container, id)
}

export const config = { name: 'drain-webhook-inbox', schedule: { interval: EVERY_SECONDS * 1000 } }
