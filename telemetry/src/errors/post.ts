import { type IncomingMessage, request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { Dsn } from './dsn'

/** A receiver that does not answer loses the event, and nobody waits for it. */
export const SEND_TIMEOUT_MS = 5_000

/**
 * Posts one envelope. Not by `fetch`: Next's own would take it for a part of the page that failed.
 * @returns the answer, read to its end
 */
export function post(dsn: Dsn, body: string | Uint8Array): Promise<IncomingMessage> {
  const request = dsn.envelopes.startsWith('https:') ? secure : plain
  return new Promise((resolve, reject) => {
    const sent = request(
      dsn.envelopes,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-sentry-envelope',
          'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${dsn.key}`,
        },
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      },
      (answer) => {
        answer.resume()
        answer.on('error', reject)
        answer.on('end', () => resolve(answer))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
