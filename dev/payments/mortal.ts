import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'

/** Says of what work is about to do, the `nth` thing it says to PostgreSQL or BTCPay, whether it is its last. */
export type IsLast = (said: string, nth: number) => boolean

/** Work that ends as by SIGKILL when it is about to do a certain thing. */
interface Life {
  isLast: IsLast
  isOver: boolean
  /** The last thing it did is done, though it did not hear of it. */
  lastIsDone: boolean
  spoken: string[]
}

const lives = new AsyncLocalStorage<Life>()
/** What a killed process's connection does at the server by itself. */
const ROLLBACK = /^\s*rollback/i
const COMMIT = /^\s*commit/i

class Killed extends Error {
  override name = 'Killed'
}

/** Counts one thing that is about to be done; says whether it is done. */
function speak(life: Life, what: string): 'lives' | 'last' | 'over' {
  if (life.isOver) return 'over'
  life.spoken.push(what)
  if (!life.isLast(what, life.spoken.length)) return 'lives'
  life.isOver = true
  return life.lastIsDone ? 'last' : 'over'
}

type Query = (text: unknown, ...rest: unknown[]) => unknown
type Callback = (error: Error | null, result?: unknown) => void

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : ((query as { text?: string }).text ?? '')
}

/** Calls back with what a broken connection gives; the query's own callback, or one beside it. */
function refuse(query: unknown, rest: unknown[]): unknown {
  const callback = [...rest, (query as { callback?: unknown }).callback].find(
    (each): each is Callback => typeof each === 'function',
  )
  const error = new Killed('the process was killed')
  if (!callback) return Promise.reject(error)
  setImmediate(callback, error)
  return undefined
}

let isWatching = false

/** From now on PostgreSQL's driver and `fetch` of this process obey `killedAt`. */
export function watchLives(): void {
  if (isWatching) return
  isWatching = true
  const prototype = pg.Client.prototype as unknown as { query: Query }
  const { query: ask } = prototype
  prototype.query = function (this: unknown, query, ...rest) {
    const life = lives.getStore()
    const text = textOf(query)
    if (!life || ROLLBACK.test(text)) return ask.call(this, query, ...rest)
    const fate = speak(life, text)
    if (fate === 'lives') return ask.call(this, query, ...rest)
    if (fate === 'over') {
      // The server ends the transaction of a connection that is gone.
      if (COMMIT.test(text)) void ask.call(this, 'ROLLBACK')
      return refuse(query, rest)
    }
    const done = ask.call(this, text, (query as { values?: unknown[] }).values ?? rest[0])
    void (done as Promise<unknown>).then(
      () => refuse(query, rest),
      () => refuse(query, rest),
    )
    return undefined
  }
  const call = globalThis.fetch
  globalThis.fetch = async (...args) => {
    const life = lives.getStore()
    if (!life) return call(...args)
    const fate = speak(life, `fetch ${String(args[0]).replace(/\?.*/, '')}`)
    if (fate === 'lives') return call(...args)
    if (fate === 'last') await call(...args).catch(() => {})
    throw new Killed('the process was killed')
  }
}

/** What became of work: it ended before its time, or was killed; and what it had done until then. */
export interface Ended<Result> {
  result: Result | undefined
  wasKilled: boolean
  spoken: string[]
}

/**
 * Does work as a process that is killed at its last word to PostgreSQL or BTCPay: from then on nothing of it
 * reaches anybody. Transactions that were open are rolled back by the server.
 * @param lastIsDone whether what it said last is done, its answer alone being lost
 */
export function killedAt<Result>(
  isLast: IsLast,
  lastIsDone: boolean,
  work: () => Promise<Result>,
): Promise<Ended<Result>> {
  const life: Life = { isLast, isOver: false, lastIsDone, spoken: [] }
  return lives.run(life, async () => {
    let result: Result | undefined
    try {
      result = await work()
    } catch (error) {
      if (!life.isOver) throw error
    }
    return { result: life.isOver ? undefined : result, wasKilled: life.isOver, spoken: life.spoken }
  })
}

/** The same without an end: what it says to PostgreSQL and BTCPay. */
export function listened<Result>(work: () => Promise<Result>): Promise<Ended<Result>> {
  return killedAt(() => false, false, work)
}
