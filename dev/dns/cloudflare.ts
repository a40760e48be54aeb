import { isIP } from 'node:net'
import { z } from 'zod'
import { Problem } from '../shop/steps.ts'
import { canonical } from './addresses.ts'

export const API = 'https://api.cloudflare.com/client/v4'
const TIMEOUT_MS = 10_000
const PER_PAGE = 100
/** A zone of ours has a handful of records; more pages than this are a fault of the API. */
const MOST_PAGES = 100
const PERMISSIONS = 'the token needs Zone Read, DNS Read and Zone Settings Read for the zone'

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
    name: z.string(),
    type: z.string(),
    content: z.string().optional(),
    proxied: z.boolean().optional(),
    priority: z.number().optional(),
    data: z
      .object({ flags: z.unknown(), tag: z.unknown(), value: z.unknown() })
      .partial()
      .optional(),
  }),
)
/** https://developers.cloudflare.com/api/resources/zones/subresources/settings/methods/get/ */
const setting = z.object({ id: z.string(), value: z.string() })

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

export interface Options {
  base?: string
  timeoutMs?: number
  perPage?: number
}

/** Reads a zone by Cloudflare's API; changes nothing. Every failure is a Problem of one line. */
export class Cloudflare {
  readonly #token: string
  readonly #base: string
  readonly #timeoutMs: number
  readonly #perPage: number

  constructor(token: string, options: Options = {}) {
    // Checked here because fetch would print a header that it refuses.
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new Problem('CLOUDFLARE_API_TOKEN has characters that no token has: copy it again')
    }
    this.#token = token
    this.#base = (options.base ?? API).replace(/\/$/, '')
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS
    this.#perPage = options.perPage ?? PER_PAGE
    const { protocol, hostname } = parseUrl(this.#base)
    const loopback = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
    // A token must not cross a network in the clear.
    if (protocol !== 'https:' && !loopback) throw new Problem(`--api ${this.#base} is not https`)
  }

  async zone(name: string): Promise<Zone> {
    const { result } = await this.#get('/zones', { name }, zones)
    const found = result.find((zone) => zone.name === name)
    if (!found) throw new Problem(`Cloudflare shows this token no zone ${name}: ${PERMISSIONS}`)
    const status = found.status ?? 'unknown'
    return { id: found.id, status: found.paused ? `${status}, paused` : status }
  }

  async records(zoneId: string): Promise<ZoneRecord[]> {
    const path = `/zones/${encodeURIComponent(zoneId)}/dns_records`
    const all: ApiRecord[] = []
    for (let page = 1; page <= MOST_PAGES; page++) {
      const query = { page: String(page), per_page: String(this.#perPage) }
      const { result, total } = await this.#get(path, query, records)
      all.push(...result)
      const last = total === undefined ? result.length < this.#perPage : all.length >= total
      if (last) return all.map(toZoneRecord)
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

  async #get<T>(
    path: string,
    query: Record<string, string>,
    shape: z.ZodType<T>,
  ): Promise<{ result: T; total: number | undefined }> {
    const { response, text } = await this.#fetch(path, query)
    const fail = (what: string) => this.#problem(path, what)
    if (response.status === 429) {
      const seconds = response.headers.get('retry-after')
      throw fail(
        `has had too many requests: try again in ${seconds ? `${seconds} s` : '5 minutes'}`,
      )
    }
    const body = envelope.safeParse(parseJson(text))
    const errors = body.data?.errors?.map(describe).join('; ') ?? ''
    if (response.status === 401 || response.status === 403) {
      throw fail(`refuses the token (${response.status} ${errors}): ${PERMISSIONS}`)
    }
    if (!response.ok) throw fail(`answers ${response.status} ${errors}`.trimEnd())
    if (!body.success) throw fail(`answers ${response.status} with something that is not its JSON`)
    if (!body.data.success) throw fail(`reports a failure: ${errors || 'without a reason'}`)
    const result = shape.safeParse(body.data.result)
    if (!result.success) throw fail(`answers in an unknown shape: ${oneLine(result.error)}`)
    return { result: result.data, total: body.data.result_info?.total_count }
  }

  async #fetch(path: string, query: Record<string, string>) {
    try {
      const response = await fetch(`${this.#base}${path}?${new URLSearchParams(query)}`, {
        headers: { authorization: `Bearer ${this.#token}` },
        // The token goes to the API and nowhere else.
        redirect: 'error',
        signal: AbortSignal.timeout(this.#timeoutMs),
      })
      return { response, text: await response.text() }
    } catch (error) {
      const { name, message, cause } = error as Error
      if (name === 'TimeoutError') {
        throw this.#problem(path, `does not answer within ${this.#timeoutMs / 1000} s`)
      }
      const reason = cause instanceof Error ? cause.message : message
      throw this.#problem(path, `cannot be reached: ${reason}`)
    }
  }

  #problem(path: string, what: string): Problem {
    const line = `Cloudflare's API (GET ${path}) ${what}`
    return new Problem(line.replaceAll(this.#token, '[token]').replaceAll(/\s+/g, ' '))
  }
}

function toZoneRecord(record: ApiRecord): ZoneRecord {
  const name = record.name.toLowerCase()
  return { name, type: record.type, content: contentOf(record), proxied: record.proxied ?? false }
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

function oneLine(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'result'}: ${issue?.message}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseUrl(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new Problem(`--api ${text}: this is no address of a web server`)
  }
}
