import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { isOurs } from '../../modules/btcpay/invoice'
import { ledgerOf } from '../../modules/ledger/ledger'
import { WEBHOOK_INBOX } from '../../modules/webhook-inbox'
import type { WebhookInbox } from '../../modules/webhook-inbox/service'
import { greenfield } from './examine-payment'
import { settlePayment } from './settle'

/** After a failure: 5 s, doubled each time, up to ten minutes. */
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 600_000
/** Two workers never handle one delivery at once; a killed one's lock ends by itself. */
const LOCK_SECONDS = 120

type Outcome = 'handled' | 'ignored' | 'review'

/** Handles one delivery of the inbox, once; a failure leaves it there for a later try. */
export async function handleDelivery(
  container: MedusaContainer,
  deliveryId: string,
): Promise<void> {
  const locking = container.resolve(Modules.LOCKING)
  await locking.execute(
    `webhook-delivery:${deliveryId}`,
    async () => {
      const inbox = container.resolve<WebhookInbox>(WEBHOOK_INBOX)
      const [delivery] = await inbox.listWebhookDeliveries({ id: deliveryId })
      if (!delivery || delivery.handled_at) return
      note({ invoice: short(delivery.invoice_id), delivery: delivery.original_delivery_id })
      const attempts = delivery.attempts + 1
      try {
        const outcome = await settle(container, delivery.invoice_id)
        await inbox.updateWebhookDeliveries({
          id: deliveryId,
          attempts,
          outcome,
          handled_at: new Date(),
          last_error: null,
        })
        record('info', `btcpay: delivery ${outcome}`)
      } catch (error) {
        const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
        await inbox.updateWebhookDeliveries({
          id: deliveryId,
          attempts,
          next_attempt_at: new Date(Date.now() + waitMs),
          last_error: (error as Error).message.slice(0, 500),
        })
        container
          .resolve(ContainerRegistrationKeys.LOGGER)
          .warn(
            `btcpay: delivery ${deliveryId} waits ${waitMs / 1000} s: ${(error as Error).message}`,
          )
      }
    },
    { timeout: LOCK_SECONDS, expire: LOCK_SECONDS },
  )
}

/** The event is a hint: the invoice, as BTCPay answers it now, decides. */
async function settle(container: MedusaContainer, invoiceId: string): Promise<Outcome> {
  const known = await ledgerOf(container).byInvoice(invoiceId)
  const sessionId = known?.session_id ?? (await adopt(container, invoiceId))
  if (!sessionId) return 'ignored'
  const result = await settlePayment(container, sessionId)
  // Ours, so what BTCPay does not tell now it must tell later: the delivery waits.
  if (!result.found && result.reason !== 'no-session') throw new Error(result.message)
  return result.found && result.payment.status === 'review' ? 'review' : 'handled'
}

/**
 * The payment of an invoice that the ledger does not know by its id; undefined when it was never ours: made
 * by hand in BTCPay, or unknown there. 403 and 404 say that, too, as long as nothing here knows better.
 */
async function adopt(container: MedusaContainer, invoiceId: string): Promise<string | undefined> {
  const answer = await greenfield().getInvoice(invoiceId)
  if (!answer.ok) {
    if (answer.failure.kind === 'unknown') return undefined
    throw new Error(answer.failure.message)
  }
  if (!isOurs(answer.value)) return undefined
  await ledgerOf(container).adopt(answer.value)
  return answer.value.metadata.orderId
}
