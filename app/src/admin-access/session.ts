/** A session of the admin ends after this long without a request. */
export const IDLE_MS = 2 * 3_600_000

/** Every session and token ends this long after the password was entered, however busy it is. */
export const ABSOLUTE_SECONDS = 12 * 3_600

/** Sessions that one admin may have, each browser one; a further one ends the oldest. */
export const SESSIONS_PER_ADMIN = 10

/** The session's cookie; Medusa adds its lifetime. Strict: only the admin's own pages send it. */
export function sessionCookie(production: boolean) {
  return { httpOnly: true, sameSite: 'strict', secure: production, path: '/' } as const
}

/**
 * Whether a sign-in has ended.
 * @param passwordSet Unix milliseconds of the last change of the password
 */
export function hasEnded(
  signedInSeconds: number | undefined,
  passwordSet: number | undefined,
  nowMs: number,
): boolean {
  if (signedInSeconds === undefined) return true
  if (nowMs / 1_000 - signedInSeconds > ABSOLUTE_SECONDS) return true
  return passwordSet !== undefined && signedInSeconds < Math.floor(passwordSet / 1_000)
}
