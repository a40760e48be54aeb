import { logger as ofFramework } from '@medusajs/framework/logger'
import type { Logger } from '@medusajs/framework/types'
import { takeOverConsole } from '@rr-bizops/telemetry/logging/console'
import { levelNamed, openLog } from '@rr-bizops/telemetry/logging/record'
import { watchRequests } from '@rr-bizops/telemetry/logging/requests'
import { type Environment, required } from '../environment'
import { carryRequestIds } from './events'
import { medusaLogger } from './medusa-logger'
import { requestFacts } from './request-id'
import { isProbe, routeOf } from './routes'

/** Processes that serve log for journalctl and jq; commands and development log for people. */
export function logsJson(environment: Environment, argv: readonly string[]): boolean {
  return environment.NODE_ENV !== 'development' && argv.includes('start')
}

/**
 * Opens the log of a process that serves: from now on all it prints is one line of JSON an event.
 * @returns the logger for Medusa's configuration; undefined: Medusa's own stays
 */
export function openMedusaLog(
  environment: Environment,
  argv: readonly string[],
): Logger | undefined {
  if (!logsJson(environment, argv)) return undefined
  const mode = environment.MEDUSA_WORKER_MODE === 'worker' ? 'worker' : 'server'
  const secret = required(environment, 'REVALIDATE_SECRET')
  openLog({
    app: `medusa-${mode}`,
    least: levelNamed(environment.LOG_LEVEL),
    write: (line) => process.stdout.write(`${line}\n`),
  })
  takeOverConsole()
  watchRequests({
    begin: (request) => requestFacts(request.headers, secret),
    end: routeOf,
    quiet: isProbe,
  })
  carryRequestIds()
  // What the framework says of its own start goes to its own logger, not to the configuration's.
  return Object.assign(ofFramework, medusaLogger())
}
