import { setTimeout as delay } from 'node:timers/promises'
import type { z } from 'zod'
import { Problem } from '../shop/steps.ts'

export type FailureKind =
  | 'unreachable'
  | 'timeout'
  | 'too many requests'
  | 'token refused'
  | 'refused'
  | 'unreadable'

export interface FailureFacts {
  kind: FailureKind
  /** Status of HTTP, if there was an answer. */
  status?: number
  /** The service's own codes, such as Cloudflare's 81053. */
  codes?: readonly string[]
  /** A change was sent and nobody said what became of it. */
  doubtful?: boolean
}

/** What a service outside refused or failed to do, as one line without the token. */
export class ApiFailure extends Problem {
  readonly kind: FailureKind
  readonly status: number | undefined
  readonly codes: readonly string[]
  readonly doubtful: boolean

  constructor(line: string, { kind, status, codes = [], doubtful = false }: FailureFacts) {
    super(line)
    this.kind = kind
    this.status = status
    this.codes = codes
    this.doubtful = doubtful
  }
}

/** One service and how to speak to it. */
export interface Service {
  /** As lines begin, such as "Cloudflare's API". */
  name: string
  /** Without a slash at its end. */
  base: string
  token: string
  timeoutMs: number
  /** How long to wait in all when the service asks for patience (429); 0 gives up at once. */
  patienceMs: number
  /** What to wait when it asks for patience without saying how long. */
  pauseSeconds: number
}

export interface Sent {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string>
  body?: unknown
}

export interface Answered {
  status: number
  ok: boolean
  text: string
}

/**
 * Checks a service's address and token before anything is sent.
 * @param variable the environment's name for the token
 * @throws Problem in one line, without the token
 */
export function checkService({ base, token }: Service, variable: string): void {
  // Checked here because fetch would print a header that it refuses.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Problem(`${variable} has characters that no token has: copy it again`)
  }
  const { protocol, hostname } = parseUrl(base)
  const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
  // A token must not cross a network in the clear.
  if (protocol !== 'https:' && !loopback) throw new Problem(`--api ${base} is not https`)
}

/**
 * Sends one request; a 429 is waited for within the service's patience, since nothing was done.
 * Nothing else is tried again: a change whose answer was lost may have been made.
 * @throws ApiFailure when there is no answer
 */
export async function send(service: Service, sent: Sent): Promise<Answered> {
  let patienceMs = service.patienceMs
  for (;;) {
    const response = await fetchOnce(service, sent)
    if (response.status !== 429) return response
    const seconds = response.retryAfter ?? service.pauseSeconds
    if (seconds * 1000 > patienceMs) {
      throw failure(service, sent, `has had too many requests: try again in ${seconds} s`, {
        kind: 'too many requests',
        status: 429,
      })
    }
    patienceMs -= seconds * 1000
    console.error(`${service.name} asks for patience: going on in ${seconds} s`)
    await delay(seconds * 1000)
  }
}

/** A failure that names the request, in one line, with the token taken out of what the service said. */
export function failure(
  { name, token }: Service,
  { method, path }: Sent,
  what: string,
  facts: FailureFacts,
): ApiFailure {
  const line = `${name} (${method} ${path}) ${what}`.trimEnd()
  return new ApiFailure(line.replaceAll(token, '[token]').replaceAll(/\s+/g, ' '), facts)
}

/** Where an answer has another shape than it should, in one line. */
export function misshapen({ issues: [issue] }: z.ZodError): string {
  return `answers in an unknown shape: ${issue?.path.join('.') || 'result'}: ${issue?.message}`
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function fetchOnce(service: Service, sent: Sent) {
  const { method, path, query = {}, body } = sent
  const search = new URLSearchParams(query).toString()
  const doubtful = method !== 'GET'
  try {
    const response = await fetch(`${service.base}${path}${search ? `?${search}` : ''}`, {
      method,
      headers: {
        authorization: `Bearer ${service.token}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The token goes to the service and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(service.timeoutMs),
    })
    const retryAfter = secondsOf(response.headers.get('retry-after'))
    return { status: response.status, ok: response.ok, text: await response.text(), retryAfter }
  } catch (error) {
    const { name, message, cause } = error as Error
    if (name === 'TimeoutError') {
      const what = `does not answer within ${service.timeoutMs / 1000} s`
      throw failure(service, sent, what, { kind: 'timeout', doubtful })
    }
    const reason = cause instanceof Error ? cause.message : message
    throw failure(service, sent, `cannot be reached: ${reason}`, { kind: 'unreachable', doubtful })
  }
}

/** Retry-After is a number of seconds or a date: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function secondsOf(header: string | null): number | undefined {
  if (!header) return undefined
  if (/^\d+$/.test(header)) return Number(header)
  const until = Date.parse(header)
  return Number.isNaN(until) ? undefined : Math.max(0, Math.ceil((until - Date.now()) / 1000))
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new Problem(`--api ${text}: this is no address of a web server`)
  }
}
