import { z } from 'zod'
import {
  type Answer,
  type ApiServer,
  type Instead,
  Refusal,
  serveApi,
} from '../outside/stand-in.ts'

const assigned = z.strictObject({
  alertContactId: z.string(),
  threshold: z.number(),
  recurrence: z.number(),
})
const common = {
  friendlyName: z.string().min(1).max(250),
  url: z.url({ protocol: /^https?$/ }),
  interval: z.int().min(30),
  timeout: z.int().min(1).max(60),
  followRedirections: z.boolean().default(true),
  assignedAlertContacts: z.array(assigned).default([]),
}
/** Of all types of monitors, those that are used here. */
const monitorBody = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('HTTP'),
    httpMethodType: z.enum(['HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).optional(),
  }),
  z.strictObject({
    ...common,
    type: z.literal('KEYWORD'),
    keywordType: z.enum(['ALERT_EXISTS', 'ALERT_NOT_EXISTS']),
    keywordCaseType: z.union([z.literal(0), z.literal(1)]),
    keywordValue: z.string().min(1).max(500),
  }),
])

/** A monitor as the stand-in holds it. */
export type ApiMonitor = z.infer<typeof monitorBody> & { id: number; status: string }

export interface ApiContact {
  id: number
  type: string | number
  status: string | number
  value: string
}

/** What the stand-in holds; answers are made from it at each request. */
export interface ApiState {
  key: string
  monitors: ApiMonitor[]
  contacts: ApiContact[]
  /** Seconds; the free plan has 300. */
  shortestInterval: number
  /** Requests that are let through before a 429; it asks for `pauseSeconds`, then starts again. */
  requests: number
  pauseSeconds: number
  instead?: Instead
}

/**
 * The part of UptimeRobot's API v3 that is used here, on loopback: bearer token, JSON, pages by a
 * cursor, lists of messages for wrong fields, plain text for too many requests.
 */
export async function startApiServer(state: ApiState): Promise<ApiServer> {
  let letThrough = 0
  const server = await serveApi(
    ({ method, url, headers, body }) => {
      if (headers.authorization !== `Bearer ${state.key}`) {
        throw new Refusal(401, { message: 'Invalid API key', code: '003-005' })
      }
      letThrough += 1
      if (letThrough <= state.requests) return answer(state, method, url, body)
      letThrough = 0
      return {
        status: 429,
        headers: { 'content-type': 'text/plain', 'retry-after': String(state.pauseSeconds) },
        body: 'ThrottlerException: Too Many Requests',
      }
    },
    new Refusal(415, { message: 'Unsupported Media Type', statusCode: 415 }),
    state,
  )
  return { ...server, base: `${server.base}/v3` }
}

function answer(state: ApiState, method: string, url: URL, body: unknown): Answer {
  const path = url.pathname.replace(/^\/v3/, '')
  if (method === 'GET' && path === '/monitors') return { status: 200, body: list(state, url) }
  if (method === 'GET' && path === '/user/alert-contacts') {
    return { status: 200, body: state.contacts }
  }
  if (method === 'POST' && path === '/monitors') {
    const monitor = { ...accepted(state, body), id: nextId(state), status: 'STARTED' }
    state.monitors.push(monitor)
    return { status: 201, body: listed(monitor) }
  }
  const [, id, action] = /^\/monitors\/(\d+)(?:\/(start))?$/.exec(path) ?? []
  const index = state.monitors.findIndex((each) => each.id === Number(id))
  const monitor = state.monitors[index]
  if (!id || !monitor) throw new Refusal(404, { message: 'Monitor not found', code: '000-004' })
  if (action === 'start' && method === 'POST') {
    monitor.status = 'STARTED'
    return { status: 201, body: listed(monitor) }
  }
  if (action) throw new Refusal(404, { message: `Cannot ${method} ${path}` })
  if (method === 'DELETE') {
    state.monitors.splice(index, 1)
    return { status: 204 }
  }
  if (method !== 'PATCH') throw new Refusal(404, { message: `Cannot ${method} ${path}` })
  const changed = { ...accepted(state, body), id: monitor.id, status: monitor.status }
  if (changed.type !== monitor.type) throw invalid(['type can not be changed'])
  state.monitors[index] = changed
  return { status: 200, body: listed(changed) }
}

function accepted(state: ApiState, body: unknown) {
  const result = monitorBody.safeParse(body)
  if (!result.success) {
    throw invalid(result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`))
  }
  if (result.data.interval < state.shortestInterval) {
    throw invalid([`interval must not be less than ${state.shortestInterval}`])
  }
  for (const { alertContactId } of result.data.assignedAlertContacts) {
    if (!state.contacts.some(({ id }) => String(id) === alertContactId)) {
      throw invalid([`alert contact ${alertContactId} does not exist`])
    }
  }
  return result.data
}

/** After every full page there is a next link, even when nothing follows. */
function list({ monitors }: ApiState, url: URL) {
  const limit = Number(url.searchParams.get('limit') ?? 50)
  if (!(limit >= 1 && limit <= 200)) throw invalid(['Limit must be between 1 and 200'])
  const cursor = Number(url.searchParams.get('cursor') ?? 0)
  const data = [...monitors].sort((a, b) => a.id - b.id).filter(({ id }) => id > cursor)
  const page = data.slice(0, limit)
  const last = page.at(-1)?.id
  const nextLink =
    page.length === limit
      ? `https://elsewhere.example/v3/monitors/?limit=${limit}&cursor=${last}`
      : null
  return { data: page.map(listed), nextLink }
}

function listed(monitor: ApiMonitor) {
  return {
    keywordType: null,
    keywordValue: '',
    keywordCaseType: 0,
    apiKey: `m${monitor.id}-secret-of-the-monitor`,
    httpPassword: '',
    userId: 7,
    tags: [],
    ...monitor,
    assignedAlertContacts: monitor.assignedAlertContacts.map((each) => ({
      ...each,
      alertContactId: Number(each.alertContactId),
    })),
  }
}

function nextId({ monitors }: ApiState): number {
  return 800_000_000 + monitors.length + Math.max(0, ...monitors.map(({ id }) => id % 1000)) + 1
}

/** As UptimeRobot's validator answers: a list of messages, and no code. */
function invalid(message: string[]): Refusal {
  return new Refusal(400, { message, error: 'Bad Request', statusCode: 400 })
}
