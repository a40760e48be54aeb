const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const DAY_MS = 24 * 60 * MINUTE_MS

/** An invoice is asked for so long after it was made; BTCPay records money that comes late at any time. */
export const ASKED_FOR_DAYS = 90

/** What decides when reconciliation asks about an invoice again. */
export interface Asked {
  /** As BTCPay last said it; `Asked` while no invoice is known. */
  state: string
  /** Nothing is decided yet: `open` in the ledger. */
  isOpen: boolean
  createdAt: Date
  expiresAt: Date | null
  /** Until then BTCPay waits for confirmations. */
  monitoredUntil: Date | null
}

/**
 * When an invoice is asked for next: within seconds while it can be paid in time, every five minutes as long
 * as BTCPay monitors it, then daily.
 * @returns null when it never is again
 */
export function nextAsk(invoice: Asked, now: Date): Date | null {
  const { state, isOpen, createdAt, expiresAt, monitoredUntil } = invoice
  const after = (ms: number) => new Date(now.getTime() + ms)
  const age = now.getTime() - createdAt.getTime()
  if (age >= ASKED_FOR_DAYS * DAY_MS) return null
  // Nothing is known of it: a little later each time, since nobody was given its address.
  if (state === 'Asked') return after(Math.min(Math.max(30 * SECOND_MS, age), DAY_MS))
  // Settled and decided, daily: a second payment for one invoice is recorded whenever it comes.
  if (state === 'Settled') return after(isOpen ? 30 * SECOND_MS : DAY_MS)
  if (state === 'Processing') return after(30 * SECOND_MS)
  if (state === 'New' && expiresAt && now < expiresAt) return after(15 * SECOND_MS)
  if (monitoredUntil && now < monitoredUntil) return after(5 * MINUTE_MS)
  return after(DAY_MS)
}
