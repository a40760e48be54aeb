import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { hostFacts } from '../host/nix.ts'
import { DeclaredPostgresql } from '../host/postgresql.ts'
import { NEWER_PROGRAMS } from '../host/tools.ts'
import { DEVELOPMENT, ROOT, shopEnvironment } from '../shop/settings.ts'
import { run } from '../shop/steps.ts'

const PASSWORD = 'of-the-watch'
const KEPT = join(ROOT, '.data/watch')

/** What decides the schema: Medusa's packages and our own migrations. */
function fingerprint(): string {
  const hash = createHash('sha256')
  const modules = join(ROOT, 'app/src/modules')
  const migrations = readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .filter((path) => /migrations\/Migration\d+\.ts$/.test(path))
    .sort()
    .map((path) => join(modules, path))
  for (const path of [join(ROOT, 'package-lock.json'), ...migrations]) {
    hash.update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 16)
}

/** File with the shop's tables. */
function kept(): string {
  return join(KEPT, `schema-${fingerprint()}.sql`)
}

/** The host's PostgreSQL with the shop's real, empty tables, as Medusa's own migrations make them. */
export class ShopDatabase {
  readonly server: DeclaredPostgresql
  readonly url: string

  constructor(port: number) {
    this.server = new DeclaredPostgresql(port, hostFacts('tests/hosts/tested.nix'))
    this.url = `postgres://medusa:${PASSWORD}@127.0.0.1:${port}/research-relay`
  }

  /** A server with the tables; without them when `migrate` makes them. */
  async start(tables = kept()): Promise<void> {
    await this.server.start()
    this.server.sql('CREATE ROLE medusa LOGIN')
    this.server.sql('CREATE DATABASE "research-relay"')
    const { status, stderr } = this.server.setOwner(this.url)
    if (status !== 0) throw new Error(stderr)
    if (tables) this.psql(['--single-transaction', '-f', tables])
  }

  /** Runs Medusa's migrations and ours, and keeps what they made. */
  async migrate(): Promise<void> {
    await this.start('')
    const env = { ...shopEnvironment(DEVELOPMENT, false), DATABASE_URL: this.url }
    const command = ['medusa', 'db:migrate', '--execute-safe-links', '--execute-safe-search']
    await run(command, { cwd: join(ROOT, 'app'), env })
    const dump = execFileSync(join(NEWER_PROGRAMS, 'pg_dump'), ['--schema-only', '-d', this.url], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
      timeout: 60_000,
    })
    mkdirSync(KEPT, { recursive: true })
    // A setting of the dump's own newer version, which this server does not know.
    writeFileSync(`${kept()}.part`, dump.replace(/^SET transaction_timeout.*$/m, ''))
    renameSync(`${kept()}.part`, kept())
  }

  /** SQL as the shop's own role. */
  sql(text: string): string {
    return this.psql(['-XAtq', '-c', text])
  }

  private psql(args: string[]): string {
    return execFileSync('psql', ['-v', 'ON_ERROR_STOP=1', '-q', '-d', this.url, ...args], {
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  }

  stop(): Promise<void> {
    return this.server.stop()
  }
}

/** Before all tests: migrations run once for each schema, and several servers load what they made. */
export default async function prepare(): Promise<void> {
  if (existsSync(kept())) return
  const database = new ShopDatabase(26_320)
  try {
    await database.migrate()
  } finally {
    await database.stop()
  }
}
