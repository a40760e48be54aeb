import { setTimeout as delay } from 'node:timers/promises'
import { SHOP } from './addresses.ts'
import { call, payInvoice, store } from './client.ts'
import { begin, checkOut, paymentOf } from './shopper.ts'

/** A request that a shopper saw fail. */
export interface Failure {
  /** Milliseconds of the epoch. */
  at: number
  what: string
}

/** Seconds until somebody who saw an error tries again. */
const AGAIN_SECONDS = 1
/** How often; longer than the load balancer needs. */
const TRIES = 60

/** Shoppers who look, fill a cart, pay, and wait for their order, one after the other. */
export class Shoppers {
  readonly failures: Failure[] = []
  /** Numbers of orders that shoppers saw after they had paid. */
  readonly orders: number[] = []
  requests = 0
  paid = 0
  private going = true
  private readonly work: Promise<void>[]

  constructor(howMany: number) {
    this.work = Array.from({ length: howMany }, () => this.shop())
  }

  /** Lets everybody finish what they have begun. */
  async end(): Promise<void> {
    this.going = false
    await Promise.all(this.work)
  }

  private async shop(): Promise<void> {
    while (this.going) {
      await this.trying(() => call(`${SHOP}/eu`))
      const ask = <T>(path: string, body?: unknown) => this.trying(() => store<T>(path, body))
      const { token, invoiceId } = await checkOut(await begin(ask), ask)
      await payInvoice(invoiceId)
      this.paid += 1
      for (;;) {
        const { status, order_number } = await paymentOf(token, ask)
        if (status === 'paid' && order_number) {
          this.orders.push(order_number)
          break
        }
        await delay(1000)
      }
      await delay(500)
    }
  }

  /** As a person does who sees an error: notes it, waits, and presses again. */
  private async trying<T>(request: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      this.requests += 1
      try {
        return await request()
      } catch (error) {
        this.failures.push({ at: Date.now(), what: (error as Error).message })
        if (tries === TRIES) throw error
        await delay(AGAIN_SECONDS * 1000)
      }
    }
  }
}

/** Asks the API again and again, and measures for how long it did not answer. */
export class Watch {
  /** Moments of good answers, in milliseconds of the epoch. */
  readonly good: number[] = []
  private going = true
  private readonly work = this.look()

  /** The longest time without a good answer since a moment, in seconds. */
  longestGap(since: number): number {
    const moments = this.good.filter((at) => at >= since)
    const gaps = moments.slice(1).map((at, index) => at - (moments[index] ?? at))
    return Math.max(0, ...gaps) / 1000
  }

  async end(): Promise<void> {
    this.going = false
    await this.work
  }

  private async look(): Promise<void> {
    while (this.going) {
      const ok = await store('/regions').then(
        () => true,
        () => false,
      )
      if (ok) this.good.push(Date.now())
      await delay(200)
    }
  }
}
