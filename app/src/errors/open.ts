import { setReporter } from '@rr-bizops/telemetry/errors/current'
import { readDsn } from '@rr-bizops/telemetry/errors/dsn'
import { letExitsWait, watchUncaught } from '@rr-bizops/telemetry/errors/process'
import { openReporter } from '@rr-bizops/telemetry/errors/reporter'
import { scrubber } from '@rr-bizops/telemetry/errors/scrub'
import { record } from '@rr-bizops/telemetry/logging/record'
import { type Environment, schema, type Variable } from '../environment'
import { redisAddresses } from '../redis-addresses'
import { jobMonitor } from './job-monitor'
import { watchLogger, watchSteps, watchSubscribers } from './medusa-hooks'
import { redisLedger } from './redis-ledger'

/** Medusa's share of the 5,000 a month: 31 × 60 = 1,860, server and worker together. */
const CAPS = { hour: 20, day: 60 }

/** Values that must not leave; development's are words of this repository. */
function secretsOf(environment: Environment): string[] {
  return (schema as readonly Variable[]).flatMap(({ name, secret, development }) => {
    const value = environment[name as keyof Environment]
    return secret && typeof value === 'string' && value !== development ? [value] : []
  })
}

/** From now on errors of this process reach Sentry. A DSN that is none costs a line, not the shop. */
export function openMedusaErrors(environment: Environment): void {
  const dsn = readDsn(environment.SENTRY_DSN ?? '')
  if (!dsn) {
    record('warn', 'errors: SENTRY_DSN is no DSN of Sentry: nothing is sent')
    return
  }
  const mode = environment.MEDUSA_WORKER_MODE ?? 'shared'
  const redis = redisAddresses(environment)
  const reporter = openReporter({
    dsn,
    release: environment.GIT_SHA ?? 'unknown',
    environment: environment.NODE_ENV ?? 'development',
    role: `medusa-${mode}`,
    tags: { app: 'medusa', process: mode },
    caps: CAPS,
    ledger: redis ? redisLedger(redis.cache) : undefined,
    scrub: scrubber(secretsOf(environment)),
  })
  setReporter(reporter)
  watchUncaught(reporter)
  letExitsWait(reporter)
  watchLogger(reporter)
  watchSubscribers(reporter)
  // Jobs are the worker's; a server that runs one must not check in beside it.
  watchSteps(reporter, mode === 'server' ? () => undefined : jobMonitor(reporter))
}
