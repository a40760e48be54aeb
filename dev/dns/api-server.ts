import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { isIPv4, isIPv6 } from 'node:net'
import { type ApiServer, type Instead, Refusal, send, serveApi } from '../outside/stand-in.ts'

/** A record as Cloudflare's API lists it. */
export interface ApiRecord {
  id?: string
  name: string
  type: string
  content: string
  proxied?: boolean
  priority?: number
  comment?: string | null
  data?: { flags: number; tag: string; value: string }
}

/** What the stand-in holds; answers are made from it at each request. */
export interface ApiState {
  token: string
  zone: { id: string; name: string; status: string; paused: boolean }
  records: ApiRecord[]
  settings: Record<string, string>
  dnssec?: string
  /** Methods that the token may use; all without it. */
  may?: readonly string[]
  instead?: Instead
}

const SETTINGS: Record<string, readonly string[]> = {
  ssl: ['off', 'flexible', 'full', 'strict', 'origin_pull'],
  always_use_https: ['on', 'off'],
  min_tls_version: ['1.0', '1.1', '1.2', '1.3'],
  rocket_loader: ['on', 'off'],
  email_obfuscation: ['on', 'off'],
}
const ADDRESS_TYPES = ['A', 'AAAA', 'CNAME']

/**
 * The part of Cloudflare's API v4 that is used here, on loopback, in its published shapes. It refuses
 * what Cloudflare refuses: https://developers.cloudflare.com/api/resources/dns/subresources/records/
 * Of the codes, those of the 81000s, 9004, 9005, 1007 and 10000 are known; the others stand for some code.
 */
export function startApiServer(state: ApiState): Promise<ApiServer> {
  return serveApi(
    ({ method, url, headers, body }) => {
      const known = headers.authorization === `Bearer ${state.token}`
      if (!known || (state.may && !state.may.includes(method))) {
        throw refusal(403, 10000, 'Authentication error')
      }
      if (method === 'GET') return { status: 200, body: read(state, url) }
      if (body === null || typeof (body ?? {}) !== 'object') {
        throw refusal(400, 9207, 'Invalid body')
      }
      return { status: 200, body: write(state, method, url, { ...(body as object) }) }
    },
    refusal(400, 6003, 'Invalid request headers'),
    state,
  )
}

/** An error in Cloudflare's shape. */
function refusal(status: number, code: number, message: string): Refusal {
  const errors = [{ code, message }]
  return new Refusal(status, { success: false, errors, messages: [], result: null })
}

/** Answers with an error in Cloudflare's shape. */
export function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
): void {
  send(response, refusal(status, code, message).answer)
}

function read(state: ApiState, url: URL) {
  const [, top, id, area, setting] = url.pathname.split('/')
  if (top !== 'zones') throw noRoute()
  if (!id) {
    const result = [state.zone].filter(({ name }) => name === url.searchParams.get('name'))
    return { ...succeeded(result), result_info: pages(url, result.length) }
  }
  if (id !== state.zone.id) throw noRoute()
  if (area === 'dnssec') return succeeded({ status: state.dnssec ?? 'disabled' })
  if (area === 'dns_records') {
    const info = pages(url, state.records.length)
    const from = (info.page - 1) * info.per_page
    const result = state.records.slice(from, from + info.per_page).map(listed)
    return { ...succeeded(result), result_info: info }
  }
  const value = state.settings[setting ?? '']
  if (area !== 'settings' || value === undefined) throw noRoute()
  return succeeded({ id: setting, value, editable: true, modified_on: null })
}

function write(state: ApiState, method: string, url: URL, body: Record<string, unknown>) {
  const [, top, zone, area, id] = url.pathname.split('/')
  if (top !== 'zones' || zone !== state.zone.id) throw noRoute()
  if (area === 'settings' && method === 'PATCH' && id) return setSetting(state, id, body)
  if (area !== 'dns_records') throw noRoute()
  if (method === 'POST' && !id) {
    const record = accepted(state, body)
    state.records.push(record)
    return succeeded(listed(record))
  }
  const index = state.records.findIndex((each) => listed(each).id === id)
  if (!id || index < 0) throw refusal(404, 81044, 'Record does not exist.')
  if (method === 'DELETE') {
    state.records.splice(index, 1)
    return succeeded({ id })
  }
  if (method !== 'PATCH') throw noRoute()
  const record = accepted(state, body, state.records[index])
  state.records[index] = { ...record, id }
  return succeeded(listed(record))
}

