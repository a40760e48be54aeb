/** First how often, then how seldom a page asks for news; a chain's confirmation takes minutes. */
const OFTEN_MS = 2_000
const SELDOM_MS = 10_000
const OFTEN_FOR_MS = 3 * 60_000
/** The longest wait when there is no answer. */
const WITHOUT_ANSWER_MS = 30_000

/**
 * Milliseconds until a page asks again.
 * @param followedMs for how long it has followed the payment
 * @param failures questions in a row without an answer
 */
export function askAfterMs(followedMs: number, failures: number): number {
  if (failures > 0) return Math.min(WITHOUT_ANSWER_MS, OFTEN_MS * 2 ** failures)
  return followedMs < OFTEN_FOR_MS ? OFTEN_MS : SELDOM_MS
}
