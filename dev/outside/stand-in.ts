import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Answers in a stand-in's place; true when it did. */
export type Instead = (request: IncomingMessage, response: ServerResponse) => boolean

/** What a stand-in is asked. */
export interface Asked {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  /** The body; undefined without one. */
  body: unknown
}

/** What it answers: without a type of its own a body goes as JSON. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/** Thrown by what makes answers. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(status: number, body: unknown) {
    super(`refused with ${status}`)
    this.answer = { status, body }
  }
}

/** A service's API on loopback, at a port of the system's choice. */
export interface ApiServer {
  base: string
  /** Methods and paths with queries, in order. */
  asked: string[]
  /** Requests that would change something, as `POST /path {…}`, in order, refused ones too. */
  writes: string[]
  close(): void
}

/**
 * Serves an API that speaks JSON.
 * @param answer a Refusal that it throws is its answer; `badType` of a body that does not say it is JSON
 * @param state looked at with each request, so that tests may change it
 */
export async function serveApi(
  answer: (asked: Asked) => Answer,
  badType: Refusal,
  state: { instead?: Instead },
): Promise<ApiServer> {
  const asked: string[] = []
  const writes: string[] = []
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '', headers } = request
    const text = await bodyOf(request)
    asked.push(`${method} ${url}`)
    if (method !== 'GET') writes.push(`${method} ${url}${text ? ` ${text}` : ''}`)
    if (state.instead?.(request, response)) return
    try {
      if (text && headers['content-type'] !== 'application/json') throw badType
      const body: unknown = text ? JSON.parse(text) : undefined
      send(response, answer({ method, url: new URL(url, 'http://stand-in'), headers, body }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      send(response, error.answer)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    writes,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Writes an answer. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const type = { 'content-type': 'application/json' }
  response.writeHead(status, headers ?? type)
  response.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}
