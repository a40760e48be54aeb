import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import pg from 'pg'
import { findProgram } from '../shop/machine.ts'
import { programs, uid } from '../shop/postgresql.ts'
import { Problem, run } from '../shop/steps.ts'
import type { Supervisor } from '../shop/supervisor.ts'
import { PORTS } from './addresses.ts'

const SUPERUSER = 'of-the-rehearsal'
export const REDIS_PASSWORD = 'of-the-rehearsal-too'
const PATIENCE_MS = 30_000

/** PostgreSQL's address for the apps, as DATABASE_URL has it. */
export function databaseUrl(machine: string): string {
  return `postgres://medusa:medusa@${machine}:${PORTS.postgresql}/research-relay`
}

/** Redis' address for the apps, as REDIS_URL has it. */
export function redisUrl(machine: string): string {
  return `redis://:${REDIS_PASSWORD}@${machine}:${PORTS.redis}`
}

/** Starts an empty PostgreSQL 16 on a machine, with role and database as rr-database makes them. */
export async function startPostgresql(
  machine: string,
  folder: string,
  supervisor: Supervisor,
): Promise<void> {
  const data = join(folder, `postgresql-${machine}`)
  const password = join(folder, 'superuser')
  const bin = programs()
  const env = { ...process.env, LC_ALL: 'C.UTF-8' }
  if (!existsSync(data)) {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    writeFileSync(password, SUPERUSER, { mode: 0o600 })
    if (uid !== undefined) for (const path of [folder, data, password]) chownSync(path, uid, uid)
    const initdb = [join(bin, 'initdb'), '-D', '/proc/self/cwd', '-U', 'postgres']
    const access = ['--auth=scram-sha-256', `--pwfile=${password}`, '--encoding=UTF8']
    await run([...initdb, ...access, '--locale=C.UTF-8'], { cwd: data, env, uid })
  }
  const name = `postgresql-${machine}`
  supervisor.start({
    name,
    command: [
      join(bin, 'postgres'),
      ...['-D', '/proc/self/cwd', '-p', String(PORTS.postgresql), '-h', machine, '-k', ''],
      ...['-c', 'log_min_messages=fatal', '-c', 'log_checkpoints=off'],
    ],
    cwd: data,
    env,
    uid,
    stopSignal: 'SIGINT',
    store: true,
  })
  await patiently(
    `PostgreSQL on ${machine}`,
    () => supervisor.has(name),
    async () => {
      await asSuperuser(machine, 'postgres', async (client) => {
        const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'medusa'")
        if (role.rowCount) return
        await client.query("CREATE ROLE medusa LOGIN PASSWORD 'medusa'")
        await client.query('CREATE DATABASE "research-relay" OWNER medusa')
      })
    },
  )
}

/** Starts Redis on a machine, with the persistence that the host has. */
export async function startRedis(
  machine: string,
  folder: string,
  supervisor: Supervisor,
): Promise<void> {
  const program = findProgram('redis-server')
  if (!program) throw new Problem('the rehearsal of growth needs redis-server')
  const cwd = join(folder, `redis-${machine}`)
  mkdirSync(cwd, { recursive: true })
  const name = `redis-${machine}`
  supervisor.start({
    name,
    command: [
      program,
      ...['--port', String(PORTS.redis), '--bind', machine, '--dir', '.', '--loglevel', 'warning'],
      ...['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
      ...['--requirepass', REDIS_PASSWORD, '--masterauth', REDIS_PASSWORD],
    ],
    cwd,
    env: process.env,
    store: true,
  })
  await patiently(
    `Redis on ${machine}`,
    () => supervisor.has(name),
    async () => {
      await withRedis(machine, (client) => client.ping())
    },
  )
}

/** Lets `to` follow `from`, so that queue, sessions and counters are there before the move. */
export async function followRedis(from: string, to: string): Promise<void> {
  await withRedis(to, (client) => client.replicaof(from, PORTS.redis))
}

/** Waits until `to` has all that `from` has, then makes it a server of its own. */
export async function promoteRedis(from: string, to: string): Promise<void> {
  await patiently(
    'Redis has caught up',
    () => true,
    async () => {
      const [master, replica] = await Promise.all(
        [from, to].map((machine) => withRedis(machine, (client) => client.info('replication'))),
      )
      const has = (text = '', field: string) => new RegExp(`^${field}:(.*)$`, 'm').exec(text)?.[1]
      const same = has(master, 'master_repl_offset') === has(replica, 'slave_repl_offset')
      if (has(replica, 'master_link_status')?.trim() !== 'up' || !same) throw new Error('behind')
    },
  )
  await withRedis(to, (client) => client.replicaof('NO', 'ONE'))
}

/** Keys of a Redis. */
export function redisKeys(machine: string): Promise<number> {
  return withRedis(machine, (client) => client.dbsize())
}

/** Rows of each table of the shop's database, by the table's name. */
export async function rowCounts(machine: string): Promise<Record<string, number>> {
  return asSuperuser(machine, 'research-relay', async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    )
    const counts: Record<string, number> = {}
    for (const { name } of tables) {
      const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${name}`)
      counts[name] = Number(rows[0]?.n)
    }
    return counts
  })
}

/** Bytes of the shop's database. */
export async function databaseSize(machine: string): Promise<number> {
  return asSuperuser(machine, 'research-relay', async (client) => {
    const { rows } = await client.query<{ n: string }>(
      'SELECT pg_database_size(current_database()) AS n',
    )
    return Number(rows[0]?.n)
  })
}

async function asSuperuser<T>(
  host: string,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host,
    port: PORTS.postgresql,
    user: 'postgres',
    password: SUPERUSER,
    database,
    connectionTimeoutMillis: 3_000,
    query_timeout: 20_000,
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function withRedis<T>(host: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({
    host,
    port: PORTS.redis,
    password: REDIS_PASSWORD,
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    client.disconnect()
  }
}

async function patiently(
  what: string,
  alive: () => boolean,
  probe: () => Promise<void>,
): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await probe()
    } catch (error) {
      if (!alive()) throw new Problem(`${what} ended, see its last lines`)
      if (Date.now() > until)
        throw new Error(`${what}: not within ${PATIENCE_MS / 1000} s`, { cause: error })
      await delay(100)
    }
  }
}
