import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Invoice } from './invoice.ts'
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
  pending: Pending[]
  deliveries: Delivery[]
  webhooks: StoreWebhook[]
  /** Of the key, as `GET /api/v1/api-keys/current` has them. */
  permissions: string[]
}

const KEPT_DELIVERIES = 1000

/** State in one file, replaced by rename, so that a kill leaves the old or the new one. */
export class StateFile {
  readonly state: State
  readonly #path: string

  /** @throws Error in one line when the file is there but no state */
  constructor(dataDir: string, first: Pick<State, 'webhooks' | 'permissions'>) {
    mkdirSync(dataDir, { recursive: true })
    this.#path = join(dataDir, 'btcpay.json')
    // A state from before these were kept has none of them.
    this.state = { ...first, ...this.#read() }
  }

  #read(): Omit<State, 'webhooks' | 'permissions'> {
    if (!existsSync(this.#path)) {
      return { invoices: {}, pullPayments: {}, pending: [], deliveries: [] }
    }
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as State
    } catch {
      throw new Error(`${this.#path} is damaged: delete it to start with no invoices`)
    }
  }

  /** Writes the state before the caller answers. */
  save(): void {
    this.state.deliveries.splice(0, this.state.deliveries.length - KEPT_DELIVERIES)
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.state))
    renameSync(`${this.#path}.new`, this.#path)
  }
}
