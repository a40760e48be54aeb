/** What one check found; `ms` is how long it took. */
export interface Check {
  ok: boolean
  ms: number
  skipped?: boolean
  /** What its reader should know all the same. */
  note?: string
}

export type Status = 'ready' | 'degraded' | 'failed'

/** A probe that does not answer in time has failed. */
export const CHECK_TIMEOUT_MS = 80

/** Nobody can pay, and a restart would mend nothing: no failure, and no alarm. */
export const BTCPAY_NOT_SET_UP: Check = {
  ok: true,
  ms: 0,
  skipped: true,
  note: 'the shop is not set up with BTCPay: nobody can pay',
}

/** Runs one probe; whatever it throws, and silence, is a failed check. */
export async function check(
  probe: () => Promise<boolean>,
  timeoutMs = CHECK_TIMEOUT_MS,
): Promise<Check> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false)
  })
  const ok = await Promise.race([probe().catch(() => false), late])
  clearTimeout(timer)
  return { ok, ms: Math.round(performance.now() - started) }
}

/** Without these nothing works. */
const NEEDED = ['postgresql', 'redis', 'migrations'] as const
/** Without these something stops: paying, or with a Redis that is full what it would keep. */
const WANTED = ['btcpay', 'queue', 'sessions', 'cache'] as const

/** Every check of readiness by its name. */
export type Checks = Record<(typeof NEEDED)[number] | (typeof WANTED)[number], Check>

/** A full Redis degrades and does not fail: it must not stop the deploy that would mend it. */
export function overall(checks: Checks): Status {
  if (!NEEDED.every((name) => checks[name].ok)) return 'failed'
  return WANTED.every((name) => checks[name].ok) ? 'ready' : 'degraded'
}
