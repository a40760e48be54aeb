import type { IncomingMessage } from 'node:http'
import type { Facts } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { findRoute } from '../surface/find'

/** What Express leaves in a request: the route that answered, and what its path held. */
type Routed = IncomingMessage & {
  route?: { path?: unknown }
  params?: Record<string, string>
  originalUrl?: string
}

/** Paths that no route of ours names: product files, the admin's own files, refused before a route. */
const AREAS = new Set(['store', 'admin', 'auth', 'hooks', 'app', 'static', 'health', 'ready'])

/** The pattern of a request's path, and whose cart or order page it names. */
export function routeOf(request: IncomingMessage): Facts & { route: string } {
  const { route, params, url, originalUrl } = request as Routed
  const path = route?.path
  if (typeof path === 'string' && path !== '*') {
    const id = params?.id
    const cart = id && path.startsWith('/store/carts/:id') ? short(id) : undefined
    const token = params?.token
    const page = token && path.startsWith('/store/order-pages/:token') ? short(token) : undefined
    return { route: path, cart, page }
  }
  // Refused before any route was asked: by the list of routes.
  const address = originalUrl ?? url ?? ''
  const listed = findRoute(request.method ?? '', address)
  if (listed) return { route: listed.route.path }
  const area = /^\/([\w-]+)/.exec(address)?.[1] ?? ''
  return { route: AREAS.has(area) ? `/${area}/*` : '*' }
}

/** Probes of this host, every few seconds. */
export function isProbe(route: string): boolean {
  return /^\/(?:health|ready)(?:\/|$)/.test(route)
}
