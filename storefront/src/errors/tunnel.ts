import { currentReporter } from '@rr-bizops/telemetry/errors/current'
import type { Dsn } from '@rr-bizops/telemetry/errors/dsn'
import { kindOfText } from '@rr-bizops/telemetry/errors/kind'
import type { Reporter } from '@rr-bizops/telemetry/errors/reporter'
import { z } from 'zod'
import { isRoomFor } from './clients'
import { readEnvelope } from './envelope'

/** An error's envelope is below 20 KB. */
export const MAX_BYTES = 65_536
/** Of all visitors together; above this somebody else is knocking. */
const PER_MINUTE = 60
/** Where all scripts of ours are: an error without a file of ours is of an extension, or made up. */
const OWN_SCRIPTS = '/_next/static/'

const frame = z.object({ filename: z.string().optional(), function: z.string().optional() })
const eventSchema = z.looseObject({
  exception: z.object({
    values: z
      .array(
        z.looseObject({
          type: z.string().optional(),
          value: z.string().optional(),
          stacktrace: z.object({ frames: z.array(z.looseObject(frame.shape)) }).optional(),
        }),
      )
      .min(1)
      .max(10),
  }),
})

let minute = 0
let inMinute = 0

/** Whether this process takes one more of this minute. */
function isRoom(now: number): boolean {
  const current = Math.floor(now / 60_000)
  if (minute !== current) {
    minute = current
    inMinute = 0
  }
  inMinute += 1
  return inMinute <= PER_MINUTE
}

const BROWSERS: [RegExp, string][] = [
  [/\bEdg\/(\d+)/, 'Edge'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+).*Safari\//, 'Safari'],
]

/** Name and main version: enough to try the error out, too little to know a visitor again. */
export function browserOf(userAgent: string): { name: string; version: string } | undefined {
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1]
    if (version) return { name, version }
  }
  return undefined
}

/** Who sends an envelope, as the request's headers tell. */
export interface Sender {
  /** The address that Caddy names, or undefined without Caddy. */
  address: string | undefined
  userAgent: string
  /** Origin of our own pages, such as `https://research-relay.com`. */
  origin: string
}

/**
 * Takes a browser's error to Sentry: our own pages name no other origin, and what a browser sends is
 * scrubbed here like an error of this server. Anybody can make one up, so each client may send a few, and
 * all of them share a budget of their own: they cannot silence this server's errors.
 * @returns status of the answer: 200 taken, 204 nothing is sent here, else why it is refused
 */
export function takeEnvelope(
  body: Buffer,
  { address, userAgent, origin }: Sender,
  dsn: Dsn | undefined,
  reporter: Reporter | undefined = currentReporter(),
  now: number = Date.now(),
): number {
  if (!dsn || !reporter) return 204
  if (body.length > MAX_BYTES) return 413
  // The client first: one that floods must not use up what all visitors share.
  if (!isRoomFor(address, now) || !isRoom(now)) return 429
  const envelope = readEnvelope(body)
  if (!envelope) return 400
  if (envelope.dsn !== dsn.text) return 403
  const [item, ...others] = envelope.items
  // Errors alone: no attachment, replay, session, nor a second one in the shade of the first.
  if (item?.type !== 'event' || others.length > 0) return 400
  const event = parsed(item.payload)
  if (!event) return 400
  const [last] = event.exception.values.slice(-1)
  const frames = event.exception.values.flatMap(({ stacktrace }) => stacktrace?.frames ?? [])
  const ours = frames.filter(({ filename }) => filename?.startsWith(`${origin}${OWN_SCRIPTS}`))
  if (ours.length === 0) return 400
  const place = last?.stacktrace?.frames.at(-1)
  reporter.pass(
    {
      ...event,
      // One of a page's own kind, whatever it says it is.
      type: undefined,
      platform: 'javascript',
      tags: { app: 'storefront', process: 'browser', by: 'browser' },
      contexts: { browser: browserOf(userAgent) },
    },
    kindOfText(`${last?.type} ${last?.value} ${place?.function} ${place?.filename}`),
  )
  return 200
}

function parsed(payload: string): z.infer<typeof eventSchema> | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(payload)).data
  } catch {
    return undefined
  }
}
