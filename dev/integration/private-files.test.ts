import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../shop/settings.ts'
import { adminRequest, upload } from './admin-request.ts'
import { blackPng } from './black-png.ts'
import { pay } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { runJob } from './run-job.ts'
import { admin, shop } from './shop.ts'
import { payableCart, paymentStatus } from './shopper.ts'

const BUILT = join(ROOT, 'app/.medusa/server')
const PRIVATE = join(BUILT, 'private-files')
const PUBLIC = join(BUILT, 'static')

const names = (folder: string) => (existsSync(folder) ? readdirSync(folder) : [])

interface Notification {
  created_at: string
  data: { title: string; file?: { url: string; filename: string } }
}

/** Starts an export and waits for the file that the worker announces. */
async function exported(what: 'orders' | 'products', title: string): Promise<string> {
  const since = Date.now() - 1_000
  const started = await adminRequest(`/${what}/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(started.status).toBe(202)
  return eventually('the export', 60, async () => {
    const { notifications } = await admin<{ notifications: Notification[] }>(
      '/notifications?channel=feed&order=-created_at&limit=20',
    )
    const mine = notifications.find(
      ({ created_at, data }) => data.title === title && Date.parse(created_at) > since,
    )
    return mine?.data.file?.url
  })
}

describe('an export', () => {
  let url: string
  let key: string
  beforeAll(async () => {
    const cart = await payableCart()
    await pay(cart.invoiceId)
    await eventually('the order', 60, async () => (await paymentStatus(cart.token)).order_number)
    url = await exported('orders', 'Order export')
    key = url.split('/').at(-1) ?? ''
  }, 180_000)

  it('lies outside of the folder that everybody may read', () => {
    expect(names(PRIVATE)).toContain(key)
    expect(names(PUBLIC).filter((name) => /private|export|\.csv$/.test(name))).toEqual([])
    expect(url).toBe(`${shop.api}/admin/private-files/${key}`)
  })

  it('is not handed to anybody who is not signed in', async () => {
    const answers = await Promise.all([
      fetch(url),
      fetch(`${shop.api}/static/${key}`),
      fetch(`${shop.api}/static/..%2fprivate-files%2f${key}`),
      fetch(url, { headers: { authorization: 'Bearer nonsense' } }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([401, 404, expect.any(Number), 401])
    expect(answers[2]?.status).toBeGreaterThanOrEqual(400)
  })

  it('is saved by a signed-in admin, and never shown', async () => {
    const answer = await adminRequest(`/private-files/${key}`)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="\d+-order-exports\.csv"$/,
      ),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(await answer.text()).toMatch(/^Order_ID,/)
  })

  it.each([
    'private-1764000000000-order-exports.csv',
    `private-1764000000000-${'a'.repeat(32)}-order-exports.csv`,
    '..%2f..%2fmedusa-config.js',
    '..%2fstatic%2fx',
    '%2e%2e',
    '%',
    'a%0d%0ab',
    'a%00b',
    'x'.repeat(5_000),
  ])('has no other name: %s', async (other) => {
    const { status } = await adminRequest(`/private-files/${other}`)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('of products is private, too', async () => {
    const products = await exported('products', 'Product export')
    expect((await fetch(products)).status).toBe(401)
    expect(
      await (await adminRequest(new URL(products).pathname.slice('/admin'.length))).text(),
    ).toMatch(/^"?Product Id/i)
  })
})

describe('an import', () => {
  it('is uploaded as a private file, whatever storage there is, and read from there', async () => {
    const presigned = await adminRequest('/uploads/presigned-urls', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ originalname: 'a.csv', mime_type: 'text/csv', size: 10 }),
    })
    expect(await presigned.json()).toMatchObject({ url: '/admin/uploads' })
    const table = [
      'Product Handle,Product Title,Variant Title,Variant Option 1 Name,Variant Option 1 Value',
      'imported-by-a-test,Imported,One,Size,One\n',
    ].join('\n')
    const answer = await upload({ name: 'a % "b"\n../ü.csv', bytes: Buffer.from(table) })
    const { files } = (await answer.json()) as { files: { id: string; url: string }[] }
    const { id = '', url = '' } = files[0] ?? {}
    expect(names(PRIVATE)).toContain(id)
    expect((await fetch(url)).status).toBe(401)
    const started = await adminRequest('/products/imports', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        file_key: id,
        originalname: 'a.csv',
        extension: 'csv',
        size: 10,
        mime_type: 'text/csv',
      }),
    })
    expect(await started.json()).toMatchObject({ summary: { toCreate: 1 } })
    expect(names(PUBLIC).filter((name) => !/\.(webp|png|gif|jpg|avif)$/.test(name))).toEqual([])
  })
})

describe('old private files', () => {
  it('are deleted after a day, also those that an earlier version left below /static', async () => {
    mkdirSync(PUBLIC, { recursive: true })
    const key = (letter: string) => `private-1764000000000-${letter.repeat(32)}-a.csv`
    const files: [string, number][] = [
      [join(PRIVATE, key('a')), 25],
      [join(PRIVATE, key('b')), 23],
      [join(PUBLIC, 'private-1764000000000-1764000000000-order-exports.csv'), 25],
      [join(PUBLIC, '1764000000000-import.csv'), 25],
      [join(PUBLIC, '1764000000000-picture.webp'), 25],
    ]
    for (const [path, hours] of files) {
      writeFileSync(path, 'a')
      const then = Date.now() / 1_000 - hours * 3_600
      utimesSync(path, then, then)
    }
    await runJob('delete-old-private-files')
    expect(files.map(([path]) => existsSync(path))).toEqual([false, true, false, false, true])
  })
})

describe('an upload', () => {
  const bomb = blackPng(9_000, 9_000)
  const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')

  it.each([
    ['large.png', () => bomb, /has 81 megapixels; the shop takes up to 40\./],
    [
      'drawing.svg',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      /is an SVG drawing/,
    ],
    [
      'photo.png',
      () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0', 'latin1'),
      /HEIC/,
    ],
    ['page.png', () => Buffer.from('<!doctype html>'), /a kind that is not taken/],
    ['broken.gif', () => pixel.subarray(0, 12), /cannot be read/],
  ] as const)(
    'that cannot be drawn is refused in words, and nothing of its request is stored: %s',
    async (name, bytes, words) => {
      const before = [names(PUBLIC).length, names(PRIVATE).length]
      const answer = await upload({ name: 'good.gif', bytes: pixel }, { name, bytes: bytes() })
      const { message } = (await answer.json()) as { message: string }
      expect([answer.status, message]).toEqual([400, expect.stringMatching(words)])
      expect([names(PUBLIC).length, names(PRIVATE).length]).toEqual(before)
    },
  )

  it('that is a picture is public, with the ending of what it is', async () => {
    const answer = await upload({ name: 'private-page.html', bytes: pixel })
    const { files } = (await answer.json()) as { files: { url: string }[] }
    expect(files[0]?.url).toMatch(/\/static\/\d+-page-[0-9a-f]{8}\.gif$/)
    const picture = await fetch(files[0]?.url ?? '')
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/gif'])
  })
})
