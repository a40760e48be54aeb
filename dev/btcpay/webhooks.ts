import { createHmac, randomBytes } from 'node:crypto'
import { Faults } from './faults.ts'
import type { Event, Invoice } from './invoice.ts'
import type { Settings } from './settings.ts'
import type { Pending, StateFile } from './state.ts'
import { receiverOf, type StoreWebhook } from './store-webhooks.ts'

/** Waits between tries as BTCPay has them: 10 s, 1 min, then six times 10 min. */
export const RETRY_SECONDS = [10, 60, 600, 600, 600, 600, 600, 600]
const TIMEOUT_MS = 100_000

export type Mode = 'deliver' | 'drop' | 'duplicate'

/** The header `BTCPay-Sig` of a body. */
export function signature(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body, 'utf8').digest('hex')}`
}

/** One strictly serial queue, as BTCPay has one for each webhook: a failing event holds up the rest. */
export class Webhooks {
  mode: Mode = 'deliver'
  readonly #settings: Settings
  readonly #file: StateFile
  readonly #log: (line: string) => void
  readonly #retrySeconds: readonly number[]
  readonly #faults: Faults
  #running = false
  #stopped = false
  #wake: (() => void) | undefined

  constructor(
    settings: Settings,
    file: StateFile,
    log: (line: string) => void,
    retrySeconds: readonly number[] = RETRY_SECONDS,
    faults: Faults = new Faults(),
  ) {
    this.#settings = settings
    this.#file = file
    this.#log = log
    this.#retrySeconds = retrySeconds
    this.#faults = faults
  }

  /** Queues events; the caller saves the state, then calls `run`. */
  queue(invoice: Invoice, events: Event[]): void {
    const fresh: Pending[] = []
    for (const event of events) {
      if (!receiverOf(this.#file.state.webhooks, event.type)) continue
      const id = randomBytes(16).toString('hex')
      const body = {
        deliveryId: id,
        webhookId: 'stand-in',
        originalDeliveryId: id,
        isRedelivery: false,
        timestamp: Math.floor(Date.now() / 1000),
        storeId: this.#settings.storeId,
        invoiceId: invoice.id,
        metadata: invoice.metadata,
        ...event,
      }
      const pending = {
        originalDeliveryId: id,
        type: event.type,
        invoiceId: invoice.id,
        body: JSON.stringify(body, null, 2),
      }
      if (this.mode === 'drop') this.#record(pending, id, null, true)
      else fresh.push(pending)
      if (this.mode === 'duplicate') fresh.push(pending)
    }
    for (const lost of this.#faults.deliver(this.#file.state.pending, fresh))
      this.#record(lost, lost.originalDeliveryId, null, true)
  }

  /** Delivers what is queued; returns when the queue is empty. Safe to call at any time. */
  async run(): Promise<void> {
    if (this.#running) return
    this.#running = true
    try {
      for (;;) {
        const next = this.#file.state.pending[0]
        if (!next || this.#stopped) return
        await this.#deliver(next)
        if (this.#stopped) return
        this.#file.state.pending.shift()
        this.#file.save()
      }
    } finally {
      this.#running = false
    }
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  async #deliver(pending: Pending): Promise<void> {
    if (pending.delayMs) await this.#wait(pending.delayMs)
    for (let attempt = 0; !this.#stopped; attempt++) {
      const id = attempt === 0 ? pending.originalDeliveryId : randomBytes(16).toString('hex')
      const body =
        attempt === 0
          ? pending.body
          : JSON.stringify(
              { ...JSON.parse(pending.body), deliveryId: id, isRedelivery: true },
              null,
              2,
            )
      // The webhook as it is now: one that was repaired meanwhile gets what waited.
      const receiver = receiverOf(this.#file.state.webhooks, pending.type)
      if (!receiver) return
      const secret = pending.forged ? 'of-somebody-else' : receiver.secret
      const code = await this.#send(body, { ...receiver, secret })
      this.#record(pending, id, code, false)
      this.#log(`webhook ${pending.type} of ${pending.invoiceId}: ${code ?? 'no answer'}`)
      // As BTCPay: other 4xx answers are final.
      const again = code === null || code >= 500 || code === 408 || code === 429
      const seconds = this.#retrySeconds[attempt]
      if (!again || seconds === undefined) return
      await this.#wait(seconds * 1000)
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #send(body: string, { url, secret }: StoreWebhook): Promise<number | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'BTCPayServer/2.4.1 (stand-in)',
          'btcpay-sig': signature(body, secret),
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.arrayBuffer()
      return response.status
    } catch {
      return null
    }
  }

  #record(pending: Pending, id: string, httpCode: number | null, dropped: boolean): void {
    const { originalDeliveryId, type, invoiceId } = pending
    this.#file.state.deliveries.push({ id, originalDeliveryId, type, invoiceId, httpCode, dropped })
  }
}
