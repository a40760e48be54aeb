import type { IncomingHttpHeaders } from 'node:http'
import { CLIENT_HEADER, saidByStorefront } from '../limits/client'
import { findRoute, type Listed } from './find'

/** What decides besides the request itself. */
export interface Policy {
  /** The store API answers to the publishable key alone (`STORE_API`). */
  storeOpen: boolean
  /** Signs what the storefront says (`REVALIDATE_SECRET`). */
  secret: string
}

/** The part of a request that decides. */
export interface Asked {
  method?: string
  url?: string
  headers: IncomingHttpHeaders
}

/**
 * Whether a request may go on to Medusa. It does not say why not: what is closed, what is not ours and what
 * is not there look the same from outside.
 */
export function isOpen(asked: Asked, policy: Policy, nowSeconds = Date.now() / 1_000): boolean {
  const { method = '', url = '', headers } = asked
  // No text of ours has one, and a database refuses it with an error.
  if (/%00/.test(url)) return false
  const preflight = method === 'OPTIONS' ? headers['access-control-request-method'] : undefined
  const found = findRoute(preflight ?? method, url)
  if (!found?.exact) return false
  const { route } = found
  switch (route.access) {
    case 'public':
    case 'local':
    case 'admin':
      return true
    case 'storefront':
      // A preflight cannot be signed: browsers may only come while the store API is open.
      return policy.storeOpen || (!preflight && isStorefront(route, headers, policy, nowSeconds))
    case 'opened':
      return policy.storeOpen
    case 'closed':
      return false
  }
}

/** Whether our storefront asks: for a shopper a moment ago, or for its cache where that is enough. */
function isStorefront(
  route: Listed,
  headers: IncomingHttpHeaders,
  { secret }: Policy,
  nowSeconds: number,
): boolean {
  const header = headers[CLIENT_HEADER]
  const said = typeof header === 'string' ? saidByStorefront(header, secret, nowSeconds) : undefined
  return said !== undefined && (!said.storefront || route.cached === true)
}
