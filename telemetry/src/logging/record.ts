import { currentFacts, type Facts } from './context'
import { redacted } from './redact'

/** error: someone must look. warn: odd, or tried again by itself. info: business and requests. */
export type Level = 'error' | 'warn' | 'info' | 'debug'

const LEVELS: readonly Level[] = ['error', 'warn', 'info', 'debug']

/** A level by its name; anything else is info. */
export function levelNamed(name: string | undefined): Level {
  return LEVELS.find((level) => level === name) ?? 'info'
}

/** Who logs, and from which level on. */
export interface Log {
  app: string
  least: Level
  write(line: string): void
}

let log: Log | undefined

/** From now on every record is one line of JSON. */
export function openLog(opened: Log): void {
  log = opened
}

/** Whether records of this level are written. */
export function isLogged(level: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(log?.least ?? 'info')
}

/** One event as one line of JSON, without what must not be in a log; stack traces are inside it. */
export function line(
  app: string,
  level: Level,
  message: string,
  facts: Facts,
  error?: unknown,
): string {
  const stack = stackOf(error)
  const fields = { time: new Date().toISOString(), level, app, message, ...facts, stack }
  return JSON.stringify(fields, (_name, value: unknown) =>
    typeof value === 'string' ? redacted(value) : value,
  )
}

/** Whether this is an error, or what is left of one that went through JSON, as between workflow steps. */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  const { message, stack } = value as { message?: unknown; stack?: unknown }
  return typeof message === 'string' && typeof stack === 'string'
}

/** An error's stack, and those of what caused it. */
function stackOf(error: unknown, depth = 0): string | undefined {
  if (!isErrorLike(error) || depth > 3) return undefined
  const own = error.stack ?? ''
  const cause = stackOf(error.cause, depth + 1)
  return cause ? `${own}\ncaused by ${cause}` : own
}

/**
 * Records one event with all that is known of the work at hand.
 * Before `openLog`, as in development and in tests, a person reads it.
 */
export function record(level: Level, message: string, facts: Facts = {}, error?: unknown): void {
  if (!isLogged(level)) return
  const known = { ...currentFacts(), ...facts }
  if (log) {
    log.write(line(log.app, level, message, known, error))
    return
  }
  const pairs = Object.entries(known)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`)
  console[level](`${level}: ${redacted(message)}${pairs.join('')}`, ...(error ? [error] : []))
}
