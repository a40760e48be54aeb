/** Seconds at which the time that is left is said aloud: not every second. */
const SAID_AT = [600, 300, 60]

/** Minutes and seconds, such as 14:05. */
export function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** What a screen reader says when the time goes from one number of seconds to a smaller one. */
export function spokenAt(before: number, now: number): string | undefined {
  const passed = SAID_AT.findLast((mark) => before > mark && now <= mark)
  if (passed === undefined) return undefined
  return passed === 60 ? '1 minute left to pay' : `${passed / 60} minutes left to pay`
}
