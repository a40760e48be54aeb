import { createHmac, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from './eventually.ts'
import { shop } from './shop.ts'

const SECRET = process.env.BTCPAY_WEBHOOK_SECRET ?? ''
const STORE = process.env.BTCPAY_STORE_ID ?? ''
/** Of this run: what the shop keeps of a case is found by it. */
const MARK = randomBytes(8).toString('hex')

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())

const hmac = (body: string | Buffer, secret = SECRET, algorithm = 'sha256') =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`

interface Sent {
  method?: string
  body: string | Buffer
  /** Several lines of one header are sent as such. */
  headers: [name: string, value: string][]
}

interface Answer {
  status: number
  body: unknown
}

/** As Caddy hands it over, from an address of nobody: this machine's own are not counted. */
function send({ method = 'POST', body, headers }: Sent): Promise<Answer> {
  const lines = [
    ['host', new URL(shop.api).host],
    ['x-forwarded-for', '198.51.100.77'],
    ['content-length', String(Buffer.byteLength(body))],
    ...headers,
  ]
  return new Promise((resolve, reject) => {
    const call = request(
      `${shop.api}/hooks/btcpay`,
      { method, headers: lines.flat() },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const isJson = String(answer.headers['content-type']).includes('json')
          resolve({ status: answer.statusCode ?? 0, body: isJson ? JSON.parse(text) : text })
        })
        answer.on('error', reject)
      },
    )
    call.setTimeout(30_000, () => call.destroy(new Error('no answer')))
    call.on('error', reject)
    call.end(body)
  })
}

const JSON_TYPE: [string, string] = ['content-type', 'application/json; charset=utf-8']
const signed = (body: string | Buffer, ...more: [string, string][]): Sent => ({
  body,
  headers: [...(more.length ? more : [JSON_TYPE]), ['btcpay-sig', hmac(body)]],
})
const withSignature = (body: string, ...values: string[]): Sent => ({
  body,
  headers: [JSON_TYPE, ...values.map((value): [string, string] => ['btcpay-sig', value])],
})

/** A delivery as BTCPay's; its ids name the case. */
const delivery = (n: number, changes: Record<string, unknown> = {}) => ({
  deliveryId: `${MARK}d${n}`,
  webhookId: 'webhook',
  originalDeliveryId: `${MARK}d${n}`,
  isRedelivery: false,
  type: 'InvoiceSettled',
  timestamp: Math.floor(Date.now() / 1000),
  storeId: STORE,
  invoiceId: `${MARK}i${n}`,
  metadata: {},
  manuallyMarked: false,
  overPaid: false,
  ...changes,
})
const json = (n: number, changes?: Record<string, unknown>) => JSON.stringify(delivery(n, changes))
/** With a change in the text itself, which JSON.stringify would not write. */
const without = (n: number, key: string) => {
  const { [key]: _, ...rest } = delivery(n) as Record<string, unknown>
  return JSON.stringify(rest)
}

const UNSIGNED: Answer = { status: 401, body: { message: 'bad signature' } }
const IGNORED: Answer = { status: 200, body: { status: 'ignored' } }
const STORED: Answer = { status: 200, body: { status: 'stored' } }
const NOT_THERE: Answer = {
  status: 404,
  body: { type: 'not_found', message: 'The address was not found.' },
}
const refused = (status: number): Answer => ({ status, body: expect.anything() })

/** What is sent, what it is answered, and how many rows of the inbox it leaves. */
type Case = [what: string, make: (n: number) => Sent, answer: Answer, rows: 0 | 1]

const SIGNATURES: Case[] = [
  ['no signature', (n) => withSignature(json(n)), UNSIGNED, 0],
  ['an empty one', (n) => withSignature(json(n), ''), UNSIGNED, 0],
  ['one of zeros', (n) => withSignature(json(n), `sha256=${'0'.repeat(64)}`), UNSIGNED, 0],
  ['one that is cut', (n) => withSignature(json(n), hmac(json(n)).slice(0, -1)), UNSIGNED, 0],
  ['one with more behind it', (n) => withSignature(json(n), `${hmac(json(n))}0`), UNSIGNED, 0],
  ['one without its name', (n) => withSignature(json(n), hmac(json(n)).slice(7)), UNSIGNED, 0],
  ['one in upper case', (n) => withSignature(json(n), hmac(json(n)).toUpperCase()), UNSIGNED, 0],
  ['a good one twice', (n) => withSignature(json(n), hmac(json(n)), hmac(json(n))), UNSIGNED, 0],
  [
    'a bad one before a good one',
    (n) => withSignature(json(n), 'sha256=0', hmac(json(n))),
    UNSIGNED,
    0,
  ],
  ['one by SHA-1', (n) => withSignature(json(n), hmac(json(n), SECRET, 'sha1')), UNSIGNED, 0],
  ['one by SHA-512', (n) => withSignature(json(n), hmac(json(n), SECRET, 'sha512')), UNSIGNED, 0],
  ['one of another secret', (n) => withSignature(json(n), hmac(json(n), 'other')), UNSIGNED, 0],
  ['one of an empty secret', (n) => withSignature(json(n), hmac(json(n), '')), UNSIGNED, 0],
  [
    'one of another body',
    (n) => withSignature(json(n, { invoiceId: 'changed' }), hmac(json(n))),
    UNSIGNED,
    0,
  ],
  [
    'one of the same body, spaced otherwise',
    (n) => withSignature(`${json(n)} `, hmac(json(n))),
    UNSIGNED,
    0,
  ],
  [
    'one in another header',
    (n) => ({ body: json(n), headers: [JSON_TYPE, ['btcpay-sig-256', hmac(json(n))]] }),
    UNSIGNED,
    0,
  ],
]

const BODIES: Case[] = [
  ['no body', () => signed(''), IGNORED, 0],
  ['no JSON', () => signed('deliveryId=1'), refused(400), 0],
  ['JSON that is cut', (n) => signed(json(n).slice(0, -10)), refused(400), 0],
  ['a number', () => signed('5'), refused(400), 0],
  ['null', () => signed('null'), refused(400), 0],
  ['a text', () => signed('"InvoiceSettled"'), refused(400), 0],
  ['a list', (n) => signed(`[${json(n)}]`), IGNORED, 0],
  ['an empty object', () => signed('{}'), IGNORED, 0],
  [
    'a thousand objects in each other',
    (n) => signed(`{"metadata":${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)},${json(n).slice(1)}`),
    STORED,
    1,
  ],
  [
    'two megabytes',
    (n) => signed(json(n, { metadata: { a: 'a'.repeat(2_000_000) } })),
    refused(413),
    0,
  ],
  [
    'another type of content',
    (n) => signed(json(n), ['content-type', 'application/xml']),
    UNSIGNED,
    0,
  ],
  ['no type of content', (n) => signed(json(n), ['x-none', '']), UNSIGNED, 0],
  ['text', (n) => signed(json(n), ['content-type', 'text/plain']), IGNORED, 0],
  [
    'a form',
    (n) => signed(`invoiceId=${MARK}i${n}`, ['content-type', 'application/x-www-form-urlencoded']),
    IGNORED,
    0,
  ],
  [
    'an unknown charset',
    (n) => signed(json(n), ['content-type', 'application/json; charset=nonsense']),
    refused(415),
    0,
  ],
  [
    'gzip whose signature is of the packed bytes',
    (n) => signed(gzipSync(json(n)), JSON_TYPE, ['content-encoding', 'gzip']),
    UNSIGNED,
    0,
  ],
  [
    'gzip that is none',
    (n) => signed(json(n), JSON_TYPE, ['content-encoding', 'gzip']),
    refused(400),
    0,
  ],
  [
    'an unknown encoding',
    (n) => signed(json(n), JSON_TYPE, ['content-encoding', 'nonsense']),
    refused(415),
    0,
  ],
]

const FIELDS: Case[] = [
  ...['deliveryId', 'type', 'storeId', 'invoiceId'].map(
    (key): Case => [`no ${key}`, (n) => signed(without(n, key)), IGNORED, 0],
  ),
  ...['deliveryId', 'type', 'storeId', 'invoiceId'].flatMap((key) =>
    [null, 5, '', ['a'], { a: 1 }].map(
      (value): Case => [
        `${key} as ${JSON.stringify(value)}`,
        (n) => signed(json(n, { [key]: value })),
        IGNORED,
        0,
      ],
    ),
  ),
  ['originalDeliveryId as null', (n) => signed(json(n, { originalDeliveryId: null })), STORED, 1],
  ['originalDeliveryId as 5', (n) => signed(json(n, { originalDeliveryId: 5 })), IGNORED, 0],
  ['the id of another store', (n) => signed(json(n, { storeId: `${STORE}2` })), IGNORED, 0],
  ...[
    '../../../server/info',
    '..',
    '..%2f..%2fserver',
    'a/b',
    'a?b#c',
    'a\u0000b',
    'a\r\nx: y',
    'ｉnvoice',
    '\ud800',
    'a'.repeat(10_000),
    "' OR 1=1 --",
  ].map(
    (invoiceId): Case => [
      `${JSON.stringify(invoiceId).slice(0, 30)} as the invoice's id`,
      (n) => signed(json(n, { invoiceId })),
      IGNORED,
      0,
    ],
  ),
  ['NUL in the delivery’s id', (n) => signed(json(n, { deliveryId: `${MARK}\u0000` })), IGNORED, 0],
  ['NUL in the type', (n) => signed(json(n, { type: 'Invoice\u0000' })), IGNORED, 0],
  ['a long type', (n) => signed(json(n, { type: 'a'.repeat(10_000) })), IGNORED, 0],
  [
    'keys of prototypes',
    (n) =>
      signed(
        `{"__proto__":{"storeId":"${STORE}","invoiceId":"x"},"constructor":{"prototype":{"isAdmin":true}},${without(n, 'storeId').slice(1)}`,
      ),
    IGNORED,
    0,
  ],
  [
    'a key twice, of which the last counts',
    (n) => signed(json(n).replace('{', '{"storeId":"other",')),
    STORED,
    1,
  ],
  ['an unknown type', (n) => signed(json(n, { type: 'InvoiceTurnedIntoAFrog' })), STORED, 1],
  ['an invoice that nobody has', (n) => signed(json(n)), STORED, 1],
  ...[-1, 0, 4_102_444_800, 1e300, 'soon', null].map(
    (timestamp): Case => [
      `${JSON.stringify(timestamp)} as its time`,
      (n) => signed(json(n, { timestamp })),
      STORED,
      1,
    ],
  ),
]

