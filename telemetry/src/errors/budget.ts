/**
 * Sentry's free tier takes 5,000 errors a month, and a crash loop makes as many in minutes. So the
 * first few of a kind are sent, then the one that reaches 10, 100, 1000…: it says how many there were.
 */

/** The first of a kind in a day that are all sent. */
const FIRST = 3
/** From this many errors of a day on, each power of ten is told whatever the caps say. */
const TOLD_ANYWAY = 1_000
/** A kind is new again after this time. */
const MEMORY_SECONDS = 86_400
/** Kinds that one process tells apart; the oldest is forgotten first. */
const KINDS = 1_000

/**
 * A process that dies at its start begins to count anew each time. Without a shared ledger it
 * therefore keeps its errors until it has lived this long…
 */
export const SETTLED_MS = 60_000
/** …but for the first seconds of each half hour, so that a loop of restarts is told, 96 times a day at most. */
const WINDOW_EVERY_MS = 1_800_000
const WINDOW_MS = 10_000

/** Events that may leave. The whole month's are 31 days of all processes' caps, see docs/errors.md. */
export interface Caps {
  hour: number
  day: number
}

/** Counters that processes share and that outlive them. */
export interface Ledger {
  /** Adds to counters, each with the seconds that it is kept from its first use. @returns their new values */
  add(amounts: { key: string; amount: number; seconds: number }[]): Promise<number[]>
}

/** What an event says beside its error. */
export interface Count {
  /** How many of its kind there were in a day, with this one. */
  seen: number
  /** How many errors of any kind. */
  errors: number
}

/** Send now; send when the process has settled; send nothing. */
export type Verdict = { send: 'now' | 'settled'; count: Count } | { send: 'never' }

const NEVER: Verdict = { send: 'never' }

/** Whether one of 10, 100, 1000… lies above `before` and not above `now`. */
function reachedPowerOfTen(before: number, now: number): boolean {
  return String(now).length > String(before).length && now >= 10
}

function worthTelling(before: number, now: number): boolean {
  return before < FIRST || reachedPowerOfTen(before, now)
}

interface Tally {
  seen: number
  /** Of these the ledger knows. */
  told: number
  /** When this tally ends, in ms. */
  until: number
}

/** One process's share of the month. */
export class Budget {
  private readonly kinds = new Map<string, Tally>()
  private readonly began: number
  private all: Tally = { seen: 0, told: 0, until: 0 }
  private sent: { hour: number; day: number; inHour: number; inDay: number }

  constructor(
    private readonly caps: Caps,
    private readonly ledger?: Ledger,
    private readonly clock: () => number = Date.now,
  ) {
    this.began = clock()
    this.sent = { hour: 0, day: 0, inHour: 0, inDay: 0 }
  }

  /** How long until errors that waited may be sent, in ms. */
  settlesInMs(): number {
    return Math.max(0, this.began + SETTLED_MS - this.clock())
  }

  /**
   * Counts one error and says whether it is sent. The first part runs at once, so that ten thousand
   * errors cost neither ten thousand events nor as many calls of the ledger.
   * @param kind same for errors that are the same
   */
  async judge(kind: string): Promise<Verdict> {
    const now = this.clock()
    const tally = this.tallyOf(kind, now)
    const before = tally.seen
    tally.seen += 1
    this.all.seen += 1
    const errors = this.all.seen
    const anyway =
      this.all.seen >= TOLD_ANYWAY && reachedPowerOfTen(this.all.seen - 1, this.all.seen)
    const room = this.roomHere(now)
    if (!anyway && !(room && worthTelling(before, tally.seen))) return NEVER
    this.sent.inHour += 1
    this.sent.inDay += 1
    if (this.ledger) {
      try {
        return await this.judgeTogether(this.ledger, kind, tally, now, anyway)
      } catch {
        // A shop without Redis has errors to tell, too.
      }
    }
    return this.judgeAlone({ seen: before + 1, errors }, now)
  }

  private tallyOf(kind: string, now: number): Tally {
    const fresh = () => ({ seen: 0, told: 0, until: now + MEMORY_SECONDS * 1000 })
    if (this.all.until <= now) this.all = fresh()
    const known = this.kinds.get(kind)
    if (known && known.until > now) return known
    const oldest = this.kinds.keys().next().value
    if (this.kinds.size >= KINDS && oldest !== undefined) this.kinds.delete(oldest)
    const tally = fresh()
    this.kinds.set(kind, tally)
    return tally
  }

  /** Whether this process alone is inside the caps. */
  private roomHere(now: number): boolean {
    const hour = Math.floor(now / 3_600_000)
    const day = Math.floor(now / 86_400_000)
    if (this.sent.hour !== hour) this.sent = { ...this.sent, hour, inHour: 0 }
    if (this.sent.day !== day) this.sent = { ...this.sent, day, inDay: 0 }
    return this.sent.inHour < this.caps.hour && this.sent.inDay < this.caps.day
  }

  private judgeAlone(count: Count, now: number): Verdict {
    const send = this.settlesInMs() === 0 || now % WINDOW_EVERY_MS < WINDOW_MS ? 'now' : 'settled'
    return { send, count }
  }

  private async judgeTogether(
    ledger: Ledger,
    kind: string,
    tally: Tally,
    now: number,
    anyway: boolean,
  ): Promise<Verdict> {
    const { all } = this
    const added = tally.seen - tally.told
    const addedToAll = all.seen - all.told
    tally.told = tally.seen
    all.told = all.seen
    let seen: number
    let errors: number
    try {
      const counts = await ledger.add([
        { key: `kind:${kind}`, amount: added, seconds: MEMORY_SECONDS },
        { key: `all:${Math.floor(now / 86_400_000)}`, amount: addedToAll, seconds: MEMORY_SECONDS },
      ])
      seen = counts[0] ?? 0
      errors = counts[1] ?? 0
    } catch (error) {
      // Told with the next one.
      tally.told -= added
      all.told -= addedToAll
      throw error
    }
    const count = { seen, errors }
    const milestone =
      anyway || (errors >= TOLD_ANYWAY && reachedPowerOfTen(errors - addedToAll, errors))
    if (!milestone && !worthTelling(seen - added, seen)) return NEVER
    const room = milestone || (await this.roomTogether(ledger, now))
    return room ? { send: 'now', count } : NEVER
  }

  private async roomTogether(ledger: Ledger, now: number): Promise<boolean> {
    const take = async (name: string, seconds: number, cap: number) => {
      const key = `${name}:${Math.floor(now / 1000 / seconds)}`
      const [taken = 0] = await ledger.add([{ key, amount: 1, seconds }])
      return taken <= cap
    }
    // In this order: what the hour refuses must not use up the day.
    return (await take('hour', 3_600, this.caps.hour)) && take('day', 86_400, this.caps.day)
  }
}
