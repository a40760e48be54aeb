// The rehearsal inside its own network: see the script `rehearse`. Ends with 0 when every bar was met.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DOMAIN } from '../host/caddy.ts'
import { type Disaster, disasters } from './disasters.ts'
import { Host } from './host.ts'
import { Load } from './load.ts'
import { Releases } from './releases.ts'
import { type Outcome, type Report, writeReport } from './report.ts'
import { type Scenario, type Stage, scenarios } from './scenarios.ts'
import { DATA, SHORT } from './settings.ts'

const words = process.argv.slice(2)
const only = words.includes('--only') ? words.slice(words.indexOf('--only') + 1) : []

/** Bars of the steady scenarios, and of the whole run. */
const SLOWEST_MS = 2_000
const P99_FACTOR = 2
const QUIET_SECONDS = SHORT ? 20 : 60
const LEAST_REQUESTS = 5_000

const began = Date.now()
const marks: Report['marks'] = []
const progress = (text: string) => {
  const line = `${((Date.now() - began) / 1000).toFixed(1).padStart(7)} s  ${text}`
  console.log(line)
  appendFileSync(join(DATA, 'progress.log'), `${line}\n`)
}
const mark = (text: string) => {
  marks.push({ at: Date.now(), text })
  progress(text)
}

rmSync(join(DATA, 'progress.log'), { force: true })
mkdirSync(DATA, { recursive: true })
const host = new Host()
const load = new Load()
const outcomes: Outcome[] = []
let failed = false

/** Notes how a scenario went, with what shoppers saw of it. */
function note(played: Omit<Outcome, 'seen'>, seen = load.between(played.from, played.to)): void {
  outcomes.push({ ...played, seen: { ...seen, failed: seen.failed.length } })
}

/** Scenario 1: the documented order, until the first paid order. */
async function firstInstall(stage: Stage): Promise<void> {
  mark('install: secrets, stores, Caddy, sshd')
  host.install()
  await host.boot()
  const empty = await host.rrDeploy(['status'])
  if (!empty.output.includes('not deployed')) throw new Error(empty.output)
  const medusa = await stage.releases.publish('medusa')
  const storefront = await stage.releases.publish('storefront')
  mark('first deploy, by the pipeline’s key')
  const first = await host.bySsh(
    ['deploy', 'medusa', medusa, 'storefront', storefront],
    'a-token\nrehearsal\n',
    (line) => {
      if (/^[✓✗]/.test(line)) mark(line.trim())
    },
  )
  if (first.code !== 0) throw new Error(first.output)
  mark('sample products')
  await host.engine.docker(['exec', 'medusa-server-blue', '/app/entrypoint', 'seed'], 120)
  load.start(host)
  const until = Date.now() + 120_000
  while (![...load.payments.values()].some(Boolean)) {
    if (Date.now() > until) throw new Error('no paid order within two minutes of the first deploy')
    await delay(500)
  }
  mark('the first paid order')
}

async function play(scenario: Scenario, stage: Stage, quietP99: number): Promise<void> {
  await stage.releases.stock()
  await delay(2_000)
  const from = Date.now()
  mark(`— ${scenario.number}: ${scenario.name}`)
  let error: string | null = null
  try {
    await scenario.run(stage)
    await delay(2_000)
  } catch (problem) {
    error = problem instanceof Error ? problem.message : String(problem)
  }
  const to = Date.now()
  const seen = load.between(from, to)
  const broken: string[] = error ? [error] : []
  if (scenario.broken && seen.failed.length === 0) broken.push('what was broken was not seen')
  if (scenario.steady && seen.failed.length > 0)
    broken.push(`${seen.failed.length} failed: ${seen.failed[0]?.what}`)
  // The short form runs inside npm test, on machines that are busy with other things.
  if (scenario.steady && scenario.timed !== false && !SHORT) {
    if (seen.slowest >= SLOWEST_MS) broken.push(`slowest ${seen.slowest} ms`)
    if (seen.p99 > P99_FACTOR * quietP99) broken.push(`p99 ${seen.p99} ms, quiet ${quietP99} ms`)
  }
  const { number, name, steady } = scenario
  note({ number, name, steady, from, to, broken }, seen)
  progress(
    `${broken.length === 0 ? '✓' : '✗'} ${scenario.name}: ${seen.asked} requests, ${seen.failed.length} failed, p99 ${seen.p99} ms, slowest ${seen.slowest} ms${broken.length > 0 ? ` — ${broken.join('; ')}` : ''}`,
  )
  if (broken.length > 0) failed = true
}

