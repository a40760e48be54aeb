import { createHmac } from 'node:crypto'

/**
 * Headers with which the storefront names the shopper it asks for (`x-rr-client`, see app/src/limits/client.ts).
 * @param address the shopper's IP address, or `storefront` for the cache that all visitors share
 */
export function storefrontSignature(
  address: string,
  secret = process.env.RR_REVALIDATE_SECRET ?? '',
): Record<string, string> {
  const seconds = address === 'storefront' ? 0 : Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', secret)
    .update(`client ${address} ${seconds}`)
    .digest('hex')
  return { 'x-rr-client': `${address} ${seconds} ${signature}` }
}
