import { randomBytes, randomInt } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fromCents, RATE, toBitcoin, toCents } from './amount.ts'
import { checkoutPage } from './checkout-page.ts'
import { destinationOf } from './destinations.ts'
import { answerBadly, Faults, kindOf, misbehaviourSchema } from './faults.ts'
import {
  confirm,
  due,
  type Event,
  expire,
  force,
  type Invoice,
  mark,
  type PaymentMethod,
  paid,
  receive,
  type Status,
  toGreenfield,
} from './invoice.ts'
import {
  claim,
  NEXT_STATE,
  type Payout,
  payoutToGreenfield,
  pullPaymentToGreenfield,
} from './payouts.ts'
import type { Settings } from './settings.ts'
import { StateFile } from './state.ts'
import { answerAboutWebhooks, firstWebhook } from './store-webhooks.ts'
import { type Mode, Webhooks } from './webhooks.ts'

const BODY_LIMIT_BYTES = 256 * 1024
const DEFAULT_EXPIRATION_MINUTES = 15
const EXPIRY_CHECK_MS = 1000

/** An answer that is an error, in BTCPay's shape. */
class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body: unknown) {
    super(`refused: ${status}`)
    this.status = status
    this.body = body
  }
}
const invalid = (path: string, message: string) => new Refusal(422, [{ path, message }])
// BTCPay answers alike whether the id does not exist or the key may not see it.
const unseen = (missingPermission = 'btcpay.store.canviewinvoices') =>
  new Refusal(403, {
    code: 'missing-permission',
    message: 'Insufficient API Permissions.',
    missingPermission,
  })

/** What the key of a shop that is set up may do. */
const KEY_PERMISSIONS = [
  'btcpay.store.cancreateinvoice',
  'btcpay.store.canviewinvoices',
  'btcpay.store.canmodifyinvoices',
  'btcpay.store.cancreatenonapprovedpullpayments',
  'btcpay.store.canviewpullpayments',
  'btcpay.store.webhooks.canmodifywebhooks',
]

type Body = Record<string, unknown>
const now = () => Math.floor(Date.now() / 1000)
const hex = () => randomBytes(16).toString('hex')
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
/** An invoice's id in BTCPay's form: what must not be in logs is looked for by it. */
const invoiceId = () => Array.from({ length: 22 }, () => BASE58[randomInt(58)]).join('')
const text = (value: unknown): string =>
  value === undefined || value === null ? '' : String(value)

/** The stand-in as a server; `close` ends it and leaves the state on disk. */
export interface StandIn {
  server: Server
  close(): Promise<void>
}

/**
 * BTCPay Server's part of a purchase: Greenfield v1, the checkout page, signed webhooks.
 * Routes below /standin/ exist only here: they let a test pay, expire, and lose webhooks.
 */
