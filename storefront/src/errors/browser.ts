import { BrowserClient, defaultStackParser, makeFetchTransport, Scope } from '@sentry/browser'

/** Our own address: a page's policy names no other. */
const TUNNEL = '/api/errors'
const ASK_TIMEOUT_MS = 5_000

let opened: Promise<BrowserClient | undefined> | undefined

/** The smallest client there is: nothing is wrapped, listened to or kept. */
async function open(): Promise<BrowserClient | undefined> {
  const answer = await fetch(TUNNEL, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })
  if (answer.status !== 200) return undefined
  const { dsn, environment } = (await answer.json()) as { dsn: string; environment: string }
  return new BrowserClient({
    dsn,
    environment,
    tunnel: TUNNEL,
    release: process.env.NEXT_DEPLOYMENT_ID || 'unknown',
    transport: makeFetchTransport,
    stackParser: defaultStackParser,
    integrations: [],
    sendClientReports: false,
  })
}

/** Sends one error of this page to our own server. */
export async function send(error: Error): Promise<void> {
  try {
    opened ??= open()
    const client = await opened
    const scope = new Scope()
    const url = `${location.origin}${location.pathname}`
    scope.addEventProcessor((event) => ({ ...event, request: { url } }))
    client?.captureException(error, { mechanism: { type: 'browser', handled: false } }, scope)
  } catch {
    // Offline: the next error tries again.
    opened = undefined
  }
}
