import * as ipaddr from 'ipaddr.js'

/** A page tells three errors at most; a visitor who goes on and meets them again is known by then. */
const PER_CLIENT = 5
/** Length of the time in which they are counted. */
const WINDOW_MS = 3_600_000
/** Clients that are told apart in that time; the one seen first is forgotten first. */
const CLIENTS_MAX = 10_000

/** Bits of an IPv6 address that one customer of a provider has at the least. */
const IPV6_PREFIX_BITS = 64

const counts = new Map<string, number>()
let window = 0

/** One name for all addresses that one client can choose among, as `app/src/limits/client.ts` has it. */
function clientOf(address: string | undefined): string {
  if (!address || !ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString()
  return parsed.parts.slice(0, IPV6_PREFIX_BITS / 16).join(':')
}

/** Counts one error that a client sends, and says whether it is one of the few that it may in an hour. */
export function isRoomFor(address: string | undefined, now: number): boolean {
  const current = Math.floor(now / WINDOW_MS)
  if (window !== current) {
    window = current
    counts.clear()
  }
  const client = clientOf(address)
  const sent = (counts.get(client) ?? 0) + 1
  if (sent > PER_CLIENT) return false
  const first = counts.keys().next().value
  if (counts.size >= CLIENTS_MAX && !counts.has(client) && first) counts.delete(first)
  counts.set(client, sent)
  return true
}
