import { z } from 'zod'
import {
  type ApiFailure,
  checkService,
  type FailureFacts,
  failure,
  misshapen,
  parseJson,
  type Sent,
  type Service,
  send,
} from '../outside/request.ts'

/**
 * The current interface, REST with a bearer token; v2 gets no more updates:
 * https://uptimerobot.com/blog/introducing-the-uptimerobot-v3-api/ (reference: https://uptimerobot.com/api/v3/).
 * Shapes and behaviour as UptimeRobot's own client has them:
 * https://github.com/uptimerobot/terraform-provider-uptimerobot/tree/main/internal/client
 */
export const API = 'https://api.uptimerobot.com/v3'
const TIMEOUT_MS = 30_000
/** The most that a page holds. */
const PER_PAGE = 200
const MOST_PAGES = 50
/** The free plan allows 10 requests a minute; a 429 says in Retry-After when the minute is over. */
const PAUSE_SECONDS = 60
const PATIENCE_MS = 130_000
const KEY = 'UPTIMEROBOT_API_KEY must be the main API key (Integrations & API)'

const id = z.union([z.string(), z.number()]).transform(String)
const monitor = z.object({
  id,
  friendlyName: z.string(),
  url: z.string().nullish(),
  type: z.string(),
  /** Seconds. */
  interval: z.number(),
  timeout: z.number().nullish(),
  /** UP, DOWN, LOOKS_DOWN, PAUSED, or STARTED until the first check. */
  status: z.string(),
  keywordType: z.string().nullish(),
  keywordValue: z.string().nullish(),
  keywordCaseType: z.number().nullish(),
  followRedirections: z.boolean().nullish(),
  assignedAlertContacts: z.array(z.object({ alertContactId: id })).nullish(),
})
const page = z.object({ data: z.array(monitor), nextLink: z.string().nullish() })
/** Enumerations are words, or numbers in older accounts. */
const contacts = z.array(
  z.object({
    id,
    type: z.union([z.string(), z.number()]),
    status: z.union([z.string(), z.number()]),
    value: z.string().nullish(),
  }),
)
const refusal = z.object({
  message: z.union([z.string(), z.array(z.string())]).optional(),
  code: z.string().optional(),
})

/** A monitor as UptimeRobot lists it, as far as it matters here. */
export type HeldMonitor = z.infer<typeof monitor>

/** Who is told. */
export interface Contact {
  id: string
  email: string
}

/** What a monitor is made or changed with. */
export type MonitorBody = Record<string, unknown>

export interface Options {
  base?: string | undefined
  timeoutMs?: number
  perPage?: number
  patienceMs?: number
}

/** An account at UptimeRobot. Every failure is an ApiFailure of one line with UptimeRobot's code. */
export class UptimeRobot {
  readonly #service: Service
  readonly #perPage: number

  constructor(token: string, options: Options = {}) {
    this.#service = {
      name: "UptimeRobot's API",
      base: (options.base ?? API).replace(/\/$/, ''),
      token,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      pauseSeconds: PAUSE_SECONDS,
    }
    this.#perPage = options.perPage ?? PER_PAGE
    checkService(this.#service, 'UPTIMEROBOT_API_KEY')
  }

  async monitors(): Promise<HeldMonitor[]> {
    const all: HeldMonitor[] = []
    let query: Record<string, string> = { limit: String(this.#perPage) }
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const sent: Sent = { method: 'GET', path: '/monitors', query }
      const { data, nextLink } = await this.#call(sent, page)
      all.push(...data)
      // Only the cursor is taken from the link: the key goes to no address that an answer names.
      const cursor = nextLink
        ? new URL(nextLink, this.#service.base).searchParams.get('cursor')
        : ''
      if (!cursor) return all
      if (cursor === query.cursor) break
      query = { ...query, cursor }
    }
    throw failure(
      this.#service,
      { method: 'GET', path: '/monitors' },
      'gives monitors without end',
      { kind: 'unreadable' },
    )
  }

  /** The account's e-mail contacts that are confirmed and not paused. */
  async emailContacts(): Promise<Contact[]> {
    const all = await this.#call({ method: 'GET', path: '/user/alert-contacts' }, contacts)
    return all.flatMap(({ id, type, status, value }) => {
      const email = String(type).toLowerCase() === 'email' || type === 2
      const active = String(status).toLowerCase() === 'active' || status === 2
      return email && active ? [{ id, email: value ?? '' }] : []
    })
  }

  async create(body: MonitorBody): Promise<void> {
    await this.#call({ method: 'POST', path: '/monitors', body }, z.unknown())
  }

  async update(id: string, body: MonitorBody): Promise<void> {
    const path = `/monitors/${encodeURIComponent(id)}`
    await this.#call({ method: 'PATCH', path, body }, z.unknown())
  }

  async start(id: string): Promise<void> {
    const path = `/monitors/${encodeURIComponent(id)}/start`
    await this.#call({ method: 'POST', path, body: {} }, z.unknown())
  }

  async remove(id: string): Promise<void> {
    const path = `/monitors/${encodeURIComponent(id)}`
    await this.#call({ method: 'DELETE', path }, z.unknown())
  }

  async #call<T>(sent: Sent, shape: z.ZodType<T>): Promise<T> {
    const { status, ok, text } = await send(this.#service, sent)
    const { message, code } = refusal.safeParse(parseJson(text)).data ?? {}
    const said = [code, ...[message ?? []].flat()].filter((part) => part !== undefined).join('; ')
    const codes = code ? [code] : []
    const fail = (what: string, facts: FailureFacts): ApiFailure =>
      failure(this.#service, sent, what, { status, codes, ...facts })
    if (status === 401)
      throw fail(`refuses the key (401 ${said}): ${KEY}`, { kind: 'token refused' })
    if (!ok) {
      // A 404 to a POST of a monitor has been seen although the monitor was made.
      const doubtful = sent.method !== 'GET' && (status >= 500 || sent.method === 'POST')
      throw fail(`answers ${status} ${said}`, {
        kind: 'refused',
        doubtful: doubtful && status !== 400,
      })
    }
    const result = shape.safeParse(text ? parseJson(text) : undefined)
    if (result.success) return result.data
    throw fail(misshapen(result.error), { kind: 'unreadable' })
  }
}
