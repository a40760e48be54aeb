import { createHmac } from 'node:crypto'

/** Digits of a signature that travel: a half of SHA-256. */
const SIGNATURE_LENGTH = 32

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Whether this is an id of a request as Caddy gives them (`nixos/caddy/proxy.caddy`). */
export function isRequestId(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text)
}

/** Proves to Medusa that the storefront wrote an id: a stranger may write any header. */
export function signatureOf(id: string, secret: string): string {
  const signature = createHmac('sha256', secret).update(`request ${id}`).digest('hex')
  return signature.slice(0, SIGNATURE_LENGTH)
}
