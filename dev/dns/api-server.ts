import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A record as Cloudflare's API lists it. */
export interface ApiRecord {
  name: string
  type: string
  content: string
  proxied?: boolean
  priority?: number
  data?: { flags: number; tag: string; value: string }
}

/** What the stand-in holds; answers are made from it at each request. */
export interface ApiState {
  token: string
  zone: { id: string; name: string; status: string; paused: boolean }
  records: ApiRecord[]
  settings: Record<string, string>
  /** Answers in the stand-in's place; true when it did. */
  instead?: (request: IncomingMessage, response: ServerResponse) => boolean
}

export interface ApiServer {
  base: string
  /** Paths with queries, in order. */
  asked: string[]
  close(): void
}

/** The part of Cloudflare's API v4 that is read here, on loopback, in its published shapes. */
export async function startApiServer(state: ApiState): Promise<ApiServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (state.instead?.(request, response)) return
    if (request.headers.authorization !== `Bearer ${state.token}`) {
      return refuse(response, 403, 10000, 'Authentication error')
    }
    const url = new URL(request.url ?? '', 'http://stand-in')
    const [, top, id, area, setting] = url.pathname.split('/')
    if (top !== 'zones') return refuse(response, 404, 7003, 'Could not route')
    if (!id) {
      const result = [state.zone].filter(({ name }) => name === url.searchParams.get('name'))
      return send(response, 200, { ...succeeded(result), result_info: pages(url, result.length) })
    }
    if (id !== state.zone.id) return refuse(response, 404, 7003, 'Could not route')
    if (area === 'dns_records') {
      const info = pages(url, state.records.length)
      const from = (info.page - 1) * info.per_page
      const result = state.records.slice(from, from + info.per_page).map((record) => ({
        id: '372e67954025e0ba6aaa6d586b9e0b59',
        proxiable: record.proxied !== undefined,
        proxied: false,
        ttl: 1,
        settings: {},
        meta: {},
        comment: null,
        tags: [],
        created_on: '2026-01-01T05:20:00.12345Z',
        modified_on: '2026-01-01T05:20:00.12345Z',
        ...record,
      }))
      return send(response, 200, { ...succeeded(result), result_info: info })
    }
    const value = state.settings[setting ?? '']
    if (area !== 'settings' || value === undefined) {
      return refuse(response, 404, 7003, 'Could not route')
    }
    send(response, 200, succeeded({ id: setting, value, editable: true, modified_on: null }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** An error in Cloudflare's shape. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
): void {
  const body = { success: false, errors: [{ code, message }], messages: [], result: null }
  send(response, status, body)
}

function succeeded(result: unknown) {
  return { success: true, errors: [], messages: [], result }
}

function pages(url: URL, total: number) {
  const page = Number(url.searchParams.get('page') ?? 1)
  const per_page = Number(url.searchParams.get('per_page') ?? 100)
  const count = Math.max(0, Math.min(per_page, total - (page - 1) * per_page))
  return { page, per_page, count, total_count: total, total_pages: Math.ceil(total / per_page) }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
