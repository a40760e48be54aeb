import { setTimeout as delay } from 'node:timers/promises'
import type { MedusaContainer } from '@medusajs/framework/types'
import { generateEntityId, Modules } from '@medusajs/framework/utils'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { environment, required } from '../../environment'
import { Administration } from '../../modules/btcpay/administration'
import type { BtcpaySettings } from '../../modules/btcpay/settings'
import { judgeWebhooks, rightWebhook } from '../../modules/btcpay/webhook'
import { WEBHOOK_INBOX } from '../../modules/webhook-inbox'
import type { WebhookInbox } from '../../modules/webhook-inbox/service'

/** Two presses make one webhook: the second waits for the first, and finds it done. */
const LOCK = 'btcpay-webhook'
const LOCK_SECONDS = 60

/** The least that can be paid on chain at any likely rate; nobody is asked to pay it. */
const PROOF = { amount: '1.00', currency: 'EUR', minutes: 1 }
/** BTCPay sends at once, unless deliveries before it have failed. */
const PROOF_WAIT_MS = 20_000
const PROOF_LOOK_MS = 250

/** Done, or why not in words for the owner. */
export type Done<T> = { ok: true; value: T } | { ok: false; message: string }

/** Where BTCPay delivers to. */
export function webhookAddress(): string {
  return `${required(environment(), 'MEDUSA_BACKEND_URL').replace(/\/$/, '')}/hooks/btcpay`
}

/**
 * Registers the shop's webhook at BTCPay, or puts right what is wrong with it: address, events, redelivery and
 * the secret, which is the shop's own, so that nothing has to be copied. Safe to repeat.
 */
export function registerWebhook(
  container: MedusaContainer,
  settings: BtcpaySettings,
): Promise<Done<'registered' | 'repaired'>> {
  return container.resolve(Modules.LOCKING).execute(
    LOCK,
    async () => {
      const btcpay = new Administration(settings)
      const url = webhookAddress()
      const known = await btcpay.webhooks()
      if (!known.ok) return { ok: false, message: known.failure.message }
      const { webhook: now } = judgeWebhooks(known.value, url)
      const right = rightWebhook(url, now)
      const done = now
        ? await btcpay.updateWebhook({ ...right, id: now.id }, settings.webhookSecret)
        : await btcpay.createWebhook(right, settings.webhookSecret)
      if (!done.ok) return { ok: false, message: done.failure.message }
      const did = now ? 'repaired' : 'registered'
      record('info', `btcpay: the webhook was ${did}`)
      return { ok: true, value: did }
    },
    { timeout: LOCK_SECONDS, expire: LOCK_SECONDS },
  )
}

/** A delivery that has come because it was asked for; the time is ISO. */
export interface Proof {
  type: string
  received_at: string
  /** The test invoice's name in the log. */
  invoice: string
}

/**
 * Proves that BTCPay's deliveries arrive, and are signed with the secret that the shop has: makes an invoice
 * that belongs to no cart, marks it invalid, and waits for the delivery in the inbox. Its order id is not a
 * payment session's, so that reconciliation, comparison and inbox leave it alone (`isOurs`).
 */
export async function proveWebhook(
  container: MedusaContainer,
  settings: BtcpaySettings,
): Promise<Done<Proof>> {
  const btcpay = new Administration(settings)
  const orderId = generateEntityId(undefined, 'webhook_test')
  const made = await btcpay.createProof({ ...PROOF, orderId })
  if (!made.ok) return { ok: false, message: `No test invoice: ${made.failure.message}` }
  const marked = await btcpay.markInvalid(made.value.id)
  if (!marked.ok) return { ok: false, message: `No test event: ${marked.failure.message}` }
  const inbox = container.resolve<WebhookInbox>(WEBHOOK_INBOX)
  for (const until = Date.now() + PROOF_WAIT_MS; Date.now() < until; ) {
    const [delivery] = await inbox.listWebhookDeliveries({
      invoice_id: made.value.id,
      type: 'InvoiceInvalid',
    })
    if (delivery) {
      const received_at = new Date(delivery.created_at).toISOString()
      return {
        ok: true,
        value: { type: delivery.type, received_at, invoice: short(made.value.id) },
      }
    }
    await delay(PROOF_LOOK_MS)
  }
  const seconds = PROOF_WAIT_MS / 1_000
  return {
    ok: false,
    message: `Within ${seconds} seconds no signed delivery arrived. Register or repair the webhook, then look at its deliveries in BTCPay: 401 there means another secret, no answer that BTCPay does not reach this shop.`,
  }
}
