import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import { note } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { z } from 'zod'
import { BTCPAY_ID } from '../../../modules/btcpay/path'
import { btcpaySettings } from '../../../modules/btcpay/settings'
import { isSigned } from '../../../modules/btcpay/signature'
import { WEBHOOK_INBOX } from '../../../modules/webhook-inbox'
import type { WebhookInbox } from '../../../modules/webhook-inbox/service'
import { BTCPAY_WEBHOOK_RECEIVED } from '../../../subscribers/btcpay-webhook-received'

/** What can be an id of BTCPay, or the name of an event: anything else PostgreSQL might refuse for ever. */
const idSchema = z.string().regex(BTCPAY_ID)
const deliverySchema = z.object({
  deliveryId: idSchema,
  originalDeliveryId: idSchema.nullish(),
  type: z.string().regex(/^[\w.-]{1,100}$/),
  storeId: z.string(),
  invoiceId: idSchema,
})
type Delivery = z.infer<typeof deliverySchema>

/**
 * BTCPay's webhook: verifies, stores, answers; the worker handles it later.
 * 401 bad signature (BTCPay never repeats it), 200 stored or of no interest, 503 not stored (BTCPay repeats it).
 */
export async function POST(
  req: MedusaRequest & { rawBody?: Buffer },
  res: MedusaResponse,
): Promise<void> {
  const settings = btcpaySettings()
  const header = req.headers['btcpay-sig']
  const isGood =
    settings && req.rawBody && isSigned(req.rawBody, String(header ?? ''), settings.webhookSecret)
  if (!isGood) {
    record('warn', 'btcpay: a delivery with a bad signature was refused')
    res.status(401).json({ message: 'bad signature' })
    return
  }
  const parsed = deliverySchema.safeParse(req.body)
  // Signed but not about an invoice of ours: anything but 200 would hold up the events behind it.
  const ours = parsed.success && parsed.data.storeId === settings.storeId
  if (!ours) {
    res.status(200).json({ status: 'ignored' })
    return
  }
  const delivery = parsed.data
  const inbox = req.scope.resolve<WebhookInbox>(WEBHOOK_INBOX)
  const original = delivery.originalDeliveryId ?? delivery.deliveryId
  note({ invoice: short(delivery.invoiceId), delivery: original, event: delivery.type })
  let id: string
  try {
    id = await keep(inbox, delivery, original)
  } catch (error) {
    req.scope
      .resolve(ContainerRegistrationKeys.LOGGER)
      .warn(`btcpay: delivery ${original} was not stored: ${(error as Error).message}`)
    res.status(503).json({ message: 'not stored' })
    return
  }
  record('info', 'btcpay: delivery stored')
  res.status(200).json({ status: 'stored' })
  await req.scope
    .resolve(Modules.EVENT_BUS)
    .emit({ name: BTCPAY_WEBHOOK_RECEIVED, data: { id } })
    .catch(() => undefined) // The inbox's timer finds it all the same.
}

/** The row of an event, one however often and at what moments it comes. */
async function keep(inbox: WebhookInbox, delivery: Delivery, original: string): Promise<string> {
  const find = async () =>
    (await inbox.listWebhookDeliveries({ original_delivery_id: original }))[0]?.id
  const known = await find()
  if (known) return known
  try {
    const row = await inbox.createWebhookDeliveries({
      original_delivery_id: original,
      type: delivery.type,
      store_id: delivery.storeId,
      invoice_id: delivery.invoiceId,
      next_attempt_at: new Date(),
    })
    return row.id
  } catch (error) {
    // Two copies at one moment: the unique index lets one in, which is the other's, too.
    const others = await find()
    if (others) return others
    throw error
  }
}
