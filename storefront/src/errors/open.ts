import { setReporter } from '@rr-bizops/telemetry/errors/current'
import { readDsn } from '@rr-bizops/telemetry/errors/dsn'
import { letExitsWait, watchUncaught } from '@rr-bizops/telemetry/errors/process'
import { openReporter } from '@rr-bizops/telemetry/errors/reporter'
import { scrubber } from '@rr-bizops/telemetry/errors/scrub'
import { record } from '@rr-bizops/telemetry/logging/record'
import { environment, schema, type Variable } from '../environment'

/** The storefront's share of the 5,000 a month, its browsers' included: 31 × 40 = 1,240. */
const CAPS = { hour: 15, day: 40 }

/** Values that must not leave; development's are words of this repository. */
function secrets(): string[] {
  const values: Partial<Record<string, string>> = environment()
  return (schema as readonly Variable[]).flatMap(({ name, secret, development }) => {
    const value = values[name]
    return secret && value && value !== development ? [value] : []
  })
}

/** From now on errors of this process reach Sentry. A DSN that is none costs a line, not the shop. */
export function openStorefrontErrors(): void {
  const { NEXT_PUBLIC_SENTRY_DSN: address = '', GIT_SHA: release = 'unknown' } = environment()
  const dsn = readDsn(address)
  if (!dsn) {
    record('warn', 'errors: NEXT_PUBLIC_SENTRY_DSN is no DSN of Sentry: nothing is sent')
    return
  }
  const reporter = openReporter({
    dsn,
    release,
    environment: process.env.NODE_ENV,
    role: 'storefront',
    tags: { app: 'storefront', process: 'server' },
    caps: CAPS,
    scrub: scrubber(secrets()),
  })
  setReporter(reporter)
  watchUncaught(reporter)
  letExitsWait(reporter)
}
