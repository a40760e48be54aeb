import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NEWER_PROGRAMS } from '../host/tools.ts'
import { databaseUrl } from './stores.ts'

const TIMEOUT_MS = 120_000
const env = { ...process.env, PATH: `${NEWER_PROGRAMS}:${process.env.PATH}` }

/** What was written. */
export interface Dump {
  file: string
  bytes: number
  sha256: string
}

/** Dumps the shop's database of a machine, in the format that restores in parallel. */
export function dump(machine: string, folder: string): Dump {
  const file = join(folder, 'research-relay.dump')
  const args = ['-Fc', '--no-owner', '--no-acl', '-f', file, databaseUrl(machine)]
  execFileSync('pg_dump', args, { env, timeout: TIMEOUT_MS, stdio: ['ignore', 'ignore', 'pipe'] })
  const bytes = readFileSync(file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { file, bytes: bytes.length, sha256 }
}

/**
 * Restores into the empty database of a machine as its owner, in one transaction: all or nothing.
 * The programs here are newer than the server; a setting that it does not know is left out.
 */
export function restore({ file }: Dump, machine: string): void {
  const script = `set -euo pipefail
pg_restore --no-owner --no-acl -f - "$1" | sed '/^SET transaction_timeout = /d' |
  psql -XqAt -v ON_ERROR_STOP=1 --single-transaction -d "$2" >/dev/null`
  execFileSync('bash', ['-c', script, 'restore', file, databaseUrl(machine)], {
    env,
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
