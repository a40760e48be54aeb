import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { examine, tryToDraw } from './examine'

const flat = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } })

/** A black PNG of one bit for a pixel, made without drawing it. */
function blackPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 1 })
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** An animation of so many frames, of which each draws one pixel. */
function animatedGif(width: number, height: number, frames: number): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1')
  screen.writeUInt16LE(width, 6)
  screen.writeUInt16LE(height, 8)
  const control = Buffer.from([0x21, 0xf9, 4, 0, 10, 0, 0, 0])
  const image = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0])
  const all = Array.from({ length: frames }, () => Buffer.concat([control, image]))
  return Buffer.concat([screen, ...all, Buffer.from([0x3b])])
}

const small = flat(20, 10)
const SVG = '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
/** The head of a photograph of an iPhone. */
const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\0', 'latin1')

describe('a picture', () => {
  it.each([
    ['JPEG', () => small.jpeg().toBuffer(), 'jpg'],
    ['PNG', () => small.png().toBuffer(), 'png'],
    ['WebP', () => small.webp().toBuffer(), 'webp'],
    ['AVIF', () => small.avif().toBuffer(), 'avif'],
    ['GIF', () => small.gif().toBuffer(), 'gif'],
  ])('is known by its content, whatever its name says: %s', async (_, bytes, extension) => {
    const picture = await bytes()
    expect(await examine(picture, 'page.html')).toMatchObject({
      kind: 'picture',
      picture: { extension },
    })
    await tryToDraw(picture, 'page.html')
  })

  it('of 81 megapixels is refused in words, from its head alone', async () => {
    const large = blackPng(9_000, 9_000)
    expect(large.length).toBeLessThan(1_000_000)
    const before = process.memoryUsage().rss
    await expect(examine(large, 'large.png')).rejects.toThrow(
      '"large.png" has 81 megapixels; the shop takes up to 40.',
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  it('of 40 megapixels is taken', async () => {
    const picture = blackPng(8_000, 5_000)
    expect(await examine(picture, 'a.png')).toMatchObject({ kind: 'picture' })
    await tryToDraw(picture, 'a.png')
  })

  it('that is animated counts all its frames', async () => {
    const animated = animatedGif(2_000, 2_000, 11)
    await expect(examine(animated, 'a.gif')).rejects.toThrow(
      '"a.gif" has 44 megapixels in 11 frames; the shop takes up to 40.',
    )
  })

  it('that is cut off is refused', async () => {
    const whole = await sharp(Buffer.alloc(300 * 300 * 3, 'noise of a camera'), {
      raw: { width: 300, height: 300, channels: 3 },
    })
      .png()
      .toBuffer()
    const half = whole.subarray(0, whole.length / 2)
    await expect(tryToDraw(half, 'half.png')).rejects.toThrow('"half.png" cannot be drawn')
    await expect(examine(whole.subarray(0, 12), 'head.png')).rejects.toThrow('cannot be read')
  })
})

describe('a file', () => {
  it.each([
    ['a.heic', HEIC, 'a HEIC picture'],
    ['a.jpg', HEIC, 'a HEIC picture'],
    ['a.svg', Buffer.from(SVG), 'an SVG drawing'],
    ['a.png', Buffer.from(SVG), 'an SVG drawing'],
    ['a.csv', Buffer.from(SVG), 'an SVG drawing'],
    ['a.pdf', Buffer.from('%PDF-1.7'), 'a PDF document'],
    ['a.tif', Buffer.from('II*\0'), 'a TIFF picture'],
    ['a.xlsx', Buffer.from('PK\x03\x04'), 'an Office document'],
    ['a.html', Buffer.from('<!doctype html>'), 'a kind that is not taken'],
    ['a.csv', Buffer.from([0x61, 0xe4, 0x2c]), 'no text in UTF-8'],
    ['a.csv', Buffer.from('a\0b'), 'no text in UTF-8'],
    ['a.png', Buffer.alloc(0), 'is empty'],
  ])('that cannot be drawn is refused in words: %s', async (name, bytes, words) => {
    await expect(examine(bytes, name)).rejects.toThrow(words)
  })

  it('that is a table is known by its name and its text', async () => {
    expect(await examine(Buffer.from('handle;title\nx;Größe\n'), 'a.CSV')).toEqual({
      kind: 'table',
    })
  })

  it('has no more of its name in the sentence than a line takes', async () => {
    const name = `a\r\nb${'x'.repeat(500)}`
    await expect(examine(Buffer.from('text'), name)).rejects.toThrow(/^"a {2}bx{76}" is of a kind/)
  })
})
