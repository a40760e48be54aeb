import { setTimeout as delay } from 'node:timers/promises'
import type { Result } from './run.ts'
import type { Stage } from './scenarios.ts'

/** What is lost at most: archive_timeout (60 s here), the timer (60 s), and an upload. */
const LOST_SECONDS = 180
const BACK_MINUTES = 15

/** One disaster; plays without shoppers, after all payments were counted. Gives what was seen. */
export interface Disaster {
  number: number
  name: string
  run(stage: Stage): Promise<string>
}

function well(result: Result): string {
  if (result.code !== 0) throw new Error(`ended with ${result.code}:\n${result.output}`)
  return result.output
}

const ordersOf = async ({ host }: Stage) =>
  Number(await host.sql('SELECT count(*) FROM "order" WHERE deleted_at IS NULL'))

/** Shoppers until so many have paid since; gives what the last of them saw. */
async function sell(stage: Stage, orders: number, seconds: number): Promise<void> {
  const before = stage.load.paid()
  stage.load.start(stage.host)
  const until = Date.now() + seconds * 1_000
  while (stage.load.paid() < before + orders) {
    if (Date.now() > until) throw new Error(`no ${orders} paid orders within ${seconds} s`)
    await delay(200)
  }
}

/** docs/runbooks/database-destroyed.md: somebody has deleted a table. */
async function databaseDestroyed(stage: Stage): Promise<string> {
  const { host, mark } = stage
  well(await host.backup('nightly'))
  await sell(stage, 5, 60)
  await stage.load.stop()
  // Its worker finishes what it has.
  await delay(3_000)
  const before = await ordersOf(stage)
  const moment = new Date().toISOString()
  await delay(2_000)
  mark('a person drops a table')
  await host.sql('DROP TABLE "order" CASCADE')
  await host.sql('SELECT pg_switch_wal()')
  const began = Date.now()
  const said = well(await host.backup('restore', '--until', moment, '--replace'))
  const seconds = (Date.now() - began) / 1000
  mark(`restored in ${seconds.toFixed(1)} s`)
  const after = await ordersOf(stage)
  if (after !== before) throw new Error(`${before} orders before, ${after} after:\n${said}`)
  await sell(stage, 1, 120)
  await stage.load.stop()
  return `restored to the second before in ${seconds.toFixed(1)} s, ${before} of ${before} orders, selling again`
}

/** docs/runbooks/server-lost.md: from nothing to selling. */
async function serverLost(stage: Stage): Promise<string> {
  const { host, load, mark } = stage
  const runs = await host.status()
  well(await host.backup('nightly'))
  mark('a night’s backup is off-site; the shop sells on')
  await sell(stage, 1, 60)
  await delay(150_000)
  await load.stop()
  const before = await ordersOf(stage)
  const lostAt = Date.now()
  mark(`the machine is gone, with ${before} orders`)
  await host.newMachine()
  mark('a new machine: the system, and four secrets')
  const said = well(
    await host.backup('restore', '--until', 'newest', '--replace', '--secrets', host.secrets.file),
  )
  mark('database, files and secrets are back')
  const checked = host.secrets.rrEnv(['check'])
  if (checked !== 'all is well\n') throw new Error(checked)
  host.units()
  await host.boot()
  const found = await ordersOf(stage)
  const releases = ['medusa', 'storefront'].flatMap((app) => [app, String(runs[app]?.current)])
  well(
    await host.bySsh(['deploy', ...releases], 'a-token\nrehearsal\n', (line) => {
      if (/^[✓✗]/.test(line)) mark(line.trim())
    }),
  )
  await sell(stage, 1, 120)
  const minutes = (Date.now() - lostAt) / 60_000
  mark(`the first order after ${minutes.toFixed(1)} minutes`)
  await load.stop()
  const newest = /newest from ([^\n]+)/.exec(said)?.[1] ?? ''
  const seconds = (lostAt - Date.parse(newest)) / 1000
  if (!(seconds <= LOST_SECONDS)) throw new Error(`the newest order is ${seconds} s old:\n${said}`)
  if (minutes > BACK_MINUTES) throw new Error(`selling again after ${minutes.toFixed(1)} minutes`)
  return `selling again after ${minutes.toFixed(1)} minutes; ${before} orders were made, ${before - found} of the last ${seconds.toFixed(0)} s lost`
}

export const disasters: Disaster[] = [
  { number: 17, name: 'the database is destroyed', run: databaseDestroyed },
  { number: 18, name: 'the server is lost', run: serverLost },
]
