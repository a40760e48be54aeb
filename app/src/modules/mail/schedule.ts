const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 4 * 3_600_000
/** A day: longer silence of the mail server is noticed by the owner, and old news confuses. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000

/** How long a mail waits after its nth failed try: half a minute, doubled each time, up to 4 h. */
export function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
}

/** Whether no further try comes: the next one would begin more than a day after the mail was written. */
export function isLastTry(writtenAt: Date, attempts: number, now: Date): boolean {
  return now.getTime() + retryDelayMs(attempts) - writtenAt.getTime() > GIVE_UP_AFTER_MS
}
