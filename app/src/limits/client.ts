import { createHmac, timingSafeEqual } from 'node:crypto'
import * as ipaddr from 'ipaddr.js'

/** The header in which our storefront names the shopper that it asks for. */
export const CLIENT_HEADER = 'x-rr-client'

/** A named shopper counts for this long, so that a recorded header is worthless soon. */
const MAX_AGE_SECONDS = 300

/** Bits of an IPv6 address that one customer of a provider has at the least. */
const IPV6_PREFIX_BITS = 64

/** Who asks. */
export interface Client {
  /** What is counted: an IPv4 address, an IPv6 /64, or `storefront`. */
  key: string
  /** On this machine itself: see `clientOf`. */
  local: boolean
  /** Our storefront for its own cache, which all visitors share. */
  storefront: boolean
}

/** One key for an address, so that nobody has 2^64 of them. */
function addressClient(text: string): Client {
  if (!ipaddr.isValid(text)) return { key: 'unknown', local: false, storefront: false }
  const address = ipaddr.process(text)
  const local = address.range() === 'loopback'
  if (address instanceof ipaddr.IPv6) {
    const network = address.parts.slice(0, IPV6_PREFIX_BITS / 16).map((part) => part.toString(16))
    return { key: `${network.join(':')}::/64`, local, storefront: false }
  }
  return { key: address.toString(), local, storefront: false }
}

/**
 * What our storefront says of who it asks for: `SUBJECT SECONDS SIGNATURE`, where SUBJECT is the shopper's
 * address, or `storefront` for its own cache (SECONDS 0, as the header is part of the cache's key), and
 * SIGNATURE the hex HMAC-SHA256 of `client SUBJECT SECONDS` with REVALIDATE_SECRET.
 * @returns undefined when it is not signed by us, or too old
 */
export function saidByStorefront(
  header: string,
  secret: string,
  nowSeconds: number,
): Client | undefined {
  const [subject = '', seconds = '', signature = '', more] = header.split(' ')
  const wanted = createHmac('sha256', secret).update(`client ${subject} ${seconds}`).digest()
  const given = Buffer.from(signature, 'hex')
  if (more !== undefined || given.length !== wanted.length) return undefined
  if (!timingSafeEqual(given, wanted)) return undefined
  if (subject === 'storefront') return { key: subject, local: false, storefront: true }
  // Written so that what is no number is too old.
  if (!(Math.abs(nowSeconds - Number(seconds)) <= MAX_AGE_SECONDS)) return undefined
  return addressClient(subject)
}

/**
 * Who a request is counted for. `local` can only be said of a process on this machine: Caddy writes its own
 * peer (or what Cloudflare names) over any X-Forwarded-For, and Medusa listens on loopback alone.
 * @param ip the address as Express sees it behind the trusted proxies
 * @param header what the storefront says; a stranger's counts for nothing
 */
export function clientOf(
  ip: string | undefined,
  header: string | string[] | undefined,
  secret: string,
  nowSeconds: number = Date.now() / 1_000,
): Client {
  const said = typeof header === 'string' ? saidByStorefront(header, secret, nowSeconds) : undefined
  return said ?? addressClient(ip ?? '')
}
