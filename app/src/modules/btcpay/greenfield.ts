import { currentFacts } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { z } from 'zod'
import { type Invoice, invoiceSchema } from './invoice'

/** Creating waits for rates and up to 5 s for the Lightning node; reading does not. */
const CREATE_TIMEOUT_MS = 20_000
const READ_TIMEOUT_MS = 5_000
const LIST_TIMEOUT_MS = 20_000
const DEFAULT_METHODS = ['BTC-CHAIN', 'BTC-LN']

/** Where BTCPay is and which store is ours. */
export interface GreenfieldOptions {
  url: string
  storeId: string
  apiKey: string
}

/** What a call may end with besides an answer. `unknown` also stands for "no permission": BTCPay gives 403 for both. */
export type GreenfieldFailure = {
  kind: 'unreachable' | 'unknown' | 'refused' | 'unreadable'
  message: string
}
/** What was asked for, or why it is not there. */
export type Answer<T> = { ok: true; value: T } | { ok: false; failure: GreenfieldFailure }

/** A new invoice; amount is a decimal string in major units. */
export interface NewInvoice {
  orderId: string
  amount: string
  currency: string
  redirectUrl: string
}

const pullPaymentSchema = z.object({ id: z.string(), viewLink: z.string() })
/** A refund that its owner claims by a link. */
export type PullPayment = z.infer<typeof pullPaymentSchema>
const namedPullPaymentSchema = pullPaymentSchema.extend({
  name: z.string().nullable(),
  amount: z.string(),
})
/** The same as a list has it; the amount is a decimal string in major units. */
export type NamedPullPayment = z.infer<typeof namedPullPaymentSchema>

const paymentMethodSchema = z.object({
  paymentMethodId: z.string(),
  /** Decimal string in the method's own currency. */
  due: z.string(),
  payments: z.array(z.object({ value: z.string(), status: z.string() })),
})
/** A way to pay an invoice, with what was paid by it; `status` is Processing, Settled or Invalid. */
export type InvoicePaymentMethod = z.infer<typeof paymentMethodSchema>

/** The part of BTCPay's Greenfield API (v1) that the shop uses. Never throws for what the network does. */
export class Greenfield {
  constructor(private readonly options: GreenfieldOptions) {}

  /** POST /api/v1/stores/{storeId}/invoices, or the live invoice of an earlier try with the same order id. */
  async createInvoice(wanted: NewInvoice): Promise<Answer<Invoice>> {
    const body = {
      amount: wanted.amount,
      currency: wanted.currency.toUpperCase(),
      metadata: { orderId: wanted.orderId, requestId: currentFacts().requestId },
      checkout: { redirectURL: wanted.redirectUrl, redirectAutomatically: true },
    }
    const made = await this.call('POST', ['invoices'], invoiceSchema, CREATE_TIMEOUT_MS, { body })
    if (made.ok) {
      const facts = { invoice: short(made.value.id), payment: short(wanted.orderId) }
      record('info', 'btcpay: invoice made', facts)
    }
    if (made.ok || !['unreachable', 'unreadable'].includes(made.failure.kind)) return made
    // The server may have made it although no answer came: there is no idempotency key to ask with.
    const found = await this.findInvoices(wanted.orderId)
    const adopted = found.ok ? found.value.find((invoice) => invoice.status === 'New') : undefined
    return adopted ? { ok: true, value: adopted } : made
  }

  /** GET /api/v1/stores/{storeId}/invoices?orderId= */
  findInvoices(orderId: string): Promise<Answer<Invoice[]>> {
    const query = new URLSearchParams({ orderId, take: '5' })
    return this.call('GET', ['invoices'], z.array(invoiceSchema), READ_TIMEOUT_MS, { query })
  }

  /** GET /api/v1/stores/{storeId}/invoices?startDate=&skip=&take=: all of the store, the newest first. */
  listInvoices(of: { since: Date; skip: number; take: number }): Promise<Answer<Invoice[]>> {
    const query = new URLSearchParams({
      startDate: String(Math.floor(of.since.getTime() / 1_000)),
      skip: String(of.skip),
      take: String(of.take),
    })
    return this.call('GET', ['invoices'], z.array(invoiceSchema), LIST_TIMEOUT_MS, { query })
  }

