import { randomUUID, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Facts } from '@rr-bizops/telemetry/logging/context'
import { isRequestId, signatureOf } from '@rr-bizops/telemetry/logging/request-id'

/** W3C Trace Context: version, trace, parent, flags; the trace is the request's id without dashes. */
const TRACEPARENT =
  /^00-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-[0-9a-f]{16}-[0-9a-f]{2}$/
const TRACESTATE = /^rr=([0-9a-f]{32})$/

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

/** The visitor's request behind a call of the storefront; anybody else's word for it counts nothing. */
function parentId(headers: IncomingHttpHeaders, secret: string): string | undefined {
  const parts = TRACEPARENT.exec(header(headers, 'traceparent'))
  const signature = TRACESTATE.exec(header(headers, 'tracestate'))?.[1]
  if (!parts || !signature) return undefined
  const id = parts.slice(1, 6).join('-')
  const wanted = Buffer.from(signatureOf(id, secret))
  return timingSafeEqual(Buffer.from(signature), wanted) ? id : undefined
}

/**
 * Whose request this is. Caddy gives every request an id and takes away a visitor's own
 * (`nixos/caddy/proxy.caddy`); the storefront's calls say beside it which visitor they are for.
 */
export function requestFacts(headers: IncomingHttpHeaders, secret: string): Facts {
  const own = header(headers, 'x-request-id')
  const id = isRequestId(own) ? own : randomUUID()
  const parent = parentId(headers, secret)
  return parent ? { requestId: parent, hop: id } : { requestId: id }
}
