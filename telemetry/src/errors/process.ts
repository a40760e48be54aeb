import { isNativeError } from 'node:util/types'
import type { Reporter } from './reporter'

/** Ends a process that nothing else would keep, as Node does, after what is under way has left. */
function end(reporter: Reporter, error: unknown): void {
  process.stderr.write(`${isNativeError(error) ? error.stack : String(error)}\n`)
  void reporter.flush().finally(() => process.exit(1))
}

/** Tells of what nothing has caught. Where no one else listens, the process ends by it, as without us. */
export function watchUncaught(reporter: Reporter): void {
  process.on('uncaughtException', (error) => {
    reporter.report(error, { by: 'uncaught', level: 'fatal' })
    if (process.listenerCount('uncaughtException') === 1) end(reporter, error)
  })
  process.on('unhandledRejection', (reason) => {
    reporter.report(reason, { by: 'unhandled-rejection', level: 'fatal' })
    if (process.listenerCount('unhandledRejection') === 1) end(reporter, reason)
  })
}

/**
 * Medusa says why it cannot start and calls `process.exit` in the same breath, which would take the
 * error along. From now on an exit waits for what is under way, `FLUSH_MS` at most.
 */
export function letExitsWait(reporter: Reporter): void {
  const exit = process.exit.bind(process)
  let ending = false
  process.exit = ((code?: number | string | null) => {
    if (!reporter.busy()) return exit(code)
    process.exitCode = code ?? process.exitCode
    if (ending) return
    ending = true
    void reporter.flush().finally(() => exit(code))
  }) as typeof process.exit
}
