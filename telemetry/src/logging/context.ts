import { AsyncLocalStorage } from 'node:async_hooks'

/** What is known of the work at hand; every line that is logged meanwhile says it. */
export interface Facts {
  /** Caddy's id of the visitor's request, the same in every process; a job has one of its own. */
  requestId?: string
  /** Caddy's id of the storefront's own call to Medusa, where `requestId` is the visitor's. */
  hop?: string
  /** The request that made the invoice: joins a payment that came later with its beginning. */
  origin?: string
  job?: string
  event?: string
  subscriber?: string
  /** The number that the owner and the shopper see. */
  order?: number
  /** BTCPay's invoice, shortened by `short`: whoever has the whole id reads it at BTCPay. */
  invoice?: string
  /** BTCPay's id of one webhook delivery. */
  delivery?: string
  /** Shortened by `short`: the whole id would open it. */
  cart?: string
  /** The payment session, shortened by `short`. */
  payment?: string
  /** The secret of an order page's link, shortened by `short`. */
  page?: string
  method?: string
  /** The pattern of a path, such as /store/carts/:id. */
  route?: string
  status?: number
  durationMs?: number
}

// In one place for the whole process: Next has this module more than once.
const KEY = Symbol.for('rr-bizops.logging.context')
const place = globalThis as { [KEY]?: AsyncLocalStorage<Facts> }
place[KEY] ??= new AsyncLocalStorage<Facts>()
const storage = place[KEY]

/** What is known at this moment; empty outside of any request, event or job. */
export function currentFacts(): Readonly<Facts> {
  return storage.getStore() ?? {}
}

/** Runs work that is known by these facts, and by those around it. */
export function inContext<T>(facts: Facts, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...facts }, work)
}

/** Runs work that is known by these facts alone. */
export function inContextOf<T>(facts: Facts, work: () => T): T {
  return storage.run(facts, work)
}

/** From here to the end of this asynchronous flow these facts are known, and none of before. */
export function enterContext(facts: Facts): void {
  storage.enterWith(facts)
}

/** Adds what was found out; without a context it is nobody's. */
export function note(facts: Facts): void {
  const current = storage.getStore()
  if (current) Object.assign(current, facts)
}
