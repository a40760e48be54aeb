import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'

/** One item of an envelope. */
export interface Item {
  type: string
  payload: Record<string, unknown>
}

/** One request as it came. */
export interface Request {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/**
 * Takes what the host calls: dead-man pings and Sentry's envelopes, which it parses as strictly as
 * develop.sentry.dev/sdk/envelopes describes them.
 */
export class Receiver {
  readonly requests: Request[] = []
  /** What every request is answered with. */
  status = 200
  private readonly server: Server
  private readonly port: number

  constructor(port: number) {
    this.port = port
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        this.requests.push({ path: request.url ?? '', headers: request.headers, body })
        response.writeHead(this.status).end('{}')
      })
    })
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve))
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Paths below a base, in the order in which they came. */
  pings(base: string): string[] {
    return this.requests
      .map(({ path }) => path)
      .filter((path) => path === base || path.startsWith(`${base}/`))
  }

  /** All items of all envelopes. */
  items(type: string): Record<string, unknown>[] {
    return this.requests
      .filter(({ path }) => path.endsWith('/envelope/'))
      .flatMap(({ body }) => parseEnvelope(body))
      .filter((item) => item.type === type)
      .map(({ payload }) => payload)
  }
}

/**
 * The items of an envelope: a line of headers, then for each item a line of headers and its payload of
 * exactly `length` bytes with a line end behind it.
 * @throws Error when it is no envelope
 */
export function parseEnvelope(text: string): Item[] {
  let rest = Buffer.from(text)
  const line = () => {
    const end = rest.indexOf(10)
    if (end < 0) throw new Error('a line does not end')
    const found = JSON.parse(rest.subarray(0, end).toString()) as Record<string, unknown>
    rest = rest.subarray(end + 1)
    return found
  }
  const headers = line()
  if (!Number.isFinite(Date.parse(String(headers.sent_at)))) throw new Error('no sent_at')
  const items: Item[] = []
  while (rest.length > 0) {
    const { type, length } = line()
    if (typeof type !== 'string' || typeof length !== 'number') throw new Error('no item header')
    const payload = JSON.parse(rest.subarray(0, length).toString()) as Record<string, unknown>
    if (rest[length] !== 10) throw new Error(`the payload is not ${length} bytes long`)
    rest = rest.subarray(length + 1)
    if (type === 'event' && payload.event_id !== headers.event_id) throw new Error('two ids')
    items.push({ type, payload })
  }
  return items
}
