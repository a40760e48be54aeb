import { readDsn } from '@rr-bizops/telemetry/errors/dsn'
import { describe, expect, it } from 'vitest'
import { readEnvelope } from './envelope'
import { browserOf, MAX_BYTES, takeEnvelope } from './tunnel'

const OURS = `https://${'e0'.repeat(16)}@o1.ingest.de.sentry.io/42`
const CHROME = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0.7 Safari/537.36'

const ORIGIN = 'https://research-relay.com'

const eventOf = (filename: string | undefined) =>
  JSON.stringify({
    exception: {
      values: [{ type: 'Error', value: 'x', stacktrace: { frames: [{ filename, lineno: 1 }] } }],
    },
    release: '0f3c2a1',
  })
const event = eventOf(`${ORIGIN}/_next/static/chunks/a.js`)
const envelope = (dsn: string, ...items: string[]) =>
  Buffer.from([JSON.stringify({ dsn, event_id: 'a' }), ...items].join('\n'))
const ITEM = ['{"type":"event"}', event]

let minute = 0
/** Each take in a minute of its own, unless the test says otherwise. */
function take(body: Buffer, dsn = readDsn(OURS), now?: number, address?: string) {
  const passed: { event: object; kind: string }[] = []
  minute += 1
  const nothing = () => undefined
  const status = takeEnvelope(
    body,
    { address: address ?? `2001:db8:${minute.toString(16)}::1`, userAgent: CHROME, origin: ORIGIN },
    dsn,
    {
      report: nothing,
      checkIn: nothing,
      busy: () => false,
      flush: async () => undefined,
      pass: (passedEvent, kind) => passed.push({ event: passedEvent, kind }),
    },
    now ?? minute * 60_000,
  )
  return { status, passed }
}

describe('the way of a browser’s error', () => {
  it('takes an error for our own DSN, and says by which browser', () => {
    const { status, passed } = take(envelope(OURS, ...ITEM))
    expect(status).toBe(200)
    expect(passed[0]?.event).toMatchObject({
      release: '0f3c2a1',
      platform: 'javascript',
      tags: { app: 'storefront', process: 'browser' },
      contexts: { browser: { name: 'Chrome', version: '140' } },
    })
  })

  it.each([
    ['another host', OURS.replace('o1.', 'o2.')],
    ['another project', OURS.replace('/42', '/43')],
    ['another key', OURS.replace('e0e0', 'e1e0')],
  ])('refuses %s', (_, dsn) => {
    expect(take(envelope(dsn, ...ITEM))).toEqual({ status: 403, passed: [] })
  })

  it.each([
    ['no envelope', Buffer.from('hello')],
    ['an empty one', envelope(OURS)],
    ['one without a DSN', Buffer.from(`{}\n${ITEM.join('\n')}`)],
    ['a replay', envelope(OURS, '{"type":"replay_event"}', event)],
    ['an attachment beside the error', envelope(OURS, ...ITEM, '{"type":"attachment"}', 'x')],
    ['an event without an error', envelope(OURS, '{"type":"event"}', '{"message":"buy this"}')],
    ['an event that is no JSON', envelope(OURS, '{"type":"event"}', 'x')],
    [
      'an error in no file of ours',
      envelope(OURS, ITEM[0] ?? '', eventOf('https://x.example/a.js')),
    ],
    ['an error in no file at all', envelope(OURS, ITEM[0] ?? '', eventOf(undefined))],
  ])('refuses %s', (_, body) => {
    expect(take(body)).toEqual({ status: 400, passed: [] })
  })

  it('refuses what is too big', () => {
    expect(take(Buffer.alloc(MAX_BYTES + 1, 'x')).status).toBe(413)
  })

  it('takes sixty a minute', () => {
    const now = 10_000_000 * 60_000
    const statuses = Array.from({ length: 70 }, (_, each) =>
      take(envelope(OURS, ...ITEM), readDsn(OURS), now, `198.51.100.${each}`),
    ).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(60)
    expect(statuses.filter((status) => status === 429)).toHaveLength(10)
  })

  it.each([
    ['an address', (each: number) => `203.0.113.${7 + 0 * each}`],
    ['a network of IPv6', (each: number) => `2001:db8:ffff:1::${each + 1}`],
  ])('takes five an hour from %s, and goes on taking those of others', (_, addressOf) => {
    const now = 20_000_000 * 60_000
    const of = (address: string) =>
      take(envelope(OURS, ...ITEM), readDsn(OURS), now, address).status
    const statuses = Array.from({ length: 200 }, (_, each) => of(addressOf(each)))
    expect(statuses.filter((status) => status === 200)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(195)
    expect(of('203.0.113.99')).toBe(200)
    expect(take(envelope(OURS, ...ITEM), readDsn(OURS), now + 3_600_000, addressOf(0)).status).toBe(
      200,
    )
  })

  it('takes nothing without a DSN of our own', () => {
    const sender = { address: undefined, userAgent: CHROME, origin: ORIGIN }
    expect(takeEnvelope(envelope(OURS, ...ITEM), sender, undefined, undefined)).toBe(204)
  })
})

it('an envelope is read by lengths in bytes', () => {
  const payload = '{"a":"ü\n"}'
  const read = readEnvelope(
    Buffer.from(
      `{"dsn":"x"}\n{"type":"event","length":${Buffer.byteLength(payload)}}\n${payload}\n`,
    ),
  )
  expect(read?.items).toEqual([{ type: 'event', payload }])
})

it.each([
  ['Mozilla/5.0 Version/18.1 Mobile/15E148 Safari/604.1', { name: 'Safari', version: '18' }],
  ['Mozilla/5.0 Gecko/20100101 Firefox/145.0', { name: 'Firefox', version: '145' }],
  ['Mozilla/5.0 Chrome/140.0 Safari/537.36 Edg/140.0', { name: 'Edge', version: '140' }],
  ['curl/8', undefined],
])('%s is known by name and main version only', (agent, browser) => {
  expect(browserOf(agent)).toEqual(browser)
})
