import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from '@medusajs/framework/pg'

/**
 * Migrates the database, one container at a time: `node migrate-once.mjs [--unless-done]` in app/entrypoint.
 *
 * --unless-done: does nothing when this very build was the last that migrated, so that a restart is
 * quick. Exit codes: 0 done, 75 not now (another took too long, no database), 78 a setting is missing,
 * 143 stopped, otherwise that of the command that failed.
 */

/** Longest wait for another container that migrates, or for a database that is starting. */
const WAIT_SECONDS = Number(process.env.RR_MIGRATE_WAIT_SECONDS || 300)

const CLI = 'node_modules/@medusajs/cli/cli.js'

/** Links and indexes: only what is added; what would drop a column waits for a person. */
const STEPS = [
  ['db:migrate', '--skip-scripts', '--execute-safe-links', '--execute-safe-search'],
  // By itself, since db:migrate ends with 0 even when a script of its own has failed.
  ['db:migrate:scripts'],
]

/** A server that starts up or is not there yet; a wrong password is no reason to wait. */
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', '57P03'])

const UNAVAILABLE = 75
const MISCONFIGURED = 78
const STOPPED = 143

/** @type {import('node:child_process').ChildProcess | undefined} */
let running
let stopping = false

/** @param {string} text */
function say(text) {
  console.log(`migrations: ${text}`)
}

/**
 * @param {string} text
 * @param {number} code
 * @returns {never}
 */
function end(text, code) {
  console.error(`migrations: ${text}`)
  process.exit(code)
}

/** Names this build: its code and the packages it runs with. */
function build() {
  const hash = createHash('sha256')
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of ['node_modules/.package-lock.json', 'medusa-config.js', ...sources]) {
    hash.update(path).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/**
 * @param {string} connectionString
 * @param {number} until time in ms at which waiting ends
 */
async function connect(connectionString, until) {
  for (let told = false; ; ) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
    try {
      await client.connect()
      return client
    } catch (error) {
      const { code, message } = /** @type {{ code?: string, message: string }} */ (error)
      if (!NOT_YET.has(code ?? '')) end(`PostgreSQL refuses: ${message}`, UNAVAILABLE)
      if (Date.now() > until) {
        end(`PostgreSQL does not answer after ${WAIT_SECONDS} s: ${code}`, UNAVAILABLE)
      }
      if (!told) say(`waiting for PostgreSQL (${code}), at most ${WAIT_SECONDS} s`)
      told = true
      await delay(500)
    }
  }
}

/**
 * @param {pg.Client} client
 * @param {number} until time in ms at which waiting ends
 */
async function lock(client, until) {
  // Of the session: PostgreSQL gives it back by itself when this container is killed.
  const attempt = "SELECT pg_try_advisory_lock(hashtext('rr-bizops: migrations')) AS ours"
  for (let told = false; ; told = true) {
    const { rows } = await client.query(attempt)
    if (rows[0]?.ours) return
    if (Date.now() > until) {
      end(
        `another container has been migrating for ${WAIT_SECONDS} s: look at its log, then start this one again`,
        UNAVAILABLE,
      )
    }
    if (!told) say(`another container migrates, waiting for it, at most ${WAIT_SECONDS} s`)
    await delay(500)
  }
}

/** @param {pg.Client} client */
async function lastBuild(client) {
  await client.query(
    'CREATE TABLE IF NOT EXISTS migrated_build (build text PRIMARY KEY, migrated_at timestamptz NOT NULL)',
  )
  const { rows } = await client.query(
    'SELECT build FROM migrated_build ORDER BY migrated_at DESC LIMIT 1',
  )
  return rows[0]?.build
}

/**
 * @param {pg.Client} client
 * @param {string} name
 */
async function note(client, name) {
  await client.query(
    `INSERT INTO migrated_build VALUES ($1, clock_timestamp())
     ON CONFLICT (build) DO UPDATE SET migrated_at = EXCLUDED.migrated_at`,
    [name],
  )
}

/**
 * Runs one of Medusa's commands to its end.
 * @param {string[]} step
 */
async function medusa(step) {
  if (stopping) process.exit(STOPPED)
  const child = spawn(process.execPath, [CLI, ...step], { stdio: 'inherit' })
  running = child
  /** @type {number} */
  const code = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  if (stopping) process.exit(STOPPED)
  if (code !== 0) end(`medusa ${step[0]} failed with ${code}`, code)
}

for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) {
  process.on(signal, () => {
    stopping = true
    // Each migration is a transaction: what is stopped half-way has not happened.
    if (running) running.kill(signal)
    else process.exit(STOPPED)
  })
}

async function main() {
  const url = process.env.DATABASE_URL
  if (!url) end('DATABASE_URL is missing', MISCONFIGURED)
  const started = Date.now()
  const until = started + WAIT_SECONDS * 1000
  const client = await connect(url, until)
  client.on('error', (error) => {
    running?.kill('SIGTERM')
    end(`the connection that holds the lock was lost: ${error.message}`, UNAVAILABLE)
  })
  await lock(client, until)
  const name = build()
  if ((await lastBuild(client)) === name && process.argv.includes('--unless-done')) {
    say('nothing to do, this build has run them')
  } else {
    say('running')
    for (const step of STEPS) await medusa(step)
    await note(client, name)
    say(`done (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  }
  await client.end()
}

// A person who reads the log needs what PostgreSQL says, not where it was asked.
await main().catch((error) => end(error.message, 1))
