import type { Reporter } from '@rr-bizops/telemetry/errors/reporter'

/** Sentry's free plan has one monitor, so one stands for all jobs. */
const SLUG = 'medusa-jobs'
/** Jobs run every 10 s; the monitor hears of them this often. */
const EVERY_MINUTES = 5
/** A check-in may be late by this: a deploy restarts the worker. */
const MARGIN_MINUTES = 5
/** A job that has not ended well for so long has failed, even if it never ran. */
const SILENT_MS = 600_000
/** Expected from the start on; others once they have run. */
const JOBS = ['drain-webhook-inbox', 'reconcile-btcpay']

/**
 * Listens to the ends of jobs and checks in with Sentry every five minutes. No check-in at all is the
 * alarm for a worker that is gone. 288 check-ins a day; they do not count as errors.
 */
export function jobMonitor(
  reporter: Pick<Reporter, 'checkIn'>,
  clock: () => number = Date.now,
): (job: string, ok: boolean) => void {
  const lastGood = new Map(JOBS.map((job) => [job, clock()]))
  let next = 0
  let failed = false
  return (job, ok) => {
    const now = clock()
    if (ok) lastGood.set(job, now)
    else if (!lastGood.has(job)) lastGood.set(job, now)
    failed ||= !ok
    if (now < next) return
    next = now + EVERY_MINUTES * 60_000
    const silent = [...lastGood.values()].some((at) => now - at > SILENT_MS)
    reporter.checkIn({
      slug: SLUG,
      ok: !failed && !silent,
      everyMinutes: EVERY_MINUTES,
      marginMinutes: MARGIN_MINUTES,
    })
    failed = false
  }
}
