/** What one check found; `ms` is how long it took. */
export interface Check {
  ok: boolean
  ms: number
  skipped?: boolean
}

export type Status = 'ready' | 'degraded' | 'failed'

/** A probe that does not answer in time has failed. */
export const CHECK_TIMEOUT_MS = 80

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

/** Without PostgreSQL, Redis or the newest migration nothing works; without BTCPay only paying stops. */
export function overall(
  checks: Record<'postgresql' | 'redis' | 'migrations' | 'btcpay', Check>,
): Status {
  if (!checks.postgresql.ok || !checks.redis.ok || !checks.migrations.ok) return 'failed'
  return checks.btcpay.ok ? 'ready' : 'degraded'
}
