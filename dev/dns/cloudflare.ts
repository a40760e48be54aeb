import { isIP } from 'node:net'
import { z } from 'zod'
import {
  ApiFailure,
  checkService,
  type FailureFacts,
  failure,
  misshapen,
  parseJson,
  type Sent,
  type Service,
  send,
} from '../outside/request.ts'
import { Problem } from '../shop/steps.ts'
import { canonical } from './addresses.ts'
import { type KnownRecord, recordBody } from './record-body.ts'

export const API = 'https://api.cloudflare.com/client/v4'
const TIMEOUT_MS = 10_000
const PER_PAGE = 100
/** A zone of ours has a handful of records; more pages than this are a fault of the API. */
const MOST_PAGES = 100
/** A reader's; `apply` needs Edit in place of the last two Reads. */
const PERMISSIONS = 'the token needs Zone Read, DNS Read and Zone Settings Read for the zone'
const PERMISSIONS_TO_CHANGE = 'the token needs DNS Edit and Zone Settings Edit for the zone'
/** Cloudflare blocks for five minutes who asked too often, and says so in Retry-After. */
const PAUSE_SECONDS = 300

/** Of every answer: https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/ */
const envelope = z.object({
  success: z.boolean(),
  errors: z
    .array(z.object({ code: z.number().optional(), message: z.string().optional() }))
    .nullish(),
  result: z.unknown(),
  result_info: z.object({ total_count: z.number() }).nullish(),
})
/** https://developers.cloudflare.com/api/resources/zones/methods/list/ */
const zones = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    status: z.string().optional(),
    paused: z.boolean().optional(),
  }),
)
/** https://developers.cloudflare.com/api/resources/dns/subresources/records/methods/list/ */
const records = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    content: z.string().optional(),
    proxied: z.boolean().optional(),
    priority: z.number().optional(),
    comment: z.string().nullish(),
    data: z
      .object({ flags: z.unknown(), tag: z.unknown(), value: z.unknown() })
      .partial()
      .optional(),
  }),
)
/** https://developers.cloudflare.com/api/resources/zones/subresources/settings/methods/get/ */
const setting = z.object({ id: z.string(), value: z.string() })
/** https://developers.cloudflare.com/api/resources/dns/subresources/dnssec/methods/get/ */
const dnssec = z.object({ status: z.string().nullish() })

type ApiRecord = z.infer<typeof records>[number]

export interface Zone {
  id: string
  /** `active` once Cloudflare answers for the zone; `active, paused` while it only answers DNS. */
  status: string
}

/** A record at Cloudflare, written as `WantedRecord` is. */
export interface ZoneRecord {
  name: string
  type: string
  content: string
  proxied: boolean
}

/** A record of the zone with what is needed to change it. */
export interface HeldRecord extends ZoneRecord {
  id: string
  /** Empty without one. */
  comment: string
}

export interface Options {
  base?: string
  timeoutMs?: number
  perPage?: number
  /** How long to wait in all when Cloudflare asks for patience; 0 gives up at once. */
  patienceMs?: number
}

/** One zone by Cloudflare's API. Every failure is an ApiFailure of one line with Cloudflare's codes. */
export class Cloudflare {
  readonly #service: Service
  readonly #perPage: number

  constructor(token: string, options: Options = {}) {
    this.#service = {
      name: "Cloudflare's API",
      base: (options.base ?? API).replace(/\/$/, ''),
      token,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      patienceMs: options.patienceMs ?? 0,
      pauseSeconds: PAUSE_SECONDS,
    }
    this.#perPage = options.perPage ?? PER_PAGE
    checkService(this.#service, 'CLOUDFLARE_API_TOKEN')
  }

  async zone(name: string): Promise<Zone> {
    const { result } = await this.#get('/zones', { name }, zones)
    const found = result.find((zone) => zone.name === name)
    if (!found) throw new Problem(`Cloudflare shows this token no zone ${name}: ${PERMISSIONS}`)
    const status = found.status ?? 'unknown'
    return { id: found.id, status: found.paused ? `${status}, paused` : status }
  }

