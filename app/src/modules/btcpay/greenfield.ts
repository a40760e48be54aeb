import { setTimeout } from 'node:timers/promises'
import { currentFacts } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { z } from 'zod'
import {
  type InvoicePaymentMethod,
  type NamedPullPayment,
  namedPullPaymentSchema,
  type Payout,
  type PullPayment,
  paymentMethodSchema,
  payoutSchema,
  pullPaymentSchema,
} from './answers'
import type { paths } from './greenfield-api'
import { type Invoice, invoiceSchema } from './invoice'
import { pathOf } from './path'

/** Creating waits for rates and up to 5 s for the Lightning node; reading does not. */
const CREATE_TIMEOUT_MS = 20_000
const READ_TIMEOUT_MS = 5_000
const LIST_TIMEOUT_MS = 20_000
const DEFAULT_METHODS = ['BTC-CHAIN', 'BTC-LN']
const INVOICES = '/api/v1/stores/{storeId}/invoices'

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

type Operation<Path extends keyof paths, Method extends 'get' | 'post'> = paths[Path][Method]
type IdsOf<Of> = Of extends { parameters: { path: infer Ids } } ? Ids : unknown
type QueryOf<Of> = Of extends { parameters: { query?: infer Query extends object } } ? Query : never
type BodyOf<Of> = Of extends { requestBody?: { content: { 'application/json': infer Body } } }
  ? Body
  : never

/** What is asked of an operation, in the words of BTCPay's own description of it; the store is ours. */
interface Question<Of, T> {
  ids: Omit<IdsOf<Of>, 'storeId'>
  query?: QueryOf<Of>
  body?: BodyOf<Of>
  answer: z.ZodType<T>
  timeoutMs: number
  /** BTCPay answers anybody, so the key stays here. */
  isPublic?: true
}

