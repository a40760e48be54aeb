import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { environment, required } from '../environment'
import { isSigned } from '../modules/btcpay/signature'
import { CLIENT_HEADER, type Client, clientOf } from './client'
import { type Counter, counter, take } from './counters'
import { limitOf, passwordDoor, segmentsOf } from './doors'
import { LIMITS, type LimitName, RESET_MAILS } from './limits'
import { refuse } from './refusal'

let counters: Record<LimitName, Counter> | undefined
let resetMails: Counter | undefined

/** Made at the first request of any kind, a probe's: Redis is connected when the first visitor comes. */
function allCounters(): Record<LimitName, Counter> {
  counters ??= Object.fromEntries(
    Object.entries(LIMITS).map(([name, limit]) => [name, counter(name, limit)]),
  ) as Record<LimitName, Counter>
  return counters
}

/** Who a request is counted for. */
export function clientOfRequest(req: MedusaRequest): Client {
  const secret = required(environment(), 'REVALIDATE_SECRET')
  return clientOf(req.ip, req.headers[CLIENT_HEADER], secret)
}

/** A delivery that BTCPay has signed is never refused: a 429 would hold up the events behind it. */
function limitOfWebhook(req: MedusaRequest & { rawBody?: Buffer }): LimitName | undefined {
  const secret = environment().BTCPAY_WEBHOOK_SECRET
  const signature = String(req.headers['btcpay-sig'] ?? '')
  return secret && req.rawBody && isSigned(req.rawBody, signature, secret)
    ? undefined
    : 'forgedWebhook'
}

/** A counter's key is kept in memory: an address of mail is no longer. */
const KEY_MAX_LENGTH = 254

function text(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value.trim().toLowerCase().slice(0, KEY_MAX_LENGTH) : ''
}

/** Refuses with 429 what is too much for one client; see limits.ts. */
export async function limitRequests(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const counted = allCounters()
  const segments = segmentsOf(req.originalUrl)
  const webhook = segments[0] === 'hooks' && segments[1] === 'btcpay' && req.method === 'POST'
  const limit = webhook
    ? limitOfWebhook(req)
    : limitOf(req.method, req.originalUrl, 'q' in req.query)
  if (!limit) return next()
  const client = clientOfRequest(req)
  // This machine's own probes, and the cache that stands between visitors and the catalogue.
  const free = client.local || (client.storefront && limit === 'catalogue')
  const seconds = free ? 0 : await take(counted[limit], client.key)
  if (seconds > 0) return refuse(res, seconds)
  if (passwordDoor(segments) === 'passwordReset') {
    resetMails ??= counter('reset-mails', RESET_MAILS)
    const account = text(req.body, 'identifier')
    const wait = account ? await take(resetMails, account) : 0
    if (wait > 0) return refuse(res, wait)
  }
  next()
}
