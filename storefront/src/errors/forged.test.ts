import { readDsn } from '@rr-bizops/telemetry/errors/dsn'
import { openReporter, type Reporter } from '@rr-bizops/telemetry/errors/reporter'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Receiver, startReceiver } from '../../../dev/errors/receiver'
import { BROWSER_CAPS, CAPS } from './open'
import { takeEnvelope } from './tunnel'

const ORIGIN = 'https://research-relay.com'
const HOUR_MS = 3_600_000
/** Days of the longest month, and what Sentry takes in one for nothing. */
const MONTH_DAYS = 31
const QUOTA = 5_000
/** What Medusa's processes may send a day: `app/src/errors/open.ts`. */
const MEDUSA_DAY = 60

let receiver: Receiver
let reporter: Reporter
let dsn: ReturnType<typeof readDsn>

// On a busy machine loading takes longer than a flush waits.
beforeAll(async () => {
  await import('@sentry/node')
}, 60_000)
beforeEach(async () => {
  receiver = await startReceiver()
  dsn = readDsn(receiver.dsn)
  if (!dsn) throw new Error('the receiver has no DSN')
  // The clock alone: what is sent takes real time. Midnight, so that a day's hours follow.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 10, 25) })
  reporter = openReporter({
    dsn,
    release: '0f3c2a1',
    environment: 'test',
    role: 'storefront',
    tags: { app: 'storefront' },
    caps: CAPS,
    passedCaps: BROWSER_CAPS,
    scrub: (text) => text,
  })
  // It has settled: nothing waits any more.
  vi.setSystemTime(Date.now() + 120_000)
})
afterEach(async () => {
  vi.useRealTimers()
  await receiver.close()
})

let forgery = 0

/** An error that a stranger has made up: another client, kind and file each time. */
function forge(): number {
  forgery += 1
  const word = [...String(forgery)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  const filename = `${ORIGIN}/_next/static/chunks/${word}.js`
  const exception = {
    values: [{ type: word, value: word, stacktrace: { frames: [{ filename, function: word }] } }],
  }
  const lines = [{ dsn: receiver.dsn }, { type: 'event' }, { exception }]
  return takeEnvelope(
    Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n')),
    {
      address: `2001:db8:${(forgery >> 8).toString(16)}:${(forgery & 255).toString(16)}::1`,
      userAgent: '',
      origin: ORIGIN,
    },
    dsn,
    reporter,
    // A minute each, so that nothing but the budget stands in the way.
    Date.now() + forgery * 60_000,
  )
}

const told = (by: string) => receiver.events().filter(({ tags }) => tags.by === by)

describe('five hundred forged errors of browsers', () => {
  it('do not silence an error of the server', async () => {
    const statuses = Array.from({ length: 500 }, forge)
    expect(statuses.every((status) => status === 200)).toBe(true)
    await reporter.flush()
    reporter.report(new Error('the cart cannot be read'), { by: 'request' })
    await reporter.flush()
    expect(told('browser')).toHaveLength(BROWSER_CAPS.hour)
    expect(told('request')).toHaveLength(1)
  }, 30_000)

  it('leave room for a real browser in the next hour', async () => {
    for (let each = 0; each < 500; each += 1) forge()
    await reporter.flush()
    vi.setSystemTime(Date.now() + HOUR_MS)
    forge()
    await reporter.flush()
    expect(told('browser')).toHaveLength(BROWSER_CAPS.hour + 1)
  }, 30_000)
})

it('whatever is forged, a month of all processes stays within what Sentry takes', () => {
  // Powers of ten from 1,000 on are told above the caps: six of them up to a hundred million a day.
  const aboveCaps = 6 * 3
  const day = CAPS.day + BROWSER_CAPS.day + MEDUSA_DAY + aboveCaps
  expect(MONTH_DAYS * day).toBeLessThan(QUOTA)
})
