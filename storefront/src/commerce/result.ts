/** Why a call did not do what was asked. */
export interface Failure {
  /** not-found: no such thing; refused: the shopper can act on it; unavailable: try again later. */
  kind: 'not-found' | 'refused' | 'unavailable'
  /** A sentence for the shopper. */
  message: string
}

/** What a call gave, or why it failed. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure }

export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function failure<T>(kind: Failure['kind'], message: string): Result<T> {
  return { ok: false, failure: { kind, message } }
}