function setSetting(state: ApiState, id: string, { value }: Record<string, unknown>) {
  if (!SETTINGS[id]) throw refusal(400, 1006, 'Unrecognized zone setting name')
  if (typeof value !== 'string' || !SETTINGS[id].includes(value)) {
    throw refusal(400, 1007, `Invalid value for zone setting ${id}`)
  }
  state.settings[id] = value
  return succeeded({ id, value, editable: true, modified_on: null })
}

/** A record as the zone takes it; `changed` is the one that it replaces. */
function accepted(
  { zone, records }: ApiState,
  body: Record<string, unknown>,
  changed?: ApiRecord,
): ApiRecord {
  const { name, type, ttl, content, data, priority, proxied = false, comment = null } = body
  const others = records.filter((each) => each !== changed)
  if (typeof name !== 'string' || typeof type !== 'string' || typeof ttl !== 'number') {
    throw refusal(400, 9000, 'DNS record has no name, type or ttl')
  }
  if (name !== zone.name && !name.endsWith(`.${zone.name}`)) {
    throw refusal(400, 9003, 'DNS name is not in the zone')
  }
  if (ttl !== 1 && (ttl < 60 || ttl > 86_400)) throw refusal(400, 9021, 'Invalid TTL')
  // https://developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes/
  if (typeof comment === 'string' && comment.length > 100) {
    throw refusal(400, 9300, 'DNS record comment is too long')
  }
  if (proxied && !ADDRESS_TYPES.includes(type)) {
    throw refusal(400, 9004, 'This record type cannot be proxied.')
  }
  const record: ApiRecord = { name, type, ...contentOf(type, { content, data, priority }) }
  if (ADDRESS_TYPES.includes(type)) record.proxied = proxied === true
  record.comment = typeof comment === 'string' ? comment : null
  const twins = others.filter((each) => each.name === name)
  if (twins.some((each) => each.type === type && each.content === record.content)) {
    throw refusal(400, 81058, 'An identical record already exists.')
  }
  const alone = (each: string) => each === 'CNAME'
  const addresses = twins.filter((each) => ADDRESS_TYPES.includes(each.type))
  if (
    ADDRESS_TYPES.includes(type) &&
    addresses.some((each) => alone(each.type) || alone(record.type))
  ) {
    throw refusal(400, 81053, 'An A, AAAA, or CNAME record with that host already exists.')
  }
  return record
}

function contentOf(
  type: string,
  { content, data, priority }: Record<string, unknown>,
): Pick<ApiRecord, 'content' | 'data' | 'priority'> {
  if (type === 'CAA') {
    const { flags, tag, value } = (data ?? {}) as Record<string, unknown>
    if (typeof flags !== 'number' || typeof tag !== 'string' || typeof value !== 'string') {
      throw refusal(400, 9101, 'CAA needs data: flags, tag and value')
    }
    return { content: `${flags} ${tag} "${value}"`, data: { flags, tag, value } }
  }
  if (typeof content !== 'string' || !content) throw refusal(400, 9000, 'no content')
  if (type === 'A' && !isIPv4(content)) {
    throw refusal(400, 9005, 'Content for A record must be a valid IPv4 address.')
  }
  if (type === 'AAAA' && !isIPv6(content)) {
    throw refusal(400, 9006, 'Content for AAAA record must be a valid IPv6 address.')
  }
  if (type !== 'MX') return { content }
  if (typeof priority !== 'number') throw refusal(400, 9100, 'MX needs a priority')
  return { content, priority }
}

function listed(record: ApiRecord) {
  record.id ??= randomBytes(16).toString('hex')
  return {
    proxiable: ADDRESS_TYPES.includes(record.type),
    proxied: false,
    ttl: 1,
    settings: {},
    meta: {},
    comment: null,
    tags: [],
    created_on: '2026-01-01T05:20:00.12345Z',
    modified_on: '2026-01-01T05:20:00.12345Z',
    ...record,
    id: record.id,
  }
}

function noRoute(): Refusal {
  return refusal(404, 7003, 'Could not route')
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
