/** A kind of picture that browsers and the storefront can draw. */
export interface PictureKind {
  mimeType: string
  extension: string
}

/** By the name that sharp gives to what it has read. */
export const PICTURES: Record<string, PictureKind> = {
  jpeg: { mimeType: 'image/jpeg', extension: 'jpg' },
  png: { mimeType: 'image/png', extension: 'png' },
  webp: { mimeType: 'image/webp', extension: 'webp' },
  gif: { mimeType: 'image/gif', extension: 'gif' },
  // AVIF; HEIC is heif with another compression.
  heif: { mimeType: 'image/avif', extension: 'avif' },
}

const ascii = (bytes: Buffer, from: number, to: number) => bytes.toString('latin1', from, to)

/** Brands in the head of an ISO media file, such as `avif` or `heic`. */
function brands(bytes: Buffer): string[] {
  if (ascii(bytes, 4, 8) !== 'ftyp') return []
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256)
  const all = [ascii(bytes, 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) all.push(ascii(bytes, at, at + 4))
  return all
}

/** Whether the first bytes are those of a picture that sharp may read; SVG never reaches its parser. */
export function looksDrawable(bytes: Buffer): boolean {
  return (
    ascii(bytes, 0, 3) === '\xff\xd8\xff' ||
    ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n' ||
    /^GIF8[79]a/.test(ascii(bytes, 0, 6)) ||
    (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') ||
    brands(bytes).some((brand) => brand === 'avif' || brand === 'avis')
  )
}

/** What a file that is not taken is, in words; undefined when that is unknown. */
export function knownKind(bytes: Buffer): string | undefined {
  const start = ascii(bytes, 0, 1024)
  if (brands(bytes).some((brand) => /^(he[iv][cmsx]|mif1|msf1)$/.test(brand))) {
    return 'a HEIC picture; export it as JPEG first'
  }
  if (/<svg[\s>]/i.test(start)) return 'an SVG drawing; export it as PNG first'
  if (/^(II\*\0|MM\0\*)/.test(start)) return 'a TIFF picture; export it as PNG first'
  if (start.startsWith('%PDF')) return 'a PDF document'
  if (start.startsWith('PK\x03\x04')) return 'a ZIP archive or an Office document'
  if (/^BM/.test(start)) return 'a BMP picture; export it as PNG first'
  return undefined
}

/** Whether this is a table: a name that ends in .csv, and text in UTF-8. */
export function isTable(bytes: Buffer, filename: string): boolean {
  if (!/\.csv$/i.test(filename) || bytes.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
