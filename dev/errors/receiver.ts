import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { type Envelope, parseEnvelope } from './envelope.ts'

/** What an event of ours has; everything else of it is checked as text. */
export interface ReceivedEvent {
  event_id: string
  level?: string
  release?: string
  environment?: string
  server_name?: string
  platform?: string
  tags: Record<string, string>
  extra: Record<string, number>
  exception?: {
    values: {
      type: string
      value: string
      mechanism?: { type: string; handled?: boolean }
      stacktrace?: { frames: { filename?: string; function?: string; lineno?: number }[] }
    }[]
  }
  request?: { url?: string; method?: string }
  debug_meta?: { images: { debug_id: string; code_file: string }[] }
  contexts?: { browser?: { name: string } }
}

export interface ReceivedCheckIn {
  monitor_slug: string
  status: string
  monitor_config?: { schedule: { type: string; value: number; unit: string } }
}

/** A stand-in for Sentry's address that takes envelopes. */
export interface Receiver {
  dsn: string
  envelopes: Envelope[]
  /** Everything that has come, as it would be read by whoever keeps it. */
  text(): string
  events(): ReceivedEvent[]
  checkIns(): ReceivedCheckIn[]
  close(): Promise<void>
}

/** 32 hex digits, as Sentry's own keys. */
export const KEY = 'e0'.repeat(16)
export const PROJECT = '42'

/** @param port on 127.0.0.1; 0: any */
export async function startReceiver(port = 0): Promise<Receiver> {
  const envelopes: Envelope[] = []
  const raw: string[] = []
  const server = createHttpServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const right =
        request.method === 'POST' &&
        request.url?.split('?')[0] === `/api/${PROJECT}/envelope/` &&
        (String(request.headers['x-sentry-auth']).includes(`sentry_key=${KEY}`) ||
          request.url.includes(`sentry_key=${KEY}`))
      if (!right) {
        response.writeHead(403).end()
        return
      }
      try {
        const envelope = parseEnvelope(Buffer.concat(parts), request.headers['content-encoding'])
        envelopes.push(envelope)
        raw.push(JSON.stringify(request.headers), JSON.stringify(envelope))
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ id: envelope.header.event_id }))
      } catch (error) {
        response.writeHead(400).end((error as Error).message)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: opened } = server.address() as AddressInfo
  const of = <T>(type: string) =>
    envelopes.flatMap(({ items }) =>
      items.filter(({ header }) => header.type === type).map(({ payload }) => payload as T),
    )
  return {
    dsn: `http://${KEY}@127.0.0.1:${opened}/${PROJECT}`,
    envelopes,
    text: () => raw.join('\n'),
    events: () => of<ReceivedEvent>('event'),
    checkIns: () => of<ReceivedCheckIn>('check_in'),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Takes connections and never answers: a receiver that hangs. */
export async function startSilence(): Promise<{ dsn: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    dsn: `http://${KEY}@127.0.0.1:${port}/${PROJECT}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
