import { afterAll, beforeAll, expect, it } from 'vitest'
import { THOROUGH } from '../host/thorough.ts'
import { Cluster, LIVE } from './cluster.ts'

/** Fifty thousand are years of a shop of this size: about 250 MB on the disk. */
const ORDERS = THOROUGH ? 50_000 : 5_000
/** On a machine like the host, with what else runs there: half an hour would be too long for the owner. */
const MOST_SECONDS = 60

const cluster = new Cluster(26200, { fsync: 'off' })

beforeAll(async () => {
  await cluster.start(ORDERS)
  cluster.night('20261124T030000Z')
})
afterAll(() => cluster.stop())

it('brings thousands of orders back to an empty machine, and says what and how fast', () => {
  cluster.forget()
  const done = cluster.run(['restore'])
  expect(done.code, done.output).toBe(0)
  expect(cluster.orders()).toBe(ORDERS)
  expect(done.output).toContain(`orders     ${ORDERS}, the newest from`)
  const [, seconds] = /^seconds +([\d.]+)$/m.exec(done.output) ?? []
  console.info(`restored ${ORDERS} orders from off-site in ${seconds} s\n${done.output}`)
  expect(Number(seconds)).toBeLessThan(MOST_SECONDS)
  // The planner knows the tables: without statistics the first visitors wait.
  expect(Number(cluster.sql(`SELECT reltuples FROM pg_class WHERE relname = 'order'`, LIVE))).toBe(
    ORDERS,
  )
})
