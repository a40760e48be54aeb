import { isNativeError } from 'node:util/types'
import { getHttpResponseFromError } from '@medusajs/framework/http'
import { logger } from '@medusajs/framework/logger'
import { TransactionOrchestrator } from '@medusajs/framework/orchestration'
import { AbstractEventBusModuleService } from '@medusajs/framework/utils'
import type { Reporter } from '@rr-bizops/telemetry/errors/reporter'

/** How Medusa names the one step that a scheduled job is. */
const JOB_STEP = /^(.+)-as-step$/

type Subscriber = ((event: unknown) => Promise<unknown>) & { subscriberId?: string }
/** What every subscription passes, whichever event bus runs. */
interface Bus {
  subscribe(event: string | symbol, subscriber: Subscriber, context?: object): unknown
}

/** Whether it is our fault, and not that of who asked. */
export function isOurs(error: unknown): boolean {
  return getHttpResponseFromError(error).statusCode >= 500
}

/**
 * Steps of workflows, and jobs, which are workflows of one step: Medusa only logs their errors, the
 * job's as text. Its hook for traces sees the error itself; nothing else here uses it.
 * @param jobEnded told of each run of a scheduled job
 */
export function watchSteps(reporter: Reporter, jobEnded: (job: string, ok: boolean) => void): void {
  TransactionOrchestrator.traceStep = async (run, { action, type, idempotency_key: key }) => {
    const job = type === 'invoke' ? JOB_STEP.exec(action)?.[1] : undefined
    try {
      const result = await run()
      if (job) jobEnded(job, true)
      return result
    } catch (error) {
      if (job) {
        jobEnded(job, false)
        reporter.report(error, { by: 'job', tags: { job } })
      } else if (isNativeError(error) && isOurs(error)) {
        const workflow = key.split(':')[0]
        reporter.report(error, { by: 'workflow', tags: { workflow, step: action } })
      }
      throw error
    }
  }
}

/**
 * Subscribers: the event bus logs their errors as warnings and tries again. To be called after the log
 * is open, whose facts of an event then lie around what is watched here.
 */
export function watchSubscribers(
  reporter: Reporter,
  bus = AbstractEventBusModuleService.prototype as unknown as Bus,
): void {
  const { subscribe } = bus
  bus.subscribe = function (this: Bus, event, subscriber, context) {
    const watched: Subscriber = async (data) => {
      try {
        return await subscriber(data)
      } catch (error) {
        const tags = { event: String(event), subscriber: watched.subscriberId }
        reporter.report(error, { by: 'subscriber', tags })
        throw error
      }
    }
    const result = subscribe.call(this, event, watched, context)
    // Medusa ends a subscription by what it has written here.
    subscriber.subscriberId = watched.subscriberId
    return result
  }
}

/** Set while a handler logs what it has told already. */
let told = false

/** Runs what logs an error that was told. */
export function withoutTelling<T>(work: () => T): T {
  told = true
  try {
    return work()
  } finally {
    told = false
  }
}

/** Everything else that Medusa logs as an error: its start, its event bus, its connections. */
export function watchLogger(reporter: Reporter): void {
  const { error: log } = logger
  logger.error = (said, ...more) => {
    log.call(logger, said, ...more)
    const found = isNativeError(said) ? said : more.find(isNativeError)
    // What Medusa logs as text alone is told where it comes from, see `watchSteps`.
    if (!told && found) reporter.report(found, { by: 'log' })
  }
}
