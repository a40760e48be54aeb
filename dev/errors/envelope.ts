import { gunzipSync } from 'node:zlib'

/** One item of an envelope; the payload is parsed when it is JSON. */
export interface Item {
  header: { type: string; length?: number }
  payload: unknown
}

/** https://develop.sentry.dev/sdk/data-model/envelopes/ */
export interface Envelope {
  header: { event_id?: string; dsn?: string; sent_at?: string }
  items: Item[]
}

const NEWLINE = 10

/** Reads an envelope as Sentry's relay does: by lengths where there are any, else by lines. */
export function parseEnvelope(bytes: Buffer, encoding?: string): Envelope {
  const body = encoding === 'gzip' ? gunzipSync(bytes) : bytes
  let at = 0
  const line = (): Buffer => {
    const end = body.indexOf(NEWLINE, at)
    const found = body.subarray(at, end === -1 ? body.length : end)
    at = end === -1 ? body.length : end + 1
    return found
  }
  const header = JSON.parse(line().toString()) as Envelope['header']
  const items: Item[] = []
  while (at < body.length) {
    const text = line().toString()
    // An envelope may end with an empty line.
    if (text === '' && at >= body.length) break
    const itemHeader = JSON.parse(text) as Item['header']
    let payload: Buffer
    if (itemHeader.length === undefined) payload = line()
    else {
      if (at + itemHeader.length > body.length) throw new Error('an item is shorter than it says')
      payload = body.subarray(at, at + itemHeader.length)
      at += itemHeader.length
      if (at < body.length && body[at] !== NEWLINE) {
        throw new Error('an item is longer than it says')
      }
      at += 1
    }
    items.push({ header: itemHeader, payload: JSON.parse(payload.toString()) as unknown })
  }
  return { header, items }
}
