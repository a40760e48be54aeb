import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** A signed call is taken for this long, so that a recorded one is worthless soon. */
const MAX_AGE_SECONDS = 300

const message = z.object({ tags: z.array(z.enum(['catalogue'])).min(1) })

/**
 * Reads the backend's signed message about stale pages.
 * @param headers `x-rr-timestamp` (Unix seconds) and `x-rr-signature` (sha256=HMAC of `timestamp.body`)
 * @returns the stale tags; null when the signature, age or shape is wrong
 */
export function staleTags(
  body: string,
  headers: { timestamp: string | null; signature: string | null },
  secret: string,
  nowSeconds = Date.now() / 1000,
): string[] | null {
  const { timestamp, signature } = headers
  if (!timestamp || !signature || !/^\d+$/.test(timestamp)) return null
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  const given = Buffer.from(signature)
  const wanted = Buffer.from(`sha256=${expected}`)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
  if (Math.abs(nowSeconds - Number(timestamp)) > MAX_AGE_SECONDS) return null
  try {
    return message.parse(JSON.parse(body)).tags
  } catch {
    return null
  }
}
