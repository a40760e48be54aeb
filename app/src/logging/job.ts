import { randomUUID } from 'node:crypto'
import type { MedusaContainer } from '@medusajs/framework/types'
import { inContext } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'

type Job = (container: MedusaContainer) => Promise<void>

/** A scheduled job whose lines have its name and an id of their own for each run. */
export function job(name: string, work: Job): Job {
  return (container) =>
    inContext({ job: name, requestId: randomUUID() }, async () => {
      const began = performance.now()
      await work(container)
      record('debug', `${name} done`, { durationMs: Math.round(performance.now() - began) })
    })
}
