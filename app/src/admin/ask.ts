/** Longer than the server waits for BTCPay and for its locks. */
const TIMEOUT_MS = 70_000

/** An answer of our admin API, or a sentence for the admin that says why there is none. */
export type Asked<T> = { ok: true; value: T } | { ok: false; sentence: string }

/** One call of our admin API, with the session of whoever is signed in; `path` is below /admin. */
export async function ask<T>(path: string, method: 'GET' | 'POST' = 'GET'): Promise<Asked<T>> {
  try {
    const response = await fetch(`/admin${path}`, {
      method,
      credentials: 'include',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body = (await response.json()) as T & { message?: string }
    if (response.ok) return { ok: true, value: body }
    return { ok: false, sentence: body.message ?? `The server answered ${response.status}.` }
  } catch {
    return { ok: false, sentence: 'The server did not answer. Please try again in a minute.' }
  }
}
