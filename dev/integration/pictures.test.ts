import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop } from './shop.ts'

/** Product files of the built Medusa; the admin's own check of uploads is passed by. */
const STATIC = join(import.meta.dirname, '../../app/.medusa/server/static')

/** A picture of one colour, as small as PNG makes it. */
function pngOf(width: number, height: number): Buffer {
  const part = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(named))
    return Buffer.concat([length, named, check])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  // Eight bits for a pixel, grey.
  head[8] = 8
  const rows = Buffer.alloc((width + 1) * height)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    part('IHDR', head),
    part('IDAT', deflateSync(rows)),
    part('IEND', Buffer.alloc(0)),
  ])
}

const RUN = `test-${Date.now()}`
const FILES = {
  'good.png': () => pngOf(1_200, 900),
  'large.png': () => pngOf(9_000, 9_000),
  'drawing.svg': () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
  'phone.heic': () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
  'page.png': () => Buffer.from('<!doctype html><script>alert(1)</script>'),
  'broken.png': () => Buffer.from('\x89PNG\r\n\x1a\nand nothing more', 'latin1'),
}
const source = (name: string) => `/pictures/uploads/${RUN}-${name}`

beforeAll(() => {
  mkdirSync(STATIC, { recursive: true })
  for (const [name, bytes] of Object.entries(FILES)) {
    writeFileSync(join(STATIC, `${RUN}-${name}`), bytes())
  }
})
afterAll(() => {
  for (const name of Object.keys(FILES)) rmSync(join(STATIC, `${RUN}-${name}`), { force: true })
})

function draw(name: string, width = 640): Promise<Response> {
  const address = `/_next/image?url=${encodeURIComponent(source(name))}&w=${width}&q=75`
  return fetch(`${shop.storefront}${address}`, { headers: { accept: 'image/avif,image/webp,*/*' } })
}

describe('pictures', () => {
  it('are drawn in the widths of the shop', async () => {
    const response = await draw('good.png')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/avif')
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
  })

  it.each([
    ['large.png', 413],
    ['drawing.svg', 415],
    ['phone.heic', 415],
    ['page.png', 415],
    ['broken.png', 415],
    ['none.png', 404],
  ])('are refused before they are decoded: %s', async (name, status) => {
    const responses = await Promise.all([64, 640, 1200, 1920].map((width) => draw(name, width)))
    for (const response of responses) {
      expect(response.status).toBe(status)
      // In words, and not the file itself.
      expect((await response.arrayBuffer()).byteLength).toBeLessThan(200)
    }
  })

  it('are not given as they were uploaded', async () => {
    expect((await fetch(`${shop.storefront}${source('good.png')}`)).status).toBe(404)
  })
})
