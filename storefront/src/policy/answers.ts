import { ServerResponse } from 'node:http'
import { inlineSources } from './inline-scripts'
import { DATA_POLICY, POLICY, pagePolicy } from './policy'

/** Policies of pages that were sent before, by ETag; one is below 1 KB. */
const known = new Map<string, string>()

/** Pages that are found; of what is not, anybody can make up addresses, and none is remembered. */
const KNOWN_MAX = 1_000

function isPage(answer: ServerResponse): boolean {
  return String(answer.getHeader('content-type')).startsWith('text/html')
}

/** The policy of a complete page, made once for a text. Null: nobody knows it without the text. */
function completePolicy(answer: ServerResponse, body: unknown): string | null {
  const etag = String(answer.getHeader('etag') ?? '')
  const before = known.get(etag)
  if (before) return before
  if (typeof body !== 'string' || body === '') return null
  const policy = pagePolicy(inlineSources(body))
  if (etag === '' || answer.statusCode >= 400) return policy
  if (known.size >= KNOWN_MAX) known.clear()
  known.set(etag, policy)
  return policy
}

/**
 * From now on no answer of this process leaves without a Content-Security-Policy:
 * - a page that is sent whole, as everything cached is, lists the hashes of its inline scripts;
 * - a page that streams has a nonce from `src/proxy.ts`; without it no inline script runs;
 * - anything else is data.
 *
 * Next offers no place for this: its headers are fixed before a page is there, and a nonce, its
 * only other means, makes every page dynamic. So Node's own two methods are extended.
 */
export function giveAnswersTheirPolicy(): void {
  const { end, writeHead } = ServerResponse.prototype

  ServerResponse.prototype.end = function (this: ServerResponse, ...given: unknown[]) {
    if (!this.headersSent && !this.hasHeader(POLICY) && isPage(this)) {
      const policy = completePolicy(this, given[0])
      if (policy) this.setHeader(POLICY, policy)
    }
    return Reflect.apply(end, this, given)
  } as typeof end

  ServerResponse.prototype.writeHead = function (this: ServerResponse, ...given: unknown[]) {
    // A 304 must not replace the policy of the page that the browser kept.
    if (!this.headersSent && !this.hasHeader(POLICY) && given[0] !== 304) {
      this.setHeader(POLICY, isPage(this) ? pagePolicy([]) : DATA_POLICY)
    }
    return Reflect.apply(writeHead, this, given)
  } as typeof writeHead
}
