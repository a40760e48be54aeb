import type { About, Reporter } from './reporter'

// In one place for the whole process: Next has this module more than once.
const KEY = Symbol.for('rr-bizops.errors.reporter')
const place = globalThis as { [KEY]?: Reporter }

/** From now on errors of this process are told. */
export function setReporter(reporter: Reporter): void {
  place[KEY] = reporter
}

/** Undefined when nothing is sent: there is no DSN. */
export function currentReporter(): Reporter | undefined {
  return place[KEY]
}

/** Tells of an error; returns at once, never throws, and without a DSN does nothing. */
export function report(error: unknown, about: About): void {
  place[KEY]?.report(error, about)
}