  async records(zoneId: string): Promise<HeldRecord[]> {
    const path = `/zones/${encodeURIComponent(zoneId)}/dns_records`
    const all: ApiRecord[] = []
    for (let page = 1; page <= MOST_PAGES; page++) {
      const query = { page: String(page), per_page: String(this.#perPage) }
      const { result, total } = await this.#get(path, query, records)
      all.push(...result)
      const last = total === undefined ? result.length < this.#perPage : all.length >= total
      if (last) return all.map(toHeldRecord)
      // Records that a page lacks would be shown as missing.
      if (result.length === 0) {
        throw new Problem(`Cloudflare's API gave ${all.length} of ${total} records: try again`)
      }
    }
    throw new Problem(`Cloudflare's API gave more than ${MOST_PAGES} pages of records`)
  }

  async setting(zoneId: string, id: string): Promise<string> {
    const path = `/zones/${encodeURIComponent(zoneId)}/settings/${encodeURIComponent(id)}`
    const { result } = await this.#get(path, {}, setting)
    return result.value
  }

  /** `active`, `pending` (not at the registrar yet), `disabled`…: https://developers.cloudflare.com/dns/dnssec/dnssec-states/ */
  async dnssec(zoneId: string): Promise<string> {
    const path = `/zones/${encodeURIComponent(zoneId)}/dnssec`
    try {
      return (await this.#get(path, {}, dnssec)).result.status ?? 'unknown'
    } catch (error) {
      // For a person's information only: nothing hangs on it.
      if (error instanceof ApiFailure) return `unknown (${error.kind})`
      throw error
    }
  }

  async create(zoneId: string, record: KnownRecord): Promise<void> {
    const path = `/zones/${encodeURIComponent(zoneId)}/dns_records`
    await this.#call({ method: 'POST', path, body: recordBody(record) }, z.unknown())
  }

  async update(zoneId: string, id: string, record: KnownRecord): Promise<void> {
    const path = `/zones/${encodeURIComponent(zoneId)}/dns_records/${encodeURIComponent(id)}`
    await this.#call({ method: 'PATCH', path, body: recordBody(record) }, z.unknown())
  }

  async remove(zoneId: string, id: string): Promise<void> {
    const path = `/zones/${encodeURIComponent(zoneId)}/dns_records/${encodeURIComponent(id)}`
    await this.#call({ method: 'DELETE', path }, z.unknown())
  }

  async set(zoneId: string, id: string, value: string): Promise<void> {
    const path = `/zones/${encodeURIComponent(zoneId)}/settings/${encodeURIComponent(id)}`
    await this.#call({ method: 'PATCH', path, body: { value } }, z.unknown())
  }

  #get<T>(path: string, query: Record<string, string>, shape: z.ZodType<T>) {
    return this.#call({ method: 'GET', path, query }, shape)
  }

  async #call<T>(
    sent: Sent,
    shape: z.ZodType<T>,
  ): Promise<{ result: T; total: number | undefined }> {
    const { status, ok, text } = await send(this.#service, sent)
    const body = envelope.safeParse(parseJson(text))
    const errors = body.data?.errors?.map(describe).join('; ') ?? ''
    const codes = body.data?.errors?.flatMap(({ code }) => (code ? String(code) : [])) ?? []
    const fail = (what: string, facts: FailureFacts): ApiFailure =>
      failure(this.#service, sent, what, { status, codes, ...facts })
    if (status === 401 || status === 403) {
      const needed = sent.method === 'GET' ? PERMISSIONS : PERMISSIONS_TO_CHANGE
      throw fail(`refuses the token (${status} ${errors}): ${needed}`, { kind: 'token refused' })
    }
    // What a server that failed in the middle did with a change is not known.
    const doubtful = sent.method !== 'GET' && (status >= 500 || (ok && !body.success))
    if (!ok) throw fail(`answers ${status} ${errors}`, { kind: 'refused', doubtful })
    if (!body.success) {
      const what = `answers ${status} with something that is not its JSON`
      throw fail(what, { kind: 'unreadable', doubtful })
    }
    if (!body.data.success) {
      throw fail(`reports a failure: ${errors || 'without a reason'}`, { kind: 'refused' })
    }
    const result = shape.safeParse(body.data.result)
    if (!result.success) {
      throw fail(misshapen(result.error), { kind: 'unreadable' })
    }
    return { result: result.data, total: body.data.result_info?.total_count }
  }
}

function toHeldRecord(record: ApiRecord): HeldRecord {
  const { id, type, proxied = false, comment } = record
  const name = record.name.toLowerCase()
  return { id, name, type, content: contentOf(record), proxied, comment: comment ?? '' }
}

function contentOf({ type, content = '', priority, data }: ApiRecord): string {
  switch (type) {
    case 'A':
    case 'AAAA':
      return isIP(content) ? canonical(content) : content
    case 'CNAME':
      return content.toLowerCase()
    case 'MX':
      return `${priority ?? '?'} ${content.toLowerCase()}`
    case 'CAA':
      return data?.tag ? `${data.flags ?? 0} ${data.tag} "${data.value}"` : content
    case 'TXT': {
      // Strings of at most 255 characters in quotation marks; older records have none.
      const strings = [...content.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text)
      return strings.length ? strings.join('').replaceAll(/\\(["\\])/g, '$1') : content
    }
    default:
      return content
  }
}

function describe({ code, message }: { code?: number; message?: string }): string {
  return [code, message].filter((part) => part !== undefined).join(' ')
}