/** A server that is restarted refuses connections for a moment. */
const AGAIN_AFTER_MS = 250
/** An answer of these means that nobody has worked on the question. */
const NOT_NOW = [408, 429]

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
    const made = await this.call('post', INVOICES, {
      ids: {},
      body,
      answer: invoiceSchema,
      timeoutMs: CREATE_TIMEOUT_MS,
    })
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
    return this.call('get', INVOICES, {
      ids: {},
      query: { orderId: [orderId], take: 5 },
      answer: z.array(invoiceSchema),
      timeoutMs: READ_TIMEOUT_MS,
    })
  }

  /** GET /api/v1/stores/{storeId}/invoices?startDate=&skip=&take=: all of the store, the newest first. */
  listInvoices(of: { since: Date; skip: number; take: number }): Promise<Answer<Invoice[]>> {
    const { since, skip, take } = of
    return this.call('get', INVOICES, {
      ids: {},
      query: { startDate: Math.floor(since.getTime() / 1_000), skip, take },
      answer: z.array(invoiceSchema),
      timeoutMs: LIST_TIMEOUT_MS,
    })
  }

  /** GET /api/v1/stores/{storeId}/invoices/{invoiceId} */
  getInvoice(invoiceId: string): Promise<Answer<Invoice>> {
    return this.call('get', `${INVOICES}/{invoiceId}`, {
      ids: { invoiceId },
      answer: invoiceSchema,
      timeoutMs: READ_TIMEOUT_MS,
    })
  }

  /** GET /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods */
  paymentMethods(invoiceId: string): Promise<Answer<InvoicePaymentMethod[]>> {
    return this.call('get', `${INVOICES}/{invoiceId}/payment-methods`, {
      ids: { invoiceId },
      answer: z.array(paymentMethodSchema),
      timeoutMs: READ_TIMEOUT_MS,
    })
  }

  /** POST /api/v1/stores/{storeId}/invoices/{invoiceId}/status with `Invalid`: nobody should pay it any more. */
  markInvalid(invoiceId: string): Promise<Answer<Invoice>> {
    return this.call('post', `${INVOICES}/{invoiceId}/status`, {
      ids: { invoiceId },
      body: { status: 'Invalid' },
      answer: invoiceSchema,
      timeoutMs: READ_TIMEOUT_MS,
    })
  }

  /** POST /api/v1/stores/{storeId}/invoices/{invoiceId}/refund: a claim link over exactly this sum. */
  refund(
    invoiceId: string,
    name: string,
    amount: string,
    currency: string,
  ): Promise<Answer<PullPayment>> {
    return this.call('post', `${INVOICES}/{invoiceId}/refund`, {
      ids: { invoiceId },
      body: {
        name,
        refundVariant: 'Custom',
        customAmount: amount,
        customCurrency: currency.toUpperCase(),
        payoutMethods: DEFAULT_METHODS,
      },
      answer: pullPaymentSchema,
      timeoutMs: CREATE_TIMEOUT_MS,
    })
  }

  /**
   * GET /api/v1/stores/{storeId}/pull-payments: a refund by its name, of which no answer came. BTCPay wants
   * `canviewpullpayments` for it.
   */
  async findRefund(name: string): Promise<Answer<NamedPullPayment | undefined>> {
    const listed = await this.call('get', '/api/v1/stores/{storeId}/pull-payments', {
      ids: {},
      answer: z.array(namedPullPaymentSchema),
      timeoutMs: LIST_TIMEOUT_MS,
    })
    if (!listed.ok) return listed
    return { ok: true, value: listed.value.find((each) => each.name === name) }
  }

  /** GET /api/v1/pull-payments/{pullPaymentId}/payouts: what was claimed of it; wants no permission. */
  payouts(pullPaymentId: string): Promise<Answer<Payout[]>> {
    return this.call('get', '/api/v1/pull-payments/{pullPaymentId}/payouts', {
      ids: { pullPaymentId },
      answer: z.array(payoutSchema),
      timeoutMs: READ_TIMEOUT_MS,
      isPublic: true,
    })
  }

  /** Asks once, and a question that changes nothing once more when nobody answered it; all within its time. */
  private async call<
    Method extends 'get' | 'post',
    Path extends {
      [Each in keyof paths]: paths[Each][Method] extends object ? Each : never
    }[keyof paths],
    T,
  >(
    method: Method,
    path: Path,
    question: Question<Operation<Path, Method>, T>,
  ): Promise<Answer<T>> {
    const { query, body, answer, timeoutMs, isPublic } = question
    const ids = question.ids as Record<string, string>
    const what = `${method.toUpperCase()} ${named(path, ids)}`
    if (!this.options.url)
      return failed('unreachable', `${what}: the shop is not set up with BTCPay`)
    const filled = pathOf(path, { ...ids, storeId: this.options.storeId })
    if (!filled) return failed('unknown', `${what}: not an id of BTCPay`)
    const address = `${this.options.url.replace(/\/$/, '')}${filled}${queryOf(query)}`
    const request = {
      method: method.toUpperCase(),
      headers: {
        'content-type': 'application/json',
        ...(isPublic ? {} : { authorization: `token ${this.options.apiKey}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // A POST that is sent elsewhere becomes a GET on the way.
      redirect: 'manual' as const,
      signal: AbortSignal.timeout(timeoutMs),
    }
    let given = await ask(address, request)
    if (method === 'get' && isNoAnswer(given) && !request.signal.aborted) {
      await setTimeout(AGAIN_AFTER_MS)
      given = await ask(address, request)
    }
    if ('reason' in given) return failed('unreachable', `${what}: ${given.reason}`)
    const { status, text } = given
    if (status >= 500 || NOT_NOW.includes(status))
      return failed('unreachable', `${what}: ${status}`)
    if (status >= 300 && status < 400) return failed('unreachable', `${what}: ${status}, moved`)
    if (status === 403 || status === 404) return failed('unknown', `${what}: ${status}`)
    if (status >= 400) {
      const told = problemOf(parseJson(text))
      return failed('refused', `${what}: ${status} ${this.withoutSecrets(told, ids)}`.trim())
    }
    const parsed = answer.safeParse(parseJson(text))
    if (!parsed.success) return failed('unreadable', `${what}: not the promised shape`)
    return { ok: true, value: parsed.data }
  }

  /** BTCPay's own words, which may repeat what it was asked with. */
  private withoutSecrets(words: string, ids: Record<string, string>): string {
    const named = Object.values(ids).reduce((text, id) => text.replaceAll(id, short(id)), words)
    return named.replaceAll(this.options.apiKey, '…').slice(0, 300)
  }
}

type Given = { status: number; text: string } | { reason: string }

async function ask(address: string, request: RequestInit): Promise<Given> {
  try {
    const response = await fetch(address, request)
    return { status: response.status, text: await response.text() }
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

/** Whether nobody has worked on a question: no connection, or a proxy without its server. */
function isNoAnswer(given: Given): boolean {
  return 'reason' in given || [502, 503, 504].includes(given.status)
}

/** Never an error's own words: fetch repeats a header or an address that it cannot send, key and all. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { code } = (error.cause ?? error) as { code?: unknown }
  return typeof code === 'string' && /^\w+$/.test(code) ? code : `no answer (${error.name})`
}

const problemSchema = z
  .object({ code: z.string(), message: z.string() })
  .transform(({ code, message }) => `${code}: ${message}`)
const problemsSchema = z
  .array(z.object({ path: z.string(), message: z.string() }))
  .transform((all) => all.map(({ path, message }) => `${path}: ${message}`).join('; '))

/** What BTCPay says is wrong (`ProblemDetails`, `ValidationProblemDetails`); nothing of what others say. */
function problemOf(body: unknown): string {
  return z.union([problemSchema, problemsSchema]).safeParse(body).data ?? ''
}

function queryOf(query: object | undefined): string {
  const all = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {}))
    for (const each of [value].flat()) all.append(name, String(each))
  return all.size > 0 ? `?${all}` : ''
}

/** A path for logs and reports, which only name an id. */
function named(path: string, ids: Record<string, string>): string {
  return path
    .replace(/^\/api\/v1\/(stores\/\{storeId\}\/)?/, '')
    .replace(/\{(\w+)\}\/?/g, (_, name: string) => `${short(ids[name] ?? '')} `)
    .replace(/\/ ?/g, ' ')
    .trim()
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
