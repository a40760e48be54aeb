import { format, stripVTControlCharacters } from 'node:util'
import { isErrorLike, type Level, record } from './record'

const LEVEL_OF = {
  debug: 'debug',
  trace: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
} as const satisfies Record<string, Level>

/** Next's signs before a line for people. */
const SIGNS = /^[▲✓⨯⚠○»\s-]+/u

/** What packages and Node itself print becomes records, each one line. */
export function takeOverConsole(): void {
  // Node prints its warnings past the console, on several lines.
  process.removeAllListeners('warning')
  process.on('warning', (warning) =>
    record('warn', `${warning.name}: ${warning.message}`, {}, warning),
  )
  for (const [name, level] of Object.entries(LEVEL_OF)) {
    console[name as keyof typeof LEVEL_OF] = (...printed: unknown[]) => {
      const error = printed.find(isErrorLike)
      const words = printed.map((each) =>
        isErrorLike(each) ? `${each.name}: ${each.message}` : each,
      )
      const message = stripVTControlCharacters(format(...words))
        .replace(SIGNS, '')
        .trimEnd()
      if (message === '') return
      // Medusa's command line prints a crash with console.log.
      record(level === 'info' && error ? 'error' : level, message, {}, error)
    }
  }
}
