import { isNativeError } from 'node:util/types'
import type { ErrorEvent, NodeClient, Scope } from '@sentry/node'
import { currentFacts } from '../logging/context'
import { record } from '../logging/record'
import { Budget, type Caps, type Count, type Ledger } from './budget'
import type { Dsn } from './dsn'
import { kindOf } from './kind'
import { post, SEND_TIMEOUT_MS } from './post'
import { type Scrub, scrubbedEvent } from './scrub'

/** An end of a process waits no longer for what is still to be sent. */
export const FLUSH_MS = 2_000
/** Errors of one budget that wait until the process has settled. */
const WAITING_MAX = 10

/** Of which process, and to whom. */
export interface Sender {
  dsn: Dsn
  release: string
  environment: string
  /** Stands for the machine, whose own name says nothing. */
  role: string
  tags: Record<string, string>
  caps: Caps
  /** Of what others made and is only passed on, such as browsers' events: it cannot use up `caps`. */
  passedCaps?: Caps
  ledger?: Ledger
  scrub: Scrub
}

/** What is known of an error beside itself and the work at hand. */
export interface About {
  /** How it was caught, such as `request`, `subscriber` or `uncaught`. */
  by: string
  level?: 'fatal' | 'error' | 'warning'
  tags?: Record<string, string | undefined>
}

/** How Sentry's monitor of scheduled work is told. */
export interface CheckIn {
  slug: string
  ok: boolean
  everyMinutes: number
  marginMinutes: number
}

/** Tells Sentry of errors, within the budget and without what must not leave. */
export interface Reporter {
  /** Returns at once and never throws. */
  report(error: unknown, about: About): void
  /** An event that is whole already, as a browser makes it; within `passedCaps`, refused without them. */
  pass(event: object, kind: string): void
  checkIn(checkIn: CheckIn): void
  /** Whether something is still to be sent. */
  busy(): boolean
  /** Waits for what is under way, `FLUSH_MS` at most. */
  flush(): Promise<void>
}

function known(tags: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([name, tag]) => (tag ? [[name, tag]] : [])),
  )
}

/** What the work at hand is, as tags: the same words as in the log. */
function factTags(): Record<string, string> {
  const { requestId, job, event, subscriber, route, method } = currentFacts()
  return known({ request_id: requestId, job, event, subscriber, route, method })
}

/** The same counters under names of their own. */
function passedLedger(ledger: Ledger): Ledger {
  return {
    add: (amounts) => ledger.add(amounts.map((each) => ({ ...each, key: `passed:${each.key}` }))),
  }
}

/** Sentry's program, once there is something to tell. */
interface Sdk {
  client: NodeClient
  newScope(): Scope
}

/** Sentry's default is to send all of these. */
const NOTHING = {
  userInfo: false,
  cookies: false,
  httpHeaders: false,
  httpBodies: [],
  urlQueryParams: false,
  databaseQueryData: false,
  queues: false,
  stackFrameVariables: false,
  frameContextLines: 0,
}

