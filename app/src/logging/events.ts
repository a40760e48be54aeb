import { AbstractEventBusModuleService } from '@medusajs/framework/utils'
import { currentFacts, inContext } from '@rr-bizops/telemetry/logging/context'
import { record } from '@rr-bizops/telemetry/logging/record'

interface Event {
  name: string
  metadata?: Record<string, unknown>
}
type Subscriber = ((event: Event) => Promise<unknown>) & { subscriberId?: string }

/** The two methods of Medusa's event bus that every event passes, whichever bus runs. */
interface Bus {
  withCreatedAtMetadata(metadata: object | undefined): object
  subscribe(name: string | symbol, subscriber: Subscriber, context?: object): unknown
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/**
 * From now on an event carries the id of the request that emitted it, and its subscribers run under
 * that id. Medusa has no hook for this; both methods are inherited by the bus in Redis and by the one
 * in memory, and a test says when an upgrade has changed them.
 */
export function carryRequestIds(
  bus = AbstractEventBusModuleService.prototype as unknown as Bus,
): void {
  const { withCreatedAtMetadata, subscribe } = bus

  bus.withCreatedAtMetadata = function (this: Bus, metadata) {
    const { requestId, origin } = currentFacts()
    return withCreatedAtMetadata.call(this, { requestId, origin, ...metadata })
  }

  bus.subscribe = function (this: Bus, name, subscriber, context) {
    const carried: Subscriber = (event) => {
      const { requestId, origin } = event.metadata ?? {}
      const facts = {
        requestId: text(requestId),
        origin: text(origin),
        event: event.name,
        subscriber: carried.subscriberId,
      }
      return inContext(facts, () => handle(subscriber, event))
    }
    const result = subscribe.call(this, name, carried, context)
    // Medusa ends a subscription by what it has written here.
    subscriber.subscriberId = carried.subscriberId
    return result
  }
}

async function handle(subscriber: Subscriber, event: Event): Promise<unknown> {
  const began = performance.now()
  const durationMs = () => Math.round(performance.now() - began)
  try {
    const result = await subscriber(event)
    // Medusa's own, which keep its index and cache, hear every event.
    const level = subscriber.subscriberId?.startsWith('*') ? 'debug' : 'info'
    record(level, `${event.name} handled`, { durationMs: durationMs() })
    return result
  } catch (error) {
    // The bus tries again; after the last try the event stays in Redis for some days.
    record('warn', `${event.name} failed`, { durationMs: durationMs() }, error)
    throw error
  }
}
