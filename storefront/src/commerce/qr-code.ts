import 'server-only'
import { LRUCache } from 'lru-cache'
import { encode } from 'uqr'

/** The squares of a QR code: a text for each row, `1` for a dark one. Without the light border around it. */
export type QrCode = string[]

/** A page asks every other second; drawing anew takes milliseconds. */
const drawn = new LRUCache<string, QrCode>({ max: 500 })

/** The QR code (ISO/IEC 18004) of a text, with the least redundancy: screens are clean. */
export function qrCode(text: string): QrCode {
  const known = drawn.get(text)
  if (known) return known
  const { data } = encode(text, { ecc: 'L', border: 0 })
  const code = data.map((row) => row.map((dark) => (dark ? '1' : '0')).join(''))
  drawn.set(text, code)
  return code
}
