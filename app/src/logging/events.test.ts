import { AbstractEventBusModuleService } from '@medusajs/framework/utils'
import { currentFacts, type Facts, inContext } from '@rr-bizops/telemetry/logging/context'
import { beforeAll, describe, expect, it } from 'vitest'
import { carryRequestIds } from './events'

type Handler = (event: { name: string; metadata?: object; data?: unknown }) => Promise<unknown>

/** Medusa's own abstract bus, which here keeps the queue as text, as Redis does. */
class Bus extends AbstractEventBusModuleService {
  queue: string[] = []
  async emit(event: { name: string; data?: unknown; metadata?: Record<string, unknown> }) {
    const metadata = this.withCreatedAtMetadata(event.metadata)
    this.queue.push(JSON.stringify({ ...event, metadata }))
  }
  async releaseGroupedEvents() {}
  async clearGroupedEvents() {}
  /** Does what a worker does, in another process. */
  async work() {
    for (const text of this.queue.splice(0)) {
      const event = JSON.parse(text)
      for (const { subscriber } of this.eventToSubscribersMap.get(event.name) ?? []) {
        await (subscriber as Handler)(event)
      }
    }
  }
}

function newBus(): Bus {
  return new Bus({}, {}, { worker_mode: 'shared' } as never)
}

describe('an event', () => {
  beforeAll(() => carryRequestIds())

  it('carries the id of its request to its subscribers', async () => {
    const bus = newBus()
    const seen: Facts[] = []
    bus.subscribe('order.placed', async () => void seen.push({ ...currentFacts() }), {
      subscriberId: 'mail-order-placed',
    })
    await inContext({ requestId: 'r1', origin: 'o1', cart: 'c1' }, () =>
      bus.emit({ name: 'order.placed', metadata: { eventGroupId: 'g' } }),
    )
    await bus.emit({ name: 'order.placed' })
    expect(JSON.parse(bus.queue[0] ?? '').metadata).toMatchObject({
      requestId: 'r1',
      eventGroupId: 'g',
      created_at: expect.any(String),
    })
    await bus.work()
    const event = { event: 'order.placed', subscriber: 'mail-order-placed' }
    expect(seen).toEqual([
      { ...event, requestId: 'r1', origin: 'o1' },
      { ...event, requestId: undefined, origin: undefined },
    ])
  })

  it('fails as before when a subscriber does, so that the bus tries again', async () => {
    const bus = newBus()
    bus.subscribe('x', async () => Promise.reject(new Error('down')), { subscriberId: 's' })
    await bus.emit({ name: 'x' })
    await expect(bus.work()).rejects.toThrow('down')
  })

  it('has no subscriber any more after unsubscribe', async () => {
    const bus = newBus()
    const subscriber = async () => Promise.reject(new Error('still there'))
    bus.subscribe('x', subscriber)
    bus.unsubscribe('x', subscriber)
    await bus.emit({ name: 'x' })
    await bus.work()
    expect(bus.eventToSubscribersMap.get('x')).toEqual([])
  })
})
