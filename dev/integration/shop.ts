import { eventually } from './eventually.ts'
import { storefrontSignature } from './storefront-signature.ts'

/** Addresses and credentials of the running shop; `npm test` sets them, see dev/shop. */
export const shop = {
  api: required('RR_API_URL'),
  storefront: required('RR_STOREFRONT_URL'),
  btcpay: required('RR_BTCPAY_URL'),
  control: required('RR_CONTROL_URL'),
  publishableKey: required('RR_PUBLISHABLE_KEY'),
  adminEmail: required('RR_ADMIN_EMAIL'),
  adminPassword: required('RR_ADMIN_PASSWORD'),
}

/** No call of a test may hang the suite. */
const REQUEST_TIMEOUT_MS = 30_000

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run these tests by "npm test"`)
  return value
}

/** One HTTP call; throws with status and body when the answer is not 2xx. */
export async function call<T>(url: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS), ...init })
  const text = await response.text()
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text}`)
  return (text ? JSON.parse(text) : undefined) as T
}

/** One call of Medusa's store API as the storefront makes it: signed, with the publishable key. */
export function store<T>(path: string, body?: unknown): Promise<T> {
  return call<T>(`${shop.api}/store${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'x-publishable-api-key': shop.publishableKey,
      'content-type': 'application/json',
      // A client on loopback is not counted; see app/src/limits.
      ...storefrontSignature('127.0.0.1'),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
}

let adminToken: string | undefined

/** One call of Medusa's admin API, signed in as the seeded owner; without a body it is a GET. */
export async function admin<T>(path: string, body?: unknown): Promise<T> {
  const json = { 'content-type': 'application/json' }
  adminToken ??= (
    await call<{ token: string }>(`${shop.api}/auth/user/emailpass`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ email: shop.adminEmail, password: shop.adminPassword }),
    })
  ).token
  return call<T>(`${shop.api}/admin${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...json, authorization: `Bearer ${adminToken}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
}

/** Kills, starts or restarts one process of the running shop. */
export function processControl(
  name: string,
  action: 'kill' | 'start' | 'restart',
  body: { signal?: string } = {},
): Promise<unknown> {
  return call(`${shop.control}/processes/${name}/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** Starts Medusa's processes again after a test killed them, and waits until both serve. */
export async function startMedusa(...names: string[]): Promise<void> {
  await Promise.all(names.map((name) => processControl(name, 'start')))
  await eventually('Medusa is ready again', 120, async () => {
    await call(`${shop.api}/ready`)
    return true
  })
}
