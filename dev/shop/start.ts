import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { takeFolder } from './lease.ts'
import { checkDisk, checkPorts, findProgram } from './machine.ts'
import { startPostgresql } from './postgresql.ts'
import { fingerprint, notePrepared, preparedFor } from './prepared.ts'
import { type ShopProcess, shopProcesses } from './processes.ts'
import { startRedis } from './redis.ts'
import { ROOT, type Settings, shopEnvironment, type Variables } from './settings.ts'
import { answers, run, step } from './steps.ts'
import { type Listener, Supervisor } from './supervisor.ts'

/** Longest wait for one process; a cold machine compiles the storefront meanwhile. */
const READY_SECONDS = 180

/** A shop whose processes can be ended and started again. */
export interface Shop {
  supervisor: Supervisor
  processes: ShopProcess[]
  redis: boolean
}

/** How a shop is brought up. */
export interface StartOptions extends Omit<Listener, 'changed'> {
  /** Throws the earlier data away. */
  reset: boolean
  /** Is called as soon as there is something to end. */
  began(supervisor: Supervisor): void
}

/** Compiles what both apps share; what is as it was takes a second. */
export async function buildTelemetry(): Promise<void> {
  await run(['tsc', '--build', 'telemetry'], { cwd: ROOT, env: process.env })
}

/**
 * Brings the whole shop up: stores, migrations, seed, then every process of processes.json.
 * @throws Problem with one line that says what to do
 */
export async function startShop(settings: Settings, options: StartOptions): Promise<Shop> {
  const note = await takeFolder(settings.data)
  const supervisor = new Supervisor({ ...options, changed: note })
  options.began(supervisor)
  await checkDisk(settings.data)
  await checkPorts(settings.ports)
  if (options.reset) reset(settings)

  if (!settings.built) await step('telemetry', buildTelemetry)
  await step('PostgreSQL 16', () => startPostgresql(settings, supervisor))
  const redisServer = findProgram('redis-server')
  if (redisServer) await step('Redis', () => startRedis(redisServer, settings, supervisor))
  else {
    console.log(
      '! no redis-server on this machine: events, jobs and locks stay in the memory of one Medusa process, and are lost when it ends',
    )
  }

  const env = shopEnvironment(settings, redisServer !== undefined)
  const processes = shopProcesses(settings, env)
  for (const each of processes) if (!each.afterSeed) supervisor.start(each)
  await prepare(settings, env, supervisor)
  for (const each of processes) supervisor.start(each)
  await Promise.all(
    processes.map(({ name, ready }) =>
      step(name, () => answers(ready, READY_SECONDS, () => supervisor.has(name))),
    ),
  )
  return { supervisor, processes, redis: redisServer !== undefined }
}

/** Migrates and seeds, unless the database is prepared for just these sources. */
export async function prepare(
  settings: Settings,
  env: Variables,
  supervisor: Supervisor,
): Promise<void> {
  const database = env.DATABASE_URL ?? ''
  const wanted = fingerprint()
  if ((await preparedFor(database)) === wanted) {
    console.log('✓ migrations and seed: nothing has changed')
    return
  }
  const cwd = join(ROOT, settings.built ? 'app/.medusa/server' : 'app')
  const seed = settings.built ? './src/seed/main.js' : './src/seed/main.ts'
  const migrate = ['medusa', 'db:migrate', '--execute-safe-links', '--execute-safe-search']
  await step('migrations', () => supervisor.run({ name: 'migrations', command: migrate, cwd, env }))
  await step('seed', () =>
    supervisor.run({ name: 'seed', command: ['medusa', 'exec', seed], cwd, env }),
  )
  await notePrepared(database, wanted)
}

/** Removes the data of earlier runs, and the product files that belong to it. */
function reset({ data, built }: Settings): void {
  for (const name of ['postgresql', 'redis', 'redis-sessions', 'redis-cache', 'btcpay']) {
    rmSync(join(data, name), { recursive: true, force: true })
  }
  for (const name of ['static', 'private-files']) {
    const folder = join(ROOT, built ? 'app/.medusa/server' : 'app', name)
    rmSync(folder, { recursive: true, force: true })
  }
}
