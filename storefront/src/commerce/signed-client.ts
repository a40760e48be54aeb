import { createHmac } from 'node:crypto'

/**
 * Says to Medusa for whom a call is; `app/src/limits/client.ts` checks it, and believes nobody else.
 * @param subject the shopper's address, or `storefront` for the shared cache
 * @param seconds Unix seconds; 0 for `storefront`
 */
export function signedClient(
  subject: string,
  seconds: number,
  secret: string,
): Record<string, string> {
  const signature = createHmac('sha256', secret)
    .update(`client ${subject} ${seconds}`)
    .digest('hex')
  return { 'x-rr-client': `${subject} ${seconds} ${signature}` }
}