const METHODS: Case[] = (['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).map((method) => [
  method,
  (n) => ({ ...signed(json(n)), method }),
  NOT_THERE,
  0,
])

async function rowsOf(n: number) {
  const { rows } = await database.query<{ outcome: string | null; attempts: number }>(
    `SELECT outcome, attempts FROM webhook_delivery
     WHERE original_delivery_id = $1 OR invoice_id = $2`,
    [`${MARK}d${n}`, `${MARK}i${n}`],
  )
  return rows
}

/** Nothing in the ledger is of such an invoice. */
async function inLedger(): Promise<number> {
  const { rows } = await database.query<{ n: string }>(
    'SELECT count(*) AS n FROM btcpay_invoice WHERE starts_with(invoice_id, $1) OR starts_with(session_id, $1)',
    [MARK],
  )
  return Number(rows[0]?.n)
}

let count = 0

describe('a delivery to the webhook', () => {
  describe.each([
    ['with', SIGNATURES],
    ['with', BODIES],
    ['with', FIELDS],
    ['by', METHODS],
  ])('%s', (_, cases) => {
    it.each(cases)('%s', async (_what, make, answer, rows) => {
      const n = ++count
      expect(await send(make(n))).toEqual(answer)
      expect(await rowsOf(n)).toHaveLength(rows)
    })
  })

  it('is one row, however often it comes, at the same moment, and by other ids of the same event', async () => {
    const n = ++count
    const copies = Array.from({ length: 8 }, () => signed(json(n)))
    const redelivered = signed(json(n, { deliveryId: `${MARK}again`, isRedelivery: true }))
    const answers = await Promise.all([...copies, redelivered].map(send))
    expect(answers).toEqual(answers.map(() => STORED))
    await eventually('it is handled', 60, async () => (await rowsOf(n))[0]?.outcome)
    expect(await send(signed(json(n)))).toEqual(STORED)
    expect(await rowsOf(n)).toMatchObject([{ outcome: 'ignored', attempts: 1 }])
  })

  it('leaves nothing in the ledger, and nothing that is tried for ever', async () => {
    const open = async () =>
      (
        await database.query(
          'SELECT FROM webhook_delivery WHERE starts_with(original_delivery_id, $1) AND outcome IS DISTINCT FROM $2',
          [MARK, 'ignored'],
        )
      ).rowCount
    await eventually('all are handled', 60, async () => (await open()) === 0)
    expect(await inLedger()).toBe(0)
  })
})