/** Plays a disaster, alone: what it costs is counted by itself. */
async function strike(disaster: Disaster, stage: Stage): Promise<void> {
  const from = Date.now()
  mark(`— ${disaster.number}: ${disaster.name}`)
  let error: string | null = null
  let said = ''
  try {
    said = await disaster.run(stage)
  } catch (problem) {
    error = problem instanceof Error ? problem.message : String(problem)
    failed = true
  }
  await load.stop()
  const { number, name } = disaster
  const broken = error ? [error] : []
  note({ number, name, steady: false, from, to: Date.now(), broken, said })
  progress(`${error ? '✗' : '✓'} ${disaster.name}: ${error ?? said}`)
}

/** No payment lost, none doubled, whatever happened. */
async function payments(): Promise<string[]> {
  const until = Date.now() + 120_000
  while (load.unfinished().length > 0 && Date.now() < until) await delay(1_000)
  const broken: string[] = []
  const lost = load.unfinished()
  if (lost.length > 0) broken.push(`${lost.length} payments without an order: ${lost[0]}`)
  const orders = [...load.payments.values()].filter((order) => order !== null)
  if (new Set(orders).size !== orders.length) broken.push('two payments share an order')
  const made = Number(await host.sql('SELECT count(*) FROM "order" WHERE deleted_at IS NULL'))
  if (made !== load.payments.size) broken.push(`${load.payments.size} payments, ${made} orders`)
  return broken
}

try {
  const stage: Stage = {
    host,
    load,
    mark,
    releases: new Releases(host.engine),
    awaySeconds: SHORT ? 10 : 60,
    rollbackShare: SHORT ? 1 : 0.75,
  }
  await host.backups.b2.start()
  const installFrom = Date.now()
  await firstInstall(stage)
  const first = 'a first install in the documented order, until the first paid order'
  note({ number: 1, name: first, steady: false, from: installFrom, to: Date.now(), broken: [] })
  mark(`quiet, for ${QUIET_SECONDS} s`)
  const quietFrom = Date.now()
  await delay(QUIET_SECONDS * 1_000)
  const quiet = load.between(quietFrom + 5_000, Date.now())
  progress(`quiet: ${quiet.asked} requests, p50 ${quiet.p50} ms, p99 ${quiet.p99} ms`)
  const chosen = scenarios.filter(
    (each) =>
      (!SHORT || each.short) &&
      (only.length === 0 || only.some((word) => String(each.number) === word)),
  )
  for (const scenario of chosen) await play(scenario, stage, quiet.p99)
  const broken = await payments()
  const payed = load.payments.size
  await load.stop()
  if (broken.length > 0) failed = true
  progress(
    `payments: ${load.payments.size}${broken.length > 0 ? ` — ${broken.join('; ')}` : ', each with one order'}`,
  )
  const wanted = disasters.filter(
    ({ number }) => !SHORT && (only.length === 0 || only.includes(String(number))),
  )
  for (const disaster of wanted) await strike(disaster, stage)
  const steady = outcomes
    .filter((each) => each.steady)
    .reduce((sum, each) => sum + each.seen.asked, 0)
  if (!SHORT && only.length === 0 && steady < LEAST_REQUESTS) {
    failed = true
    progress(`only ${steady} requests in the steady scenarios, not ${LEAST_REQUESTS}`)
  }
  const report: Report = {
    began,
    ended: Date.now(),
    domain: DOMAIN,
    quiet: { ...quiet, failed: quiet.failed.length },
    outcomes,
    marks,
    payments: { made: payed, broken },
    memory: await host.memory(),
    samples: load.samples,
  }
  writeFileSync(
    join(DATA, 'rehearsal.json'),
    JSON.stringify({ ...report, samples: undefined }, null, 2),
  )
  // One line a request, for questions that the page does not answer.
  writeFileSync(
    join(DATA, 'samples.jsonl'),
    load.samples.map((sample) => JSON.stringify(sample)).join('\n'),
  )
  writeReport(join(DATA, 'rehearsal.html'), report)
  progress(`${failed ? 'FAILED' : 'passed'}; the page: .data/rehearsal/rehearsal.html`)
} catch (error) {
  failed = true
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error))
} finally {
  await load.stop()
  if (failed) host.keepLogs(join(DATA, 'failed'))
  await host.stop()
}
process.exit(failed ? 1 : 0)
