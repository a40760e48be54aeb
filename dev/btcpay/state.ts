import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invoice } from './invoice.ts'
import type { Payout } from './payouts.ts'
import type { StoreWebhook } from './store-webhooks.ts'

/** One attempt to deliver a webhook. */
export interface Delivery {
  id: string
  originalDeliveryId: string
  type: string
  invoiceId: string
  httpCode: number | null
  dropped: boolean
}

/** A delivery that still has to be made. */
export interface Pending {
  originalDeliveryId: string
  type: string
  invoiceId: string
  body: string
  /** Faults of it; see faults.ts. */
  delayMs?: number
  forged?: boolean
}

export interface PullPayment {
  id: string
  name: string
  amount: string
  currency: string
  invoiceId: string
  archived: boolean
}

/** All that survives a restart. */
export interface State {
  invoices: Record<string, Invoice>
  pullPayments: Record<string, PullPayment>
  payouts: Record<string, Payout>
  pending: Pending[]
  deliveries: Delivery[]
  webhooks: StoreWebhook[]
  /** Of the key, as `GET /api/v1/api-keys/current` has them. */
  permissions: string[]
}

const KEPT_DELIVERIES = 1000

/** State in one file, replaced by rename, so that a kill leaves the old or the new one; without a folder in memory. */
export class StateFile {
  readonly state: State
  readonly #path: string | undefined

  /** @throws Error in one line when the file is there but no state */
  constructor(dataDir: string | undefined, first: Pick<State, 'webhooks' | 'permissions'>) {
    if (dataDir) mkdirSync(dataDir, { recursive: true })
    this.#path = dataDir && join(dataDir, 'btcpay.json')
    // A state from before these were kept has none of them.
    this.state = { ...first, ...this.#read() }
  }

  #read(): Omit<State, 'webhooks' | 'permissions'> {
    if (!this.#path || !existsSync(this.#path)) {
      return { invoices: {}, pullPayments: {}, payouts: {}, pending: [], deliveries: [] }
    }
    try {
      const kept = JSON.parse(readFileSync(this.#path, 'utf8')) as State
      // An older file has no payouts.
      return { ...kept, payouts: kept.payouts ?? {} }
    } catch {
      throw new Error(`${this.#path} is damaged: delete it to start with no invoices`)
    }
  }

  /** Writes the state before the caller answers. */
  save(): void {
    this.state.deliveries.splice(0, this.state.deliveries.length - KEPT_DELIVERIES)
    if (!this.#path) return
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.state))
    renameSync(`${this.#path}.new`, this.#path)
  }
}
