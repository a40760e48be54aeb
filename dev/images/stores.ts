import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'

export const POSTGRESQL_PORT = 29_690
export const REDIS_PORT = 29_691
export const DATABASE_URL = `postgres://medusa:medusa@127.0.0.1:${POSTGRESQL_PORT}/research-relay`

/** Starts PostgreSQL and Redis on this machine; gives what ends them. */
export async function startStores(): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'rr-images-stores-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-stores.ts'), data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text) => String(text).includes('up') && resolve())
    child.once('exit', (code) => reject(new Error(`PostgreSQL or Redis: ended with ${code}`)))
  })
  return async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}

/** Throws the shop's data away: an empty database that its role owns, an empty Redis. */
export async function emptyStores(): Promise<void> {
  const client = new pg.Client(`postgres://postgres:postgres@127.0.0.1:${POSTGRESQL_PORT}/postgres`)
  await client.connect()
  try {
    await client.query('DROP DATABASE IF EXISTS "research-relay" WITH (FORCE)')
    await client.query('CREATE DATABASE "research-relay" OWNER medusa')
  } finally {
    await client.end()
  }
  const redis = new Redis(REDIS_PORT, '127.0.0.1')
  await redis.flushall()
  redis.disconnect()
}
