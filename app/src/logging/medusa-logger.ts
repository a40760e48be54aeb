import { inspect } from 'node:util'
import type { Logger } from '@medusajs/framework/types'
import { isErrorLike, isLogged, type Level, record } from '@rr-bizops/telemetry/logging/record'

/** Medusa's finer levels are all ours of finding a fault. */
const LEVEL_OF: Record<string, Level> = { error: 'error', warn: 'warn', info: 'info' }

/** Said at info level, of every event and at every start, and of no use to a reader. */
const NOISE = /^(?:Processing \S+ .*which has \d+ subscribers|No \w+ to load from )/

function say(level: Level, said: unknown, error?: unknown): void {
  const found = isErrorLike(said) ? said : error
  const words = isErrorLike(said)
    ? said.message
    : typeof said === 'string'
      ? said
      : inspect(said, { depth: 4 })
  const message =
    isErrorLike(found) && found !== said ? [words, found.message].filter(Boolean).join(': ') : words
  record(level, message, {}, found)
}

/** Medusa's logger whose lines are records; an activity is its end, with the time it took. */
export function medusaLogger(): Logger {
  const activities = new Map<string, { message: string; began: number }>()
  let count = 0
  const end = (level: Level, id: string, message: string) => {
    const activity = activities.get(id)
    activities.delete(id)
    const durationMs = activity && Math.round(performance.now() - activity.began)
    record(level, message, { durationMs })
    return { ...activity, duration: durationMs }
  }
  return {
    panic(data) {
      say('error', data)
      process.exit(1)
    },
    // Medusa would write a line for each request, with its query and the client's address.
    shouldLog: (level) => level !== 'http' && isLogged(LEVEL_OF[level] ?? 'debug'),
    setLogLevel: () => undefined,
    unsetLogLevel: () => undefined,
    activity(message) {
      count += 1
      activities.set(String(count), { message, began: performance.now() })
      record('debug', message)
      return String(count)
    },
    progress: (_id, message) => say('debug', message),
    success: (id, message) => end('info', id, message),
    failure: (id, message) => end('error', id, message),
    error: (said, error) => say('error', said, error),
    warn: (said) => say('warn', said),
    info: (said) => say(NOISE.test(String(said)) ? 'debug' : 'info', said),
    http: (said) => say('debug', said),
    verbose: (said) => say('debug', said),
    debug: (said) => say('debug', said),
    silly: (said) => say('debug', said),
    log(...said) {
      const [level, message = level] = said
      say(said.length > 1 ? (LEVEL_OF[String(level)] ?? 'debug') : 'info', message)
    },
  }
}
