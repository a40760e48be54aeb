import type { Caps } from '@rr-bizops/telemetry/errors/budget'
import { setReporter } from '@rr-bizops/telemetry/errors/current'
import { readDsn } from '@rr-bizops/telemetry/errors/dsn'
import { letExitsWait, watchUncaught } from '@rr-bizops/telemetry/errors/process'
import { openReporter } from '@rr-bizops/telemetry/errors/reporter'
import { scrubber } from '@rr-bizops/telemetry/errors/scrub'
import { record } from '@rr-bizops/telemetry/logging/record'
import { environment, schema, type Variable } from '../environment'

/** The storefront's own share of the 5,000 a month: 31 × 25 = 775. */
export const CAPS: Caps = { hour: 10, day: 25 }

/**
 * Its browsers' share: 31 × 15 = 465. Whoever makes errors up can use up this one alone, and as an hour has
 * room for three, only by going on for five hours of a day.
 */
export const BROWSER_CAPS: Caps = { hour: 3, day: 15 }

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
    passedCaps: BROWSER_CAPS,
    scrub: scrubber(secrets()),
  })
  setReporter(reporter)
  watchUncaught(reporter)
  letExitsWait(reporter)
}
