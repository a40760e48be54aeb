import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether BTCPay signed these bytes: header `BTCPay-Sig: sha256=<hex HMAC-SHA256 of the raw body>`.
 * Compared in constant time, so that an answer's delay tells nothing about the secret.
 */
export function isSigned(rawBody: Buffer, header: string | undefined, secret: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
