import { z } from 'zod'

/** https://develop.sentry.dev/sdk/data-model/envelopes/: a header, then items of a header and a payload. */
export interface Envelope {
  dsn: string
  items: { type: string; payload: string }[]
}

const headerSchema = z.object({ dsn: z.string() })
const itemSchema = z.object({ type: z.string(), length: z.number().int().nonnegative().optional() })

/** One line of bytes, and where the next begins. */
function lineAt(bytes: Buffer, from: number): { text: string; next: number } {
  const end = bytes.indexOf('\n', from)
  const stop = end === -1 ? bytes.length : end
  return { text: bytes.toString('utf8', from, stop), next: stop + 1 }
}

/** Reads an envelope; undefined when it is none. */
export function readEnvelope(bytes: Buffer): Envelope | undefined {
  try {
    const first = lineAt(bytes, 0)
    const { dsn } = headerSchema.parse(JSON.parse(first.text))
    const items: Envelope['items'] = []
    let at = first.next
    while (at < bytes.length) {
      const line = lineAt(bytes, at)
      const { type, length } = itemSchema.parse(JSON.parse(line.text))
      const payload =
        length === undefined
          ? lineAt(bytes, line.next)
          : {
              text: bytes.toString('utf8', line.next, line.next + length),
              next: line.next + length + 1,
            }
      items.push({ type, payload: payload.text })
      at = payload.next
    }
    return { dsn, items }
  } catch {
    return undefined
  }
}
