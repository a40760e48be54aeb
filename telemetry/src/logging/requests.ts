import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { enterContext, type Facts, inContextOf } from './context'
import { type Level, record } from './record'

/** How an app knows its requests. */
export interface RequestNames {
  /** Who asks, and for what as far as it can be known: at least the request's id. */
  begin(request: IncomingMessage): Facts
  /** What is known when the answer has left. */
  end?(request: IncomingMessage): Facts
  /** Asked all the time by machines, or of no interest. */
  quiet(route: string): boolean
}

/** Node's own channel: published before any listener of a server sees the request. */
const REQUEST_STARTS = 'http.server.request.start'

/**
 * From now on each request of this process has a context, and one line when its answer has left.
 * Frameworks have no place that sees every request; Node's channel does.
 */
export function watchRequests(names: RequestNames): void {
  subscribe(REQUEST_STARTS, (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const began = performance.now()
    const facts = { ...names.begin(request), method: request.method }
    enterContext(facts)
    response.once('close', () => {
      const found = { ...facts, ...names.end?.(request) }
      const route = found.route ?? '*'
      const status = response.statusCode
      const whole = response.writableFinished
      const level: Level = status >= 500 ? 'warn' : names.quiet(route) ? 'debug' : 'info'
      const durationMs = Math.round(performance.now() - began)
      const words = `${found.method} ${route} ${status}${whole ? '' : ', the client left'}`
      // An answer may end in the flow of another request of the same connection.
      inContextOf({ ...found, status, durationMs }, () => record(level, words))
    })
  })
}