  /** GET /api/v1/stores/{storeId}/invoices/{invoiceId} */
  getInvoice(invoiceId: string): Promise<Answer<Invoice>> {
    return this.call('GET', ['invoices', invoiceId], invoiceSchema, READ_TIMEOUT_MS)
  }

  /** GET /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods */
  paymentMethods(invoiceId: string): Promise<Answer<InvoicePaymentMethod[]>> {
    const path = ['invoices', invoiceId, 'payment-methods'] as const
    return this.call('GET', path, z.array(paymentMethodSchema), READ_TIMEOUT_MS)
  }

  /** POST /api/v1/stores/{storeId}/invoices/{invoiceId}/status with `Invalid`: nobody should pay it any more. */
  markInvalid(invoiceId: string): Promise<Answer<Invoice>> {
    const body = { status: 'Invalid' }
    return this.call('POST', ['invoices', invoiceId, 'status'], invoiceSchema, READ_TIMEOUT_MS, {
      body,
    })
  }

  /** POST /api/v1/stores/{storeId}/invoices/{invoiceId}/refund: a claim link over exactly this sum. */
  refund(
    invoiceId: string,
    name: string,
    amount: string,
    currency: string,
  ): Promise<Answer<PullPayment>> {
    const body = {
      name,
      refundVariant: 'Custom',
      customAmount: amount,
      customCurrency: currency.toUpperCase(),
      payoutMethods: DEFAULT_METHODS,
    }
    const path = ['invoices', invoiceId, 'refund'] as const
    return this.call('POST', path, pullPaymentSchema, CREATE_TIMEOUT_MS, { body })
  }

  /**
   * GET /api/v1/stores/{storeId}/pull-payments: a refund by its name, of which no answer came. BTCPay wants
   * `canviewpullpayments` for it.
   */
  async findRefund(name: string): Promise<Answer<NamedPullPayment | undefined>> {
    const listed = await this.call(
      'GET',
      ['pull-payments'],
      z.array(namedPullPaymentSchema),
      LIST_TIMEOUT_MS,
    )
    if (!listed.ok) return listed
    return { ok: true, value: listed.value.find((each) => each.name === name) }
  }

  private async call<T>(
    method: 'GET' | 'POST',
    [area, id, action]: readonly [area: string, id?: string, action?: string],
    schema: z.ZodType<T>,
    timeoutMs: number,
    { query, body }: { query?: URLSearchParams; body?: unknown } = {},
  ): Promise<Answer<T>> {
    const { url, storeId, apiKey } = this.options
    const parts = ['api', 'v1', 'stores', storeId, area, id, action].filter(
      (part) => part !== undefined,
    )
    const path = parts.map(encodeURIComponent).join('/')
    const address = `${url.replace(/\/$/, '')}/${path}${query ? `?${query}` : ''}`
    // Messages go to logs and reports: an id is only named.
    const what = [method, ...[area, id && short(id), action].filter(Boolean)].join(' ')
    if (!url) return failed('unreachable', `${what}: the shop is not set up with BTCPay`)
    let status: number
    let text: string
    try {
      const response = await fetch(address, {
        method,
        headers: { authorization: `token ${apiKey}`, 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      })
      status = response.status
      text = await response.text()
    } catch (error) {
      return failed('unreachable', `${what}: ${(error as Error).message}`)
    }
    if (status >= 500) return failed('unreachable', `${what}: ${status}`)
    if (status === 403 || status === 404) return failed('unknown', `${what}: ${status}`)
    if (status >= 400) return failed('refused', `${what}: ${status} ${text.slice(0, 300)}`)
    const parsed = schema.safeParse(parseJson(text))
    if (!parsed.success) return failed('unreadable', `${what}: not the promised shape`)
    return { ok: true, value: parsed.data }
  }
}

function failed<T>(kind: GreenfieldFailure['kind'], message: string): Answer<T> {
  return { ok: false, failure: { kind, message } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
