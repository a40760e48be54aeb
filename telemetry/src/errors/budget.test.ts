import { describe, expect, it } from 'vitest'
import { Budget, type Ledger, SETTLED_MS, type Verdict } from './budget'

const CAPS = { hour: 20, day: 60 }
/** In the middle of a half hour, where nothing of a process that has just begun is sent at once. */
const NOON = Date.UTC(2026, 10, 25, 12, 10)
const HOUR = 3_600_000

/** A ledger that many processes share, as Redis is one. */
function sharedLedger(clock: () => number): Ledger {
  const kept = new Map<string, { value: number; until: number }>()
  return {
    async add(amounts) {
      return amounts.map(({ key, amount, seconds }) => {
        const known = kept.get(key)
        const valid = known && known.until > clock() ? known : undefined
        const next = {
          value: (valid?.value ?? 0) + amount,
          until: valid?.until ?? clock() + seconds * 1000,
        }
        kept.set(key, next)
        return next.value
      })
    },
  }
}

const sent = (verdicts: Verdict[]) =>
  verdicts.flatMap((each) => (each.send === 'now' ? [each] : []))

describe.each([
  ['with a ledger', true],
  ['alone', false],
])('a process %s', (_, together) => {
  function settled(): { budget: Budget; pass(ms: number): void } {
    let now = NOON
    const clock = () => now
    const budget = new Budget(CAPS, together ? sharedLedger(clock) : undefined, clock)
    const pass = (ms: number) => {
      now += ms
    }
    pass(SETTLED_MS)
    return { budget, pass }
  }

  it('sends the first three of a kind, then the 10th, 100th, 1000th and 10000th', async () => {
    const { budget } = settled()
    const verdicts = await Promise.all(
      Array.from({ length: 10_000 }, () => budget.judge('the database is away')),
    )
    expect(sent(verdicts).map(({ count }) => count.seen)).toEqual([1, 2, 3, 10, 100, 1000, 10_000])
  })

  it('says how many there were even when ten thousand are all different', async () => {
    const { budget } = settled()
    const verdicts = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) => budget.judge(`kind ${index}`)),
    )
    const counts = sent(verdicts).map(({ count }) => count.errors)
    expect(counts.length).toBeLessThan(CAPS.hour + 5)
    expect(counts.at(-1)).toBe(10_000)
  })

  it('sends no more in a day than its cap and the powers of ten', async () => {
    const { budget, pass } = settled()
    let count = 0
    for (let hour = 0; hour < 24; hour += 1) {
      for (let each = 0; each < 100; each += 1) {
        const verdict = await budget.judge(`hour ${hour}, kind ${each}`)
        if (verdict.send === 'now') count += 1
      }
      pass(HOUR)
    }
    // Two calendar days are touched, and the 1000th error is told whatever the caps say.
    expect(count).toBeGreaterThan(CAPS.day)
    expect(count).toBeLessThanOrEqual(2 * CAPS.day + 1)
  })

  it('takes a kind for new again after a day', async () => {
    const { budget, pass } = settled()
    for (let each = 0; each < 50; each += 1) await budget.judge('a kind')
    expect((await budget.judge('a kind')).send).toBe('never')
    pass(25 * HOUR)
    expect(await budget.judge('a kind')).toMatchObject({ send: 'now', count: { seen: 1 } })
  })
})

describe('ten thousand restarts that each die of one error', () => {
  it('are counted together through the ledger', async () => {
    // 16.7 hours, all of them on one day.
    let now = Date.UTC(2026, 10, 25, 0, 10)
    const clock = () => now
    const ledger = sharedLedger(clock)
    const verdicts: Verdict[] = []
    for (let start = 0; start < 10_000; start += 1) {
      verdicts.push(await new Budget(CAPS, ledger, clock).judge('cannot start'))
      now += 6_000
    }
    expect(sent(verdicts).map(({ count }) => count.seen)).toEqual([1, 2, 3, 10, 100, 1000, 10_000])
  })

  it('are told at most twice each half hour without one', async () => {
    let now = NOON
    const clock = () => now
    const verdicts: Verdict[] = []
    for (let start = 0; start < 10_000; start += 1) {
      verdicts.push(await new Budget(CAPS, undefined, clock).judge('cannot start'))
      now += 6_000
    }
    const count = sent(verdicts).length
    expect(count).toBeGreaterThan(20)
    expect(count).toBeLessThan(100)
  })
})

it('many processes together send no more in an hour than one may', async () => {
  const clock = () => NOON
  const ledger = sharedLedger(clock)
  const verdicts: Verdict[] = []
  for (let start = 0; start < 30; start += 1) {
    const budget = new Budget(CAPS, ledger, clock)
    for (let kind = 0; kind < 10; kind += 1) {
      verdicts.push(await budget.judge(`start ${start}, kind ${kind}`))
    }
  }
  expect(sent(verdicts)).toHaveLength(CAPS.hour)
})

describe('a process that has just begun and shares no ledger', () => {
  it('keeps its errors until it has settled', async () => {
    let now = NOON
    const budget = new Budget(CAPS, undefined, () => now)
    expect((await budget.judge('a kind')).send).toBe('settled')
    expect(budget.settlesInMs()).toBe(SETTLED_MS)
    now += SETTLED_MS
    expect((await budget.judge('another')).send).toBe('now')
  })
})

it('counts alone while the ledger is away, and together again afterwards', async () => {
  const now = NOON
  let away = true
  const shared = sharedLedger(() => now)
  const ledger: Ledger = {
    add: (amounts) => (away ? Promise.reject(new Error('away')) : shared.add(amounts)),
  }
  let clock = now
  const budget = new Budget(CAPS, ledger, () => clock)
  clock += SETTLED_MS
  expect(await budget.judge('a kind')).toMatchObject({ send: 'now', count: { seen: 1 } })
  away = false
  // What the ledger has missed is told with the next.
  expect(await budget.judge('a kind')).toMatchObject({ send: 'now', count: { seen: 2 } })
})
