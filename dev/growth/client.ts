import { storefrontSignature } from '../integration/storefront-signature.ts'
import { ADMIN } from '../shop/settings.ts'
import { API, BTCPAY, MACHINES } from './addresses.ts'
import { appEnvironment } from './app-host.ts'

/** No call may hang the rehearsal. */
const TIMEOUT_MS = 30_000

/** An answer that is not 2xx. */
export class Refused extends Error {
  readonly status: number
  constructor(line: string, status: number) {
    super(line)
    this.status = status
  }
}

export interface Call {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

/** One HTTP call; throws Refused with status and body when the answer is not 2xx. */
export async function call<T>(url: string, { method, body, headers }: Call = {}): Promise<T> {
  const verb = method ?? (body === undefined ? 'GET' : 'POST')
  const response = await fetch(url, {
    method: verb,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const text = await response.text()
  if (!response.ok) {
    throw new Refused(`${verb} ${url}: ${response.status} ${text.slice(0, 300)}`, response.status)
  }
  return (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T
}

/** One call of the store API; `base` is the load balancer or one host. */
export function store<T>(path: string, body?: unknown, base: string = API): Promise<T> {
  const { MEDUSA_PUBLISHABLE_KEY: key = '', REVALIDATE_SECRET: secret } = appEnvironment(
    MACHINES.first,
  )
  // As the storefront asks, for a client on loopback, which is not counted.
  const headers = { 'x-publishable-api-key': key, ...storefrontSignature('127.0.0.1', secret) }
  return call<T>(`${base}/store${path}`, { body, headers })
}

/** A token of the seeded owner. */
export async function ownerToken(base: string): Promise<string> {
  const { email, password } = ADMIN
  const body = { email, password }
  return (await call<{ token: string }>(`${base}/auth/user/emailpass`, { body })).token
}

export interface Order {
  display_id: number
  payment_status: string
}

/** Every order of the shop, as one host shows them to the owner. */
export async function ordersAt(base: string, token: string): Promise<Order[]> {
  const all: Order[] = []
  for (;;) {
    const query = `limit=100&offset=${all.length}&fields=id,display_id,payment_status`
    const headers = { authorization: `Bearer ${token}` }
    const page = await call<{ orders: Order[]; count: number }>(`${base}/admin/orders?${query}`, {
      headers,
    })
    all.push(...page.orders)
    if (all.length >= page.count || page.orders.length === 0) return all
  }
}

/** Pays an invoice in full, as a wallet does. */
export function payInvoice(invoiceId: string): Promise<unknown> {
  return call(`${BTCPAY}/standin/invoices/${invoiceId}/pay`, { body: { method: 'lightning' } })
}
