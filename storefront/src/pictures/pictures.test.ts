import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pictureAddress, pictureSource } from './address'
import { examine } from './examine'
import { MAX_PIXELS } from './limits'
import { turnFor } from './turn'

const STATIC = 'http://127.0.0.1:9000/static'

describe('the address of a picture', () => {
  it.each([
    ['1764-flask.webp', '/pictures/uploads/1764-flask.webp'],
    ['sub/flask_2.png', '/pictures/uploads/sub/flask_2.png'],
    ['a%20b.png', '/pictures/uploads/a~20b.png'],
    ['K%C3%B6lbchen~1.jpg', '/pictures/uploads/K~c3~b6lbchen~7e1.jpg'],
    ['100%25.jpg', '/pictures/uploads/100~25.jpg'],
  ])('of %s is %s, and leads back', (name, address) => {
    expect(pictureAddress(`${STATIC}/${name}`)).toBe(address)
    const source = pictureSource(address)
    expect(decodeURIComponent(source?.href ?? '')).toBe(decodeURIComponent(`${STATIC}/${name}`))
  })

  it.each([
    null,
    '',
    'no address',
    'https://elsewhere.example/flask.webp',
    'http://127.0.0.1:9000/store/products',
    `${STATIC}/../store/products`,
    `${STATIC}/.hidden`,
    `${STATIC}/flask.webp?a=1`,
    `${STATIC}/flask.webp#1`,
    `${STATIC}/%ff.webp`,
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
  ])('is none for %s', (url) => {
    expect(pictureAddress(url)).toBeNull()
  })

  it.each([
    '/pictures/uploads/flask.webp?a=1',
    '/pictures/uploads/flask.webp#1',
    '/pictures/uploads/%66lask.webp',
    '/pictures/uploads/~66lask.webp',
    '/pictures/uploads/K~C3~B6lbchen.jpg',
    '/pictures/uploads/./flask.webp',
    '/pictures/uploads/../uploads/flask.webp',
    '/pictures/uploads//flask.webp',
    '/pictures/uploads/a~2fb.webp',
    '/pictures/uploads/a/~2e~2e/flask.webp',
    '/pictures/elsewhere/flask.webp',
    '/pictures/storage/flask.webp',
    '//pictures/uploads/flask.webp',
    '/Pictures/uploads/flask.webp',
  ])('has one spelling: not %s', (address) => {
    expect(pictureSource(address)).toBeNull()
  })
})

const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' }, limitInputPixels: false })

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
  // One bit for a pixel, grey.
  head[8] = 1
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    part('IHDR', head),
    part('IDAT', deflateSync(rows)),
    part('IEND', Buffer.alloc(0)),
  ])
}

describe('a file', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)('that is %s is drawn', async (type) => {
    expect(await examine(await plain(40, 30).toFormat(type).toBuffer())).toEqual({
      type: `image/${type}`,
    })
  })

  it('of 81 megapixels in half a megabyte is refused by its head alone', async () => {
    const bomb = pngOf(9_000, 9_000)
    expect(bomb.length).toBeLessThan(500_000)
    const began = performance.now()
    expect(await examine(bomb)).toEqual({
      status: 413,
      message: 'The picture has more than 40 megapixels.',
    })
    expect(performance.now() - began).toBeLessThan(500)
  })

  it('counts the frames of a moving picture', async () => {
    // Ten frames of 2,000 by 2,100.
    const size = [0xd0, 0x07, 0x34, 0x08]
    const frame = [0x2c, 0, 0, 0, 0, ...size, 0, 2, 2, 0x44, 1, 0]
    const film = Buffer.from([
      ...Buffer.from('GIF89a'),
      ...[...size, 0x80, 0, 0, 0, 0, 0, 255, 255, 255],
      ...Array.from({ length: 10 }, () => frame).flat(),
      0x3b,
    ])
    expect(2_000 * 2_100).toBeLessThan(MAX_PIXELS)
    expect(await examine(film)).toMatchObject({ status: 413 })
  })

  it.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['SVG with a prologue', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['BMP', `BM${'\0'.repeat(60)}`],
    ['ICO', `\0\0\x01\0\x01\0${'\0'.repeat(60)}`],
    ['JPEG XL', '\xff\x0a\0\0'],
    ['TIFF', 'II*\0\x08\0\0\0'],
    ['PDF', '%PDF-1.7'],
    ['HTML', '<!doctype html><script>alert(1)</script>'],
    ['nothing', ''],
  ])('that is %s is refused in words', async (_, text) => {
    expect(await examine(Buffer.from(text, 'latin1'))).toEqual({
      status: 415,
      message: 'The shop shows JPEG, PNG, WebP, AVIF and GIF only.',
    })
  })

  it('that only begins as a picture is refused', async () => {
    const half = Buffer.from('\x89PNG\r\n\x1a\nand nothing more', 'latin1')
    expect(await examine(half)).toEqual({ status: 415, message: 'The picture is damaged.' })
  })
})

describe('pictures to be drawn', () => {
  it('are given to be drawn two at a time', async () => {
    let drawing = 0
    let most = 0
    const draw = async () => {
      expect(await turnFor(1_000, () => drawing)).toBe(true)
      drawing += 1
      most = Math.max(most, drawing)
      await new Promise((resolve) => setTimeout(resolve, 150))
      drawing -= 1
    }
    await Promise.all(Array.from({ length: 8 }, draw))
    expect(most).toBe(2)
  })

  it('are refused when those that wait have too many bytes, and when nothing moves', async () => {
    const stuck = () => 2
    const large = 5_000_000
    const turns = await Promise.all(Array.from({ length: 20 }, () => turnFor(large, stuck, 200)))
    expect(turns).not.toContain(true)
    expect(await turnFor(large, () => 0)).toBe(true)
  })
})
