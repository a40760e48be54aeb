import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { type Environment, required } from '../environment'
import { isOpen, type Policy } from './gate'

/** Node's own channel: published before any listener of a server sees the request. */
const REQUEST_STARTS = 'http.server.request.start'

/** Medusa's form of an error; the same for every address that is not open. */
const NOT_FOUND = JSON.stringify({ type: 'not_found', message: 'The address was not found.' })

type Listener = (request: IncomingMessage, response: ServerResponse) => void

const guarded = new WeakSet<Server>()
const passed = new WeakSet<IncomingMessage>()

/** What the environment says of the gate. */
export function policyOf(values: Environment): Policy {
  return {
    storeOpen: values.STORE_API === 'open',
    secret: required(values, 'REVALIDATE_SECRET'),
  }
}

/** Answers as if nothing were there. Node throws away the body, which nobody has read. */
function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(NOT_FOUND),
    'cache-control': 'no-store',
  })
  response.end(NOT_FOUND)
}

function guard(server: Server, policy: Policy): void {
  guarded.add(server)
  const listeners = server.listeners('request') as Listener[]
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    if (!isOpen(request, policy)) {
      answerNotFound(response)
      return
    }
    passed.add(request)
    for (const listener of listeners) listener.call(server, request, response)
  })
}

/**
 * From now on every server of this process answers 404 to what is not open, before Medusa reads a body,
 * a session or a key, and before it answers to another site's preflight. Medusa has no place of its own
 * that comes so early; Node tells of each request before the server's own listeners see it.
 */
export function standGuard(policy: Policy): void {
  subscribe(REQUEST_STARTS, (message) => {
    const { server } = message as { server: Server }
    if (!guarded.has(server)) guard(server, policy)
  })
}

/** Lets nothing through that did not pass the guard, should an upgrade of Node or Medusa pass it by. */
export function requireGuard(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  if (passed.has(req)) next()
  else answerNotFound(res)
}
