import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { environment } from '../environment'
import { currentFacts } from './context'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Caddy's id of a request, which it writes over a visitor's own; without Caddy, one of our own. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && UUID.test(given) ? given : randomUUID()
}

/**
 * Headers that tell Medusa which visitor's request a call is for, as W3C Trace Context: Next leaves
 * these two out of its cache's keys. Signed, since a stranger may write any header;
 * `app/src/logging/request-id.ts` checks it. Empty outside of a request, as in a build.
 */
export function traceHeaders(): Record<string, string> {
  const id = currentFacts().requestId
  const secret = id && environment().REVALIDATE_SECRET
  if (!id || !secret) return {}
  const trace = id.replaceAll('-', '')
  const signature = createHmac('sha256', secret).update(`request ${id}`).digest('hex').slice(0, 32)
  return {
    traceparent: `00-${trace}-${trace.slice(-16)}-01`,
    tracestate: `rr=${signature}`,
  }
}