export async function startStandIn(
  settings: Settings,
  log: (line: string) => void = console.log,
  retrySeconds?: readonly number[],
): Promise<StandIn> {
  const file = new StateFile(settings.dataDir, {
    webhooks: [firstWebhook(settings.webhookUrl, settings.webhookSecret)],
    permissions: KEY_PERMISSIONS.map((name) => `${name}:${settings.storeId}`),
  })
  const faults = new Faults()
  const webhooks = new Webhooks(settings, file, log, retrySeconds, faults)
  const { state } = file
  /** As with a key that has lost its permissions: BTCPay answers 403 to every question about invoices. */
  let isForbidden = false
  /** The next refund is made, and its answer is lost. */
  let losesRefund = false
  const storePath = `/api/v1/stores/${settings.storeId}`

  function change(invoice: Invoice, events: Event[]): void {
    webhooks.queue(invoice, events)
    file.save()
    for (const event of events) log(`invoice ${invoice.id}: ${event.type}`)
    void webhooks.run()
  }

  function find(id: string | undefined): Invoice {
    const invoice = id ? state.invoices[id] : undefined
    if (!invoice) throw unseen()
    return invoice
  }

  function pay(invoice: Invoice, method: PaymentMethod, amount: string): void {
    const settled = method === 'BTC-LN'
    const payment = { id: hex(), method, value: amount, settled, receivedDate: now() }
    change(invoice, receive(invoice, payment))
  }

  function create(body: Body): Invoice {
    const amount = text(body.amount)
    if (!amount) throw invalid('Amount', 'The stand-in makes no top-up invoices')
    let cents: bigint
    try {
      cents = toCents(amount)
    } catch (error) {
      throw invalid('Amount', (error as Error).message)
    }
    const checkout = (body.checkout ?? {}) as Body
    const minutes = checkout.expirationMinutes ?? DEFAULT_EXPIRATION_MINUTES
    if (!Number.isInteger(minutes)) {
      throw invalid('Checkout.ExpirationMinutes', 'Invalid timespan, expected integer')
    }
    const created = now()
    return {
      id: invoiceId(),
      amount: fromCents(cents),
      currency: text(body.currency || 'USD').toUpperCase(),
      metadata: (body.metadata ?? {}) as Record<string, unknown>,
      redirectURL: text(checkout.redirectURL) || null,
      redirectAutomatically: checkout.redirectAutomatically === true,
      createdTime: created,
      expirationTime: created + Number(minutes) * 60,
      status: 'New',
      additionalStatus: 'None',
      archived: false,
      payments: [],
    }
  }

  function refund(invoice: Invoice, body: Body, base: string): object {
    const late = ['PaidLate', 'PaidOver', 'PaidPartial'].includes(invoice.additionalStatus)
    const allowed = invoice.status === 'Settled' || invoice.status === 'Invalid'
    if (!allowed && !(invoice.status === 'Expired' && late)) {
      throw new Refusal(400, { code: 'non-refundable', message: 'Cannot refund this invoice' })
    }
    if (body.refundVariant !== 'Custom') {
      throw invalid('RefundVariant', 'The stand-in knows Custom only')
    }
    const id = hex()
    const pull = {
      id,
      name: text(body.name) || `Refund ${invoice.id}`,
      amount: fromCents(toCents(text(body.customAmount))),
      currency: text(body.customCurrency).toUpperCase(),
      invoiceId: invoice.id,
      archived: false,
    }
    state.pullPayments[id] = pull
    change(invoice, [{ type: 'InvoiceRefund', pullPaymentId: id }])
    return pullPaymentToGreenfield(pull, base)
  }

  /** `/api/v1/pull-payments/{pullPaymentId}/payouts`, which is open to anybody. */
  function payouts(method: string, url: URL, body: Body): unknown {
    const [, , , , pullPaymentId, area, rest] = url.pathname.split('/')
    const pull = state.pullPayments[pullPaymentId ?? '']
    if (!pull || area !== 'payouts' || rest !== undefined) {
      throw new Refusal(404, { code: 'pullpayment-not-found', message: 'Pull payment not found' })
    }
    const all = Object.values(state.payouts).filter((each) => each.pullPaymentId === pull.id)
    const withCancelled = url.searchParams.get('includeCancelled') === 'true'
    if (method === 'GET')
      return all
        .filter((each) => withCancelled || each.state !== 'Cancelled')
        .map((each) => payoutToGreenfield(each, pull.currency))
    const made = claim(pull, all, {
      id: hex(),
      date: now(),
      destination: text(body.destination),
      payoutMethodId: text(body.payoutMethodId) || 'BTC-CHAIN',
      ...(body.amount === undefined ? {} : { amount: text(body.amount) }),
    })
    if (typeof made === 'string') throw new Refusal(400, { code: made, message: made })
    state.payouts[made.id] = made
    file.save()
    return payoutToGreenfield(made, pull.currency)
  }

  /** What the owner makes of a claim in BTCPay. */
  function advancePayout(payout: Payout | undefined, action: string): object {
    const next = NEXT_STATE[action]
    if (!payout || !next?.from.includes(payout.state)) {
      throw new Refusal(400, { code: 'invalid-state', message: 'Not in this state' })
    }
    payout.state = next.to
    file.save()
    return payoutToGreenfield(payout, state.pullPayments[payout.pullPaymentId]?.currency ?? '')
  }

  function greenfield(method: string, url: URL, body: Body, base: string): unknown {
    const path = url.pathname
    if (path === '/api/v1/health') return { synchronized: true }
    if (path === '/api/v1/server/info')
      return { version: '2.4.1', fullySynched: true, syncStatus: [] }
    if (!isForbidden && method === 'GET' && path === `${storePath}/pull-payments`)
      return Object.values(state.pullPayments)
        .filter((each) => !each.archived || url.searchParams.get('includeArchived') === 'true')
        .map((each) => pullPaymentToGreenfield(each, base))
    if (path === '/api/v1/api-keys/current')
      return { apiKey: settings.apiKey, label: 'Research Relay', permissions: state.permissions }
    if (!isForbidden && path.startsWith(`${storePath}/webhooks`)) {
      const policy = 'btcpay.store.webhooks.canmodifywebhooks'
      if (!state.permissions.includes(`${policy}:${settings.storeId}`)) throw unseen(policy)
      const [, webhook] = path.slice(`${storePath}/webhooks`.length).split('/')
      const answered = answerAboutWebhooks(state.webhooks, method, webhook, body)
      if (answered === undefined) throw unseen(policy)
      file.save()
      return answered
    }
    if (isForbidden || !path.startsWith(`${storePath}/invoices`)) throw unseen()
    const show = (invoice: Invoice) => toGreenfield(invoice, settings.storeId, base)
    const [id, action] = path.slice(`${storePath}/invoices`.length).split('/').slice(1)
    if (!id) {
      if (method === 'POST') {
        const invoice = create(body)
        state.invoices[invoice.id] = invoice
        change(invoice, [{ type: 'InvoiceCreated' }])
        return show(invoice)
      }
      const orderIds = url.searchParams.getAll('orderId')
      const since = Number(url.searchParams.get('startDate') ?? 0)
      const statuses = url.searchParams.getAll('status')
      return Object.values(state.invoices)
        .filter((each) => !each.archived || url.searchParams.get('includeArchived') === 'true')
        .filter((each) => each.createdTime >= since)
        .filter((each) => !orderIds.length || orderIds.includes(text(each.metadata.orderId)))
        .filter((each) => !statuses.length || statuses.includes(each.status))
        .reverse()
        .slice(Number(url.searchParams.get('skip') ?? 0))
        .slice(0, Number(url.searchParams.get('take') ?? Number.MAX_SAFE_INTEGER))
        .map(show)
    }
    const invoice = find(id)
    if (!action && method === 'GET') return show(invoice)
    if (!action && method === 'DELETE') {
      invoice.archived = true
      file.save()
      return undefined
    }
    if (action === 'payment-methods') {
      const methods: PaymentMethod[] = ['BTC-CHAIN', 'BTC-LN']
      return methods.map((paymentMethodId) => ({
        paymentMethodId,
        currency: 'BTC',
        activated: true,
        ...destinationOf(invoice, paymentMethodId),
        rate: RATE.toFixed(2),
        amount: toBitcoin(toCents(invoice.amount)),
        due: toBitcoin(toCents(invoice.amount) - paid(invoice)),
        totalPaid: toBitcoin(paid(invoice)),
        payments: invoice.payments
          .filter((payment) => payment.method === paymentMethodId)
          .map(({ id: paymentId, receivedDate, value, settled }) => ({
            id: paymentId,
            receivedDate,
            value: toBitcoin(toCents(value)),
            fee: '0',
            status: settled ? 'Settled' : 'Processing',
            destination: 'stand-in',
          })),
      }))
    }
    if (action === 'status' && method === 'POST') {
      const events = mark(invoice, text(body.status) as Status)
      if (!events) throw invalid('Status', 'Status can only be marked to invalid or settled')
      change(invoice, events)
      return show(invoice)
    }
    if (action === 'refund' && method === 'POST') {
      const made = refund(invoice, body, base)
      if (!losesRefund) return made
      losesRefund = false
      throw new Error('the answer is lost')
    }
    throw new Refusal(404, { code: 'not-found', message: 'The stand-in does not speak this' })
  }

  /** What a wallet, the chain or the clock does. */
  function act(invoice: Invoice, action: string | undefined, body: Body): void {
    const rest = due(invoice)
    const method = body.method === 'onchain' ? 'BTC-CHAIN' : 'BTC-LN'
    if (action === 'pay') pay(invoice, method, text(body.amount) || fromCents(rest))
    else if (action === 'pay-full' && rest > 0n) pay(invoice, 'BTC-LN', fromCents(rest))
    else if (action === 'pay-onchain' && rest > 0n) pay(invoice, 'BTC-CHAIN', fromCents(rest))
    else if (action === 'pay-part' && rest > 1n) pay(invoice, 'BTC-LN', fromCents(rest / 2n))
    else if (action === 'confirm') change(invoice, confirm(invoice))
    else if (action === 'expire') change(invoice, expire(invoice, now()))
    else if (action === 'force') change(invoice, force(invoice, text(body.status) as Status))
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const base = `http://${req.headers.host ?? `${settings.host}:${settings.port}`}`
    const url = new URL(req.url ?? '/', base)
    const method = req.method ?? 'GET'
    const [, area, second, third, fourth] = url.pathname.split('/')
    const body = await readBody(req)
    if (area === 'i') {
      const invoice = find(second)
      if (third === 'status') return json(res, 200, { status: invoice.status })
      if (method === 'POST') {
        act(invoice, third, {})
        res.writeHead(303, { location: `/i/${invoice.id}` }).end()
        return
      }
      res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(checkoutPage(invoice))
      return
    }
    if (area === 'standin' && second === 'webhooks') {
      webhooks.mode = text(body.mode) as Mode
      return json(res, 200, { mode: webhooks.mode })
    }
    if (area === 'standin' && second === 'permissions') {
      isForbidden = body.forbidden === true
      if (Array.isArray(body.permissions)) state.permissions = body.permissions.map(String)
      file.save()
      return json(res, 200, { forbidden: isForbidden })
    }
    if (area === 'standin' && second === 'refunds') {
      losesRefund = body.lose === true
      return json(res, 200, { lose: losesRefund })
    }
    if (area === 'standin' && second === 'faults') {
      if (method === 'GET') return json(res, 200, faults.done)
      const plan = misbehaviourSchema.safeParse(body)
      if (!plan.success) throw invalid('faults', plan.error.message)
      faults.behave(plan.data)
      return json(res, 200, plan.data)
    }
    if (area === 'standin' && second === 'deliveries') return json(res, 200, state.deliveries)
    if (area === 'standin' && second === 'payouts') {
      return json(res, 200, advancePayout(state.payouts[third ?? ''], fourth ?? ''))
    }
    if (area === 'standin' && second === 'invoices') {
      const invoice = find(third)
      act(invoice, fourth, body)
      return json(res, 200, toGreenfield(invoice, settings.storeId, base))
    }
    if (area !== 'api') throw new Refusal(404, { code: 'not-found', message: 'Nothing is here' })
    if (url.pathname.startsWith('/api/v1/pull-payments/')) {
      return json(res, 200, payouts(method, url, body))
    }
    const open = url.pathname === '/api/v1/health'
    if (!open && req.headers.authorization !== `token ${settings.apiKey}`) {
      throw new Refusal(401, { code: 'unauthenticated', message: 'Authentication is required' })
    }
    const answer = () => greenfield(method, url, body, base)
    const fault = faults.answer(kindOf(method, url.pathname.slice(storePath.length + 1)))
    if (fault) return answerBadly(fault, res, faults.delayMs, answer)
    json(res, 200, answer())
  }

  const server = createServer((req, res) => {
    handle(req, res).catch((error: unknown) => {
      if (error instanceof Refusal) return json(res, error.status, error.body)
      log(`error: ${(error as Error).message}`)
      json(res, 500, { code: 'unexpected', message: 'The stand-in failed' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.host, resolve)
  })
  const clock = setInterval(() => {
    for (const invoice of Object.values(state.invoices)) {
      if (invoice.status === 'New' && invoice.expirationTime <= now()) {
        change(invoice, expire(invoice, now()))
      }
    }
  }, EXPIRY_CHECK_MS)
  void webhooks.run()

  return {
    server,
    async close() {
      clearInterval(clock)
      webhooks.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readBody(req: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT_BYTES) throw new Refusal(413, { code: 'too-large', message: 'Too large' })
    chunks.push(chunk)
  }
  const raw = Buffer.concat(chunks).toString('utf8')
  if (!raw || !req.headers['content-type']?.includes('json')) return {}
  try {
    return JSON.parse(raw) as Body
  } catch {
    throw new Refusal(400, { code: 'generic-error', message: 'The body is not JSON' })
  }
}

function json(res: ServerResponse, status: number, body: unknown): void {
  res
    .writeHead(status, { 'content-type': 'application/json' })
    .end(body === undefined ? undefined : JSON.stringify(body))
}
