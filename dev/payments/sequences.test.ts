import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { Bookkeeping } from './bookkeeping.ts'
import { happening, Sequence } from './sequence.ts'

/** `npm run payments` plays more of them, and others each time; a failure prints its seed. */
const runs = Number(process.env.RR_PAYMENTS_RUNS ?? 150)
const seed = Number(process.env.RR_PAYMENTS_SEED ?? 1)
const LONGEST = 16
const AT_ONCE = 4

const books = new Bookkeeping(26_385)
beforeAll(async () => {
  await books.start()
  // Only this test needs its rows, and only until its end.
  books.database.server.sql('ALTER SYSTEM SET synchronous_commit = off')
  books.database.server.sql('SELECT pg_reload_conf()')
})
afterAll(() => books.stop())

describe(`${runs} random sequences of answers, decisions, refunds and kills`, () => {
  it(`keep the ledger true (seed ${seed})`, { timeout: 600_000 + runs * 1_000 }, async () => {
    const sequence = fc.array(happening, { maxLength: LONGEST, size: 'max' })
    const property = fc.asyncProperty(sequence, (each) => new Sequence(books).play(each))
    // PostgreSQL and this process each wait for the other: several sequences fill both.
    const some = Array.from({ length: AT_ONCE }, (_, n) =>
      fc.assert(property, { numRuns: Math.ceil(runs / AT_ONCE), seed: seed + n }),
    )
    await Promise.all(some)
  })
})
