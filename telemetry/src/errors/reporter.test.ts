import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CARELESS, PRIVATE } from '../../../dev/errors/faults'
import { type Receiver, startReceiver } from '../../../dev/errors/receiver'
import { inContextOf } from '../logging/context'
import type { Ledger } from './budget'
import { readDsn } from './dsn'
import { openReporter, type Reporter } from './reporter'
import { scrubber } from './scrub'

const DATABASE_URL = `postgres://medusa:${PRIVATE.databasePassword}@127.0.0.1:5432/research-relay`

let receiver: Receiver
let reporter: Reporter
/** How often a kind was counted. */
let counted = 0

beforeAll(async () => {
  // On a busy machine loading takes longer than a flush waits.
  await import('@sentry/node')
  receiver = await startReceiver()
  const dsn = readDsn(receiver.dsn)
  if (!dsn) throw new Error('the receiver has no DSN')
  // Everything is the first of its kind.
  const ledger: Ledger = {
    add: async (amounts) => {
      counted += amounts.filter(({ key }) => key.startsWith('kind:')).length
      return amounts.map(() => 1)
    },
  }
  reporter = openReporter({
    dsn,
    release: '0f3c2a1',
    environment: 'test',
    role: 'medusa-server',
    tags: { app: 'medusa' },
    caps: { hour: 100, day: 100 },
    passedCaps: { hour: 100, day: 100 },
    ledger,
    scrub: scrubber([DATABASE_URL, PRIVATE.btcpayKey]),
  })
}, 60_000)
afterAll(() => receiver.close())

/** An error with something private in every place that an error has. */
function carelessError(): Error {
  const root = new TypeError(`root: ${CARELESS}`)
  const middle = new Error(`middle: ${CARELESS}`, { cause: root })
  const error = new Error(`top: ${CARELESS}`, { cause: middle })
  error.name = `Error of ${PRIVATE.email}`
  error.stack = `${error.name}: ${error.message}\n    at ${PRIVATE.cart} (/app/src/${PRIVATE.email}/a.js:1:2)\n    at ask (https://x.example/a.js?mail=${PRIVATE.email}:3:4)`
  return Object.assign(error, {
    request: { headers: { cookie: PRIVATE.cookie, authorization: PRIVATE.jwt } },
    customer: { email: PRIVATE.email, address_1: PRIVATE.street, last_name: PRIVATE.name },
    sql: `select * from "order" where email = '${PRIVATE.email}'`,
  })
}

it('an error that is careless in every place gives nothing away', async () => {
  inContextOf({ requestId: `of ${PRIVATE.email}`, route: `/carts/${PRIVATE.cart}` }, () =>
    reporter.report(carelessError(), { by: 'test', tags: { note: CARELESS } }),
  )
  reporter.report({ email: PRIVATE.email, address_1: PRIVATE.street }, { by: 'test-object' })
  reporter.report(`text: ${CARELESS}`, { by: 'test-text' })
  reporter.pass(
    {
      exception: { values: [{ type: 'Error', value: CARELESS }] },
      breadcrumbs: [{ category: 'fetch', message: CARELESS, data: { body: CARELESS } }],
      request: {
        url: `https://research-relay.com/order/${PRIVATE.order}?mail=${PRIVATE.email}`,
        headers: { cookie: PRIVATE.cookie },
        cookies: { a: PRIVATE.cookie },
        data: CARELESS,
      },
      user: { email: PRIVATE.email },
      extra: { customer: { address_1: PRIVATE.street }, note: CARELESS },
      contexts: { state: { name: PRIVATE.name } },
    },
    'of a browser',
  )
  await reporter.flush()
  expect(receiver.events()).toHaveLength(4)
  const top = receiver.events().find(({ tags }) => tags.by === 'test')
  expect(top?.exception?.values.map(({ value }) => value.split(':')[0])).toEqual([
    'root',
    'middle',
    'top',
  ])
  for (const [name, value] of Object.entries(PRIVATE)) {
    expect({ name, found: receiver.text().includes(value) }).toEqual({ name, found: false })
  }
})

it('an error that passes two places is told and counted once', async () => {
  const before = receiver.events().length
  const countedBefore = counted
  const error = new Error('passes twice')
  reporter.report(error, { by: 'workflow' })
  reporter.report(error, { by: 'request' })
  await reporter.flush()
  expect(
    receiver
      .events()
      .slice(before)
      .map(({ tags }) => tags.by),
  ).toEqual(['workflow'])
  expect(counted).toBe(countedBefore + 1)
})

it('a report returns at once, before anything is sent', async () => {
  const before = receiver.events().length
  reporter.report(new Error('not now'), { by: 'test' })
  expect(receiver.events().length).toBe(before)
  expect(reporter.busy()).toBe(true)
  await reporter.flush()
  expect(receiver.events().length).toBe(before + 1)
  await delay(10)
  expect(reporter.busy()).toBe(false)
})
