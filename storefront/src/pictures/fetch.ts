import { MAX_BYTES } from './limits'

/** As long as Next itself waits for a picture. */
const TIMEOUT_MS = 7_000

/** A file, or why there is none. */
export type Fetched = { bytes: Buffer } | { status: 404 | 413 | 502; message: string }

const TOO_BIG = {
  status: 413,
  message: `The picture has more than ${MAX_BYTES / 1e6} MB.`,
} as const

/** Fetches a picture from its store, as far as it is not too big. */
export async function fetchPicture(source: URL): Promise<Fetched> {
  try {
    const answer = await fetch(source, {
      cache: 'no-store',
      // A store leads nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel()
      return answer.status < 500 && answer.status !== 429
        ? { status: 404, message: 'There is no such picture.' }
        : { status: 502, message: 'The picture cannot be fetched right now.' }
    }
    const parts: Uint8Array[] = []
    let bytes = 0
    const reader = answer.body.getReader()
    for (;;) {
      const { done, value: part } = await reader.read()
      if (done) return { bytes: Buffer.concat(parts) }
      bytes += part.byteLength
      if (bytes > MAX_BYTES) {
        await reader.cancel()
        return TOO_BIG
      }
      parts.push(part)
    }
  } catch {
    return { status: 502, message: 'The picture cannot be fetched right now.' }
  }
}
