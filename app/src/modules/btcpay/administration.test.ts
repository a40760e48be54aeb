import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isOurs } from './invoice'
import { authorizeLink, judgeKey, PERMISSIONS } from './permissions'
import { EVENTS, judgeWebhooks, rightWebhook, type StoreWebhook } from './webhook'

const STORE = 'store1'
const URL_OF_OURS = 'https://api.example.org/hooks/btcpay'
const right = PERMISSIONS.map(({ name }) => `${name}:${STORE}`)
const without = (name: string) => right.filter((each) => !each.includes(name))
const missing = (permissions: string[]) =>
  judgeKey(permissions, STORE).missing.map(({ name }) => name)

describe("the key's permissions", () => {
  it('are just right when each is there for the one store', () => {
    expect(judgeKey(right, STORE)).toEqual({ missing: [], tooMany: [] })
  })

  it.each(PERMISSIONS.map(({ name }) => name).filter((name) => !/create|canviewinv/.test(name)))(
    'lack %s',
    (name) => expect(missing(without(name))).toContain(name),
  )

  it('are had by what includes them', () => {
    expect(missing(without('canviewinvoices'))).toEqual([])
    expect(missing(['unrestricted'])).toEqual([])
  })

  it.each([
    'btcpay.store.canmodifystoresettings:store1',
    'btcpay.store.canmanagepullpayments:store1',
    'btcpay.store.canviewinvoices',
    'btcpay.store.canviewinvoices:store2',
    'btcpay.server.canmanageusers',
    'unrestricted',
  ])('are too many with %s', (permission) => {
    expect(judgeKey([...right, permission], STORE).tooMany).toEqual([permission])
  })

  it('of another store are none', () => {
    const other = PERMISSIONS.map(({ name }) => `${name}:store2`)
    expect(missing(other)).toEqual(PERMISSIONS.map(({ name }) => name))
  })

  it('stand in the docs and in the link to BTCPay, the same and no others', () => {
    const docs = readFileSync(join(__dirname, '../../../../docs/payments.md'), 'utf8')
    const listed = [...docs.matchAll(/^\| `(btcpay\.[a-z.]+)` /gm)].map(([, name]) => name)
    const names = PERMISSIONS.map(({ name }) => name)
    expect(listed).toEqual(names)
    const link = new URL(authorizeLink('https://btcpay.example.org/'))
    expect(link.origin + link.pathname).toBe('https://btcpay.example.org/api-keys/authorize')
    expect(link.searchParams.getAll('permissions')).toEqual(names)
    expect(link.searchParams.get('selectiveStores')).toBe('true')
  })
})

const webhook = (changes: Partial<StoreWebhook> = {}): StoreWebhook => ({
  id: 'w1',
  ...rightWebhook(URL_OF_OURS),
  ...changes,
})

describe('the webhook at BTCPay', () => {
  it('is as it should be when it is what the button makes', () => {
    expect(judgeWebhooks([webhook()], URL_OF_OURS)).toMatchObject({
      registered: true,
      problems: [],
    })
  })

  it('is not there when only others are', () => {
    const others = [
      webhook({ url: 'https://other.example.org/hooks/btcpay' }),
      webhook({ url: '-' }),
    ]
    expect(judgeWebhooks(others, URL_OF_OURS).registered).toBe(false)
  })

  it.each([
    ['switched off', { enabled: false }, /switched off/],
    ['without redelivery', { automaticRedelivery: false }, /does not repeat/],
    [
      'deaf to an event',
      { authorizedEvents: { everything: false, specificEvents: EVENTS.slice(1) } },
      /does not send InvoiceReceivedPayment\./,
    ],
  ])('%s has a fault', (_name, changes, said) => {
    const { problems } = judgeWebhooks([webhook(changes)], URL_OF_OURS)
    expect(problems).toEqual([expect.stringMatching(said)])
  })

  it('is told of when there are two, and takes all events as well', () => {
    const everything = { everything: true, specificEvents: [] }
    const both = [webhook(), webhook({ id: 'w2', authorizedEvents: everything })]
    expect(judgeWebhooks(both, URL_OF_OURS).problems).toEqual([expect.stringContaining('2 times')])
    expect(judgeWebhooks(both.slice(1), URL_OF_OURS).problems).toEqual([])
  })

  it('keeps events that its user has added, when it is repaired', () => {
    const now = webhook({
      authorizedEvents: { everything: false, specificEvents: ['PayoutCreated'] },
    })
    expect(rightWebhook(URL_OF_OURS, now).authorizedEvents.specificEvents).toEqual([
      ...EVENTS,
      'PayoutCreated',
    ])
  })

  it("is proved by an invoice that is no cart's", () => {
    const metadata = { orderId: 'webhook_test_01' }
    expect(isOurs({ metadata } as Parameters<typeof isOurs>[0])).toBe(false)
  })
})
