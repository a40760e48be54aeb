import { z } from 'zod'
import type { GreenfieldOptions } from './greenfield'
import { type Invoice, invoiceSchema } from './invoice'
import type { StoreWebhook } from './webhook'

const TIMEOUT_MS = 5_000
/** Making an invoice waits for rates and for the Lightning node. */
const CREATE_TIMEOUT_MS = 20_000

/** Why BTCPay did not give what was asked for; `forbidden` is BTCPay's 403, `refused` any other 4xx. */
export interface AdministrationFailure {
  kind: 'unreachable' | 'unauthenticated' | 'forbidden' | 'refused' | 'unreadable'
  /** For the owner: no id, no secret. */
  message: string
}
/** What was asked for, or why it is not there. */
export type Told<T> = { ok: true; value: T } | { ok: false; failure: AdministrationFailure }

const serverSchema = z.object({
  version: z.string(),
  fullySynched: z.boolean().default(false),
})
export type ServerInfo = z.infer<typeof serverSchema>

/** The key itself, which the answer has too, is left out. */
const keySchema = z.object({ label: z.string().nullish(), permissions: z.array(z.string()) })
export type KeyInfo = z.infer<typeof keySchema>

const webhookSchema = z.object({
  id: z.string(),
  url: z.string(),
  enabled: z.boolean(),
  automaticRedelivery: z.boolean(),
  authorizedEvents: z.object({
    everything: z.boolean(),
    specificEvents: z.array(z.string()).nullish(),
  }),
})

const paidMethodSchema = z.object({
  paymentMethodId: z.string(),
  currency: z.string().default('BTC'),
  /** What one of the method's currency costs in the invoice's currency. */
  rate: z.string(),
  payments: z.array(
    z.object({ id: z.string(), receivedDate: z.number(), value: z.string(), status: z.string() }),
  ),
})
/** A way to pay an invoice, with what was paid by it; `value` is in the method's currency. */
export type PaidMethod = z.infer<typeof paidMethodSchema>

/** What the admin's pages ask of BTCPay's Greenfield API (v1). Never throws for what the network does. */
export class Administration {
  constructor(private readonly options: GreenfieldOptions) {}

  /** GET /api/v1/server/info: any valid key may ask. */
  serverInfo(): Promise<Told<ServerInfo>> {
    return this.call('GET', ['server', 'info'], serverSchema)
  }

  /** GET /api/v1/api-keys/current: any valid key may ask about itself. */
  currentKey(): Promise<Told<KeyInfo>> {
    return this.call('GET', ['api-keys', 'current'], keySchema)
  }

  /** GET /api/v1/stores/{storeId}/webhooks: needs `btcpay.store.webhooks.canmodifywebhooks`. */
  webhooks(): Promise<Told<StoreWebhook[]>> {
    return this.call('GET', this.ofStore('webhooks'), z.array(webhookSchema))
  }

  /** POST /api/v1/stores/{storeId}/webhooks: with a secret of ours, BTCPay makes none. */
  createWebhook(webhook: Omit<StoreWebhook, 'id'>, secret: string): Promise<Told<StoreWebhook>> {
    const body = { ...webhook, secret }
    return this.call('POST', this.ofStore('webhooks'), webhookSchema, { body })
  }

  /** PUT /api/v1/stores/{storeId}/webhooks/{webhookId}: what is left out would be set to its default. */
  updateWebhook({ id, ...webhook }: StoreWebhook, secret: string): Promise<Told<StoreWebhook>> {
    const body = { ...webhook, secret }
    return this.call('PUT', this.ofStore('webhooks', id), webhookSchema, { body })
  }

  /** POST /api/v1/stores/{storeId}/invoices, for no cart: nothing in the shop ever takes it for a payment. */
  createProof(of: {
    orderId: string
    amount: string
    currency: string
    minutes: number
  }): Promise<Told<Invoice>> {
    const { orderId, amount, currency } = of
    const body = {
      amount,
      currency,
      metadata: { orderId, itemDesc: 'Test of the shop’s webhook: not to be paid' },
      checkout: { expirationMinutes: of.minutes },
    }
    const path = this.ofStore('invoices')
    return this.call('POST', path, invoiceSchema, { body, timeoutMs: CREATE_TIMEOUT_MS })
  }

  /** POST /api/v1/stores/{storeId}/invoices/{invoiceId}/status with `Invalid`. */
  markInvalid(invoiceId: string): Promise<Told<Invoice>> {
    const path = this.ofStore('invoices', invoiceId, 'status')
    return this.call('POST', path, invoiceSchema, { body: { status: 'Invalid' } })
  }

  /** GET /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods: no number of confirmations is told. */
  paidMethods(invoiceId: string): Promise<Told<PaidMethod[]>> {
    const path = this.ofStore('invoices', invoiceId, 'payment-methods')
    return this.call('GET', path, z.array(paidMethodSchema))
  }

  private ofStore(...rest: string[]): string[] {
    return ['stores', this.options.storeId, ...rest]
  }

  private async call<T>(
    method: 'GET' | 'POST' | 'PUT',
    parts: string[],
    schema: z.ZodType<T>,
    { body, timeoutMs = TIMEOUT_MS }: { body?: unknown; timeoutMs?: number } = {},
  ): Promise<Told<T>> {
    const path = ['api', 'v1', ...parts].map(encodeURIComponent).join('/')
    let status: number
    let answered: unknown
    try {
      const response = await fetch(`${this.options.url.replace(/\/$/, '')}/${path}`, {
        method,
        headers: {
          authorization: `token ${this.options.apiKey}`,
          'content-type': 'application/json',
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        // The checkout follows none either: what is shown here must be so there.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      })
      status = response.status
      answered = await response.json().catch(() => undefined)
    } catch (error) {
      return failed('unreachable', `BTCPay does not answer (${reasonOf(error)}).`)
    }
    if (status >= 300 && status < 400)
      return failed('unreachable', `BTCPay has moved (${status}): change BTCPAY_URL.`)
    if (status >= 500) return failed('unreachable', `BTCPay answers with an error (${status}).`)
    if (status === 401) return failed('unauthenticated', 'BTCPay does not know the API key (401).')
    if (status === 403)
      return failed('forbidden', 'BTCPay says that the key may not do this (403).')
    if (status >= 400) return failed('refused', `BTCPay refused it (${status}).`)
    const parsed = schema.safeParse(answered)
    if (!parsed.success) return failed('unreadable', 'What answers there is not BTCPay’s API.')
    return { ok: true, value: parsed.data }
  }
}

/** The network's own word, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } }
  return cause?.code ?? (name === 'TimeoutError' ? 'no answer in time' : name)
}

function failed<T>(kind: AdministrationFailure['kind'], message: string): Told<T> {
  return { ok: false, failure: { kind, message } }
}
