import { describe, expect, it } from 'vitest'
import { scrubbedEvent, scrubber } from './scrub'

const DATABASE = 'postgres://medusa:s3cret%21pass@127.0.0.1:5432/research-relay'
const KEY = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'
const scrub = scrubber([DATABASE, KEY])

describe('a text', () => {
  it.each([
    ['a secret of the environment', `key ${KEY} refused`, KEY],
    ['a whole address with its password', `cannot reach ${DATABASE}`, 's3cret'],
    ['the password alone', 'password s3cret!pass is wrong', 's3cret!pass'],
    ['a key of another process', `key ${'b7'.repeat(20)} of BTCPay`, 'b7b7'],
    ['an e-mail address', 'no account of ada@example.org', 'ada@example.org'],
    ['an encoded e-mail address', 'GET /x/ada%40example.org', 'example.org'],
    ['a token', 'jwt eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl expired', 'eyJ'],
    ['a header', 'sent Authorization: Bearer abc', 'abc'],
    ['a header in an object', '{ authorization: "Bearer short" }', 'short'],
    ['cookies', 'Cookie: connect.sid=s%3Aabc; cart=cart_01', 's%3Aabc'],
    ['a cookie that is set', 'set-cookie: _cart=xyz123; Path=/', 'xyz123'],
    ['a name in JSON', '{"first_name":"Ada","n":1}', 'Ada'],
    ['a name in JSON within JSON', '{\\"last_name\\":\\"Lovelace\\"}', 'Lovelace'],
    ['a name as inspected', "{ firstName: 'Ada', n: 1 }", 'Ada'],
    ['a street in JSON', '{"address_1":"12 Rue de la Paix"}', 'Rue'],
    ['a field with a prefix', 'shipping_address.postal_code=75002&x=1', '75002'],
    ['a form', 'first_name=Ada&city=Paris', 'Paris'],
    ['a street in a sentence', 'ship to 12 Baker Street please', 'Baker'],
    ['a German street in a sentence', 'an Lindenstraße 12 geliefert', 'Linden'],
    ['a query', 'GET https://x.example.org/a?email=b&c=d failed', 'c=d'],
    ['a cart that could be opened', 'cart_01JABCDEFGHJKMNPQRSTVWXYZ0 is gone', '01JABC'],
    ['an order that could be opened', 'order_01JABCDEFGHJKMNPQRSTVWXYZ0', '01JABC'],
    ['an order page that could be opened', 'GET /order/page_01jabcdefghjkmnpqrstvwxyz0', '01jabc'],
    ['an invoice that could be looked up', 'invoice WxsYZ5tE3rRpR6uW4HvN9q stays open', 'WxsYZ5'],
    ['a payment that could be opened', 'payses_01JABCDEFGHJKMNPQRSTVWXYZ0', '01JABC'],
    ['values of a statement', `insert into "a" values ('Ada')`, 'Ada'],
  ])('loses %s', (_, text, lost) => {
    expect(scrub(text)).not.toContain(lost)
  })

  it.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    "Cannot read properties of undefined (reading 'items')",
    'Product with id: prod_01JABCDEFGHJKMNPQRSTVWXYZ0 was not found',
    'BTCPay answered 503 after 3 tries',
    '/app/src/jobs/reconcile-btcpay.js',
  ])('stays when it says nothing of anybody: %s', (text) => {
    expect(scrub(text)).toBe(text)
  })

  it('names the same cart the same way, so that two errors can be joined', () => {
    const one = scrub('cart_01JABCDEFGHJKMNPQRSTVWXYZ0')
    expect(one).toMatch(/^cart:[0-9a-f]{12}$/)
    expect(scrub('cart_01JABCDEFGHJKMNPQRSTVWXYZ0')).toBe(one)
    expect(scrub('cart_01JABCDEFGHJKMNPQRSTVWXYZ1')).not.toBe(one)
  })
})

describe('an event', () => {
  it('keeps what finds the fault', () => {
    const event = {
      event_id: 'ab'.repeat(16),
      level: 'error',
      release: '0f3c2a1',
      exception: {
        values: [
          {
            type: 'TypeError',
            value: 'x is undefined',
            mechanism: { type: 'request', handled: true },
            stacktrace: {
              frames: [
                {
                  filename: '/app/src/a.js?dpl=1',
                  function: 'f',
                  lineno: 3,
                  colno: 4,
                  in_app: true,
                },
              ],
            },
          },
        ],
      },
      debug_meta: {
        images: [
          { type: 'sourcemap', code_file: '/app/src/a.js?dpl=1', debug_id: 'cd'.repeat(16) },
        ],
      },
      tags: { by: 'request', seen: 3 },
      extra: { seen: 3 },
    }
    const clean = scrubbedEvent(event, scrub)
    expect(clean).toMatchObject({
      ...event,
      tags: { by: 'request', seen: '3' },
      exception: {
        values: [
          {
            ...event.exception.values[0],
            stacktrace: { frames: [{ filename: '/app/src/a.js', lineno: 3, colno: 4 }] },
          },
        ],
      },
      // The same name as in the frames: by it Sentry joins them.
      debug_meta: { images: [{ code_file: '/app/src/a.js', debug_id: 'cd'.repeat(16) }] },
    })
  })

  it('loses every field that could hold a person', () => {
    const secret = 'Ada Lovelace'
    const clean = scrubbedEvent(
      {
        user: { id: secret, ip_address: secret },
        request: {
          url: `https://research-relay.com/eu/search?q=${secret}`,
          data: secret,
          cookies: { a: secret },
          headers: { b: secret },
          query_string: secret,
          env: { c: secret },
        },
        extra: { note: secret, deep: { name: secret } },
        contexts: { state: { name2: secret }, trace: { data: secret } },
        breadcrumbs: [{ category: 'fetch', data: { body: secret } }],
        modules: { a: secret },
        exception: {
          values: [
            {
              type: 'Error',
              value: 'x',
              module: secret,
              mechanism: { type: 'a', data: { b: secret } },
              stacktrace: { frames: [{ vars: { c: secret }, context_line: secret }] },
            },
          ],
        },
        attachments: [secret],
        sdkProcessingMetadata: { d: secret },
        logentry: { params: [secret] },
      },
      scrub,
    )
    expect(JSON.stringify(clean)).not.toContain('Ada')
    expect(clean.request).toEqual({ url: 'https://research-relay.com/eu/search' })
    expect(clean.breadcrumbs).toEqual([{ category: 'fetch' }])
  })

  it('of a browser may be anything and does no harm', () => {
    for (const odd of [{}, { exception: 1 }, { tags: [] }, { exception: { values: [null] } }]) {
      expect(() => scrubbedEvent(odd, scrub)).not.toThrow()
    }
  })
})
