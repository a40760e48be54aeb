import type { MedusaContainer } from '@medusajs/framework/types'
import { inContext } from '@rr-bizops/telemetry/logging/context'
import { job } from '../logging/job'
import { WEBHOOK_INBOX } from '../modules/webhook-inbox'
import type { WebhookInbox } from '../modules/webhook-inbox/service'
import { handleDelivery } from '../workflows/btcpay/handle-delivery'

const EVERY_SECONDS = 10
/** One run's bound: the next run takes the rest. */
const AT_MOST = 100

/** Handles deliveries whose event was lost, or whose first try failed. */
async function drainWebhookInbox(container: MedusaContainer): Promise<void> {
  const inbox = container.resolve<WebhookInbox>(WEBHOOK_INBOX)
  const due = await inbox.listWebhookDeliveries(
    { handled_at: null, next_attempt_at: { $lte: new Date() } },
    { take: AT_MOST, order: { next_attempt_at: 'ASC' } },
  )
  // Each with facts of its own in the log.
  for (const { id } of due) await inContext({}, () => handleDelivery(container, id))
}

const name = 'drain-webhook-inbox'
export default job(name, drainWebhookInbox)

export const config = { name, schedule: { interval: EVERY_SECONDS * 1000 } }
