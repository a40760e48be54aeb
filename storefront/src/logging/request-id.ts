import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { currentFacts } from '@rr-bizops/telemetry/logging/context'
import { isRequestId, signatureOf } from '@rr-bizops/telemetry/logging/request-id'
import { environment } from '../environment'

/** Caddy's id of a request, which it writes over a visitor's own; without Caddy, one of our own. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  return isRequestId(given) ? given : randomUUID()
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
  return {
    traceparent: `00-${trace}-${trace.slice(-16)}-01`,
    tracestate: `rr=${signatureOf(id, secret)}`,
  }
}