/** Starts Sentry: errors alone, no tracing, no session, nothing wrapped. */
export function openReporter(sender: Sender): Reporter {
  const budget = new Budget(sender.caps, sender.ledger)
  const passedBudget =
    sender.passedCaps && new Budget(sender.passedCaps, sender.ledger && passedLedger(sender.ledger))
  const underWay = new Set<Promise<unknown>>()
  // An error often passes several places that tell of it.
  const told = new WeakSet<Error>()
  const waiting = new Map<Budget, number>()
  let failed = false

  const track = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work)
    work.then(
      () => underWay.delete(work),
      () => underWay.delete(work),
    )
    return work
  }
  const send = async (body: string | Uint8Array) => {
    try {
      const { statusCode, headers } = await post(sender.dsn, body)
      failed = false
      const limits = headers['x-sentry-rate-limits']
      return {
        statusCode,
        headers: {
          'x-sentry-rate-limits': limits === undefined ? null : String(limits),
          'retry-after': headers['retry-after'] ?? null,
        },
      }
    } catch (error) {
      // Once, not for each error: the log already has the errors themselves.
      if (!failed) record('warn', `errors: Sentry does not take them: ${(error as Error).message}`)
      failed = true
      throw error
    }
  }
  const load = async (): Promise<Sdk> => {
    const sdk = await import('@sentry/node')
    const client = sdk.initWithoutDefaultIntegrations({
      dsn: sender.dsn.text,
      release: sender.release,
      environment: sender.environment,
      serverName: sender.role,
      integrations: [sdk.linkedErrorsIntegration()],
      stackParser: sdk.defaultStackParser,
      transport: (options) =>
        sdk.createTransport(options, ({ body }) => track(send(body as string | Uint8Array))),
      enableRuntimeChannelInjection: false,
      enableOpenTelemetrySetup: false,
      sendClientReports: false,
      spotlight: false,
      debug: false,
      maxBreadcrumbs: 0,
      dataCollection: NOTHING,
      beforeSend: (event) =>
        ({ ...scrubbedEvent(event, sender.scrub), type: undefined }) as ErrorEvent,
    })
    if (!client) throw new Error('Sentry does not open')
    return { client, newScope: () => new sdk.Scope() }
  }
  let loaded: Promise<Sdk> | undefined
  // By the first error: a start is no longer for it, and a process without errors no larger.
  const sdk = () => {
    loaded ??= load()
    return loaded
  }

  const judged = async (
    from: Budget,
    kind: string,
    capture: (sdk: Sdk, count: Count) => void,
  ): Promise<void> => {
    const verdict = await from.judge(kind)
    if (verdict.send === 'never') return
    const tell = async () => {
      const opened = await sdk()
      capture(opened, verdict.count)
      // Under way until it has left, so that an end can wait for it.
      await opened.client.flush(SEND_TIMEOUT_MS)
    }
    if (verdict.send === 'now') return tell()
    const inLine = waiting.get(from) ?? 0
    if (inLine >= WAITING_MAX) return
    waiting.set(from, inLine + 1)
    setTimeout(() => {
      waiting.set(from, (waiting.get(from) ?? 1) - 1)
      safely(tell)
    }, from.settlesInMs()).unref()
  }
  const safely = (work: () => Promise<void>) => {
    track(
      // Whatever is wrong with an error or with us must not be another error.
      Promise.resolve()
        .then(work)
        .catch((problem: Error) => record('warn', `errors: not told: ${problem.message}`)),
    )
  }

  return {
    report(thrown, { by, level = 'error', tags = {} }) {
      const error = isNativeError(thrown)
        ? thrown
        : new Error(typeof thrown === 'string' ? thrown : 'something was thrown that is no error')
      if (told.has(error)) return
      told.add(error)
      const timestamp = Date.now() / 1000
      const all = { ...sender.tags, ...known(tags), ...factTags(), by }
      safely(() =>
        judged(budget, kindOf(error), ({ client, newScope }, { seen, errors }) => {
          const scope = newScope()
          scope.setLevel(level)
          scope.setTags({ ...all, seen })
          scope.setExtras({ seen, errors_today: errors })
          scope.addEventProcessor((event) => ({ ...event, timestamp }))
          client.captureException(
            error,
            { originalException: error, mechanism: { type: by, handled: level !== 'fatal' } },
            scope,
          )
        }),
      )
    },
    pass(event, kind) {
      if (!passedBudget) return
      safely(() =>
        judged(passedBudget, kind, ({ client, newScope }, { seen, errors }) => {
          const scope = newScope()
          scope.setTags({ ...sender.tags, seen })
          scope.setExtras({ seen, errors_today: errors })
          client.captureEvent(event as ErrorEvent, {}, scope)
        }),
      )
    },
    checkIn({ slug, ok, everyMinutes, marginMinutes }) {
      safely(async () => {
        const { client, newScope } = await sdk()
        client.captureCheckIn(
          { monitorSlug: slug, status: ok ? 'ok' : 'error' },
          {
            schedule: { type: 'interval', value: everyMinutes, unit: 'minute' },
            checkinMargin: marginMinutes,
            failureIssueThreshold: 2,
            recoveryThreshold: 1,
          },
          newScope(),
        )
        await client.flush(SEND_TIMEOUT_MS)
      })
    },
    busy: () => underWay.size > 0,
    async flush() {
      const all = (async () => {
        while (underWay.size > 0) await Promise.allSettled(underWay)
      })()
      const late = new Promise((resolve) => setTimeout(resolve, FLUSH_MS))
      await Promise.race([all, late])
    },
  }
}
