import sharp from 'sharp'
import { MAX_PIXELS } from './limits'

/** Reading the head of a picture is a matter of milliseconds. */
const HEAD_SECONDS = 2

const ascii = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to)

/** Kinds of pictures that the shop draws, known by their first bytes; no other decoder ever sees a file. */
const KINDS: [type: string, is: (bytes: Buffer) => boolean][] = [
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))],
  ['image/png', (bytes) => ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n'],
  ['image/webp', (bytes) => ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP'],
  ['image/gif', (bytes) => /^GIF8[79]a$/.test(ascii(bytes, 0, 6))],
  ['image/avif', (bytes) => /^ftypavi[fs]$/.test(ascii(bytes, 4, 12))],
]

/** What a file is: a picture of a type that the shop draws, or why it draws none. */
export type Examined =
  | { type: string }
  | { status: 413; message: string }
  | { status: 415; message: string }

/** Looks at the head of a file, without drawing it. */
export async function examine(bytes: Buffer): Promise<Examined> {
  const type = KINDS.find(([, is]) => is(bytes))?.[0]
  if (!type) return { status: 415, message: 'The shop shows JPEG, PNG, WebP, AVIF and GIF only.' }
  try {
    const head = await sharp(bytes, { limitInputPixels: false })
      .timeout({ seconds: HEAD_SECONDS })
      .metadata()
    const pixels = head.width * (head.pageHeight ?? head.height) * (head.pages ?? 1)
    if (pixels <= MAX_PIXELS) return { type }
    const megapixels = MAX_PIXELS / 1_000_000
    return { status: 413, message: `The picture has more than ${megapixels} megapixels.` }
  } catch {
    return { status: 415, message: 'The picture is damaged.' }
  }
}
