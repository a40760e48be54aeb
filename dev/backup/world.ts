import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostFacts, ROOT } from '../host/nix.ts'
import { DeclaredPostgresql } from '../host/postgresql.ts'
import { NEWER_PROGRAMS } from '../host/tools.ts'
import { uid } from '../shop/postgresql.ts'
import { Receiver } from '../watch/receiver.ts'
import { B2Server } from './b2-server.ts'

/** The halves of a night, as the host's two timers' commands run them. */
export type Half = 'local' | 'offsite'

/** How a half of a night went. */
export interface Went {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
  /** The last line of the output: what the status page and the mail tell. */
  said: string
  /** What the dead-man's service was called with, without the address. */
  pings: string[]
}

/** What a set says of itself. */
export interface Manifest {
  stamp: string
  release: string | null
  serverVersion: string
  orders: number
  newestOrder: string | null
  migrations: string[]
  tables: Record<string, number>
  files: Record<string, { bytes: number; sha256: string }>
}

const PASSPHRASE = 'a-passphrase-of-the-tests'
const RELEASE = '0123456789abcdef0123456789abcdef01234567'

/** Three orders' worth of a shop: the tables that a night asks for, and some rows. */
const SHOP = `
  CREATE TABLE customer (id text PRIMARY KEY, email text);
  CREATE TABLE product (id text PRIMARY KEY, title text);
  CREATE TABLE payment (id text PRIMARY KEY, amount numeric);
  CREATE TABLE mikro_orm_migrations (id serial PRIMARY KEY, name text, executed_at timestamptz DEFAULT now());
  CREATE TABLE "order" (id text PRIMARY KEY, email text, note text, created_at timestamptz NOT NULL);
  INSERT INTO customer SELECT 'cus_' || n, 'buyer' || n || '@example.test' FROM generate_series(1, 40) AS n;
  INSERT INTO product SELECT 'prod_' || n, E'Sample\\t"' || n || E'"\\nof two lines' FROM generate_series(1, 12) AS n;
  INSERT INTO mikro_orm_migrations (name) VALUES ('Migration20260101000000'), ('Migration20260401000000');`

/** A host, its database, its off-site place and who hears its pings: everything that a night touches. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-nights-'))
  readonly state = join(this.folder, 'state')
  readonly backups = join(this.folder, 'backups')
  readonly sets = join(this.backups, 'sets')
  readonly uploads = join(this.state, 'uploads')
  readonly bin = join(this.folder, 'bin')
  readonly b2: B2Server
  readonly pings: Receiver
  readonly database: DeclaredPostgresql
  /** Seconds since 1970, by the host's clock. */
  now = Date.parse('2026-11-25T03:00:00Z') / 1000
  /** Variables that the host has more, or has otherwise. */
  extra: Record<string, string> = {}
  private mounted = false
  private orderings = 0

  /** @param port the first of three free ones */
  constructor(port: number) {
    chmodSync(this.folder, 0o755)
    for (const path of [this.uploads, this.backups, this.bin, join(this.state, 'deploy')])
      mkdirSync(path, { recursive: true })
    mkdirSync(join(this.folder, 'secrets'))
    this.b2 = new B2Server(port)
    this.pings = new Receiver(port + 1)
    // Of the host's server what a dump sees; the archive of WAL has tests of its own.
    const postgresql = { fsync: false, shared_buffers: '16MB', max_connections: 20 }
    this.database = new DeclaredPostgresql(port + 2, {
      ...hostFacts('tests/hosts/tested.nix'),
      postgresql,
    })
    writeFileSync(join(this.folder, 'secrets/database-url'), `${this.url}\n`)
    writeFileSync(join(this.folder, '.env'), `JWT_SECRET=kept\nBACKUP_PASSPHRASE=${PASSPHRASE}\n`)
    writeFileSync(
      join(this.state, 'deploy/state.json'),
      JSON.stringify({ apps: { medusa: { current: RELEASE } } }),
    )
  }

  async start(): Promise<void> {
    this.mount()
    await Promise.all([this.b2.start(), this.pings.start(), this.database.start()])
    this.makeShop()
    writeFileSync(join(this.uploads, 'a picture.webp'), Buffer.alloc(20_000, 'picture'))
  }

  async stop(): Promise<void> {
    await Promise.all([this.b2.stop(), this.pings.stop(), this.database.stop()])
    if (this.mounted) spawnSync('umount', [this.backups])
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Nothing was ever backed up here; the database stays. */
  clear(): void {
    for (const name of existsSync(this.sets) ? readdirSync(this.sets) : [])
      rmSync(join(this.sets, name), { recursive: true, force: true })
    rmSync(join(this.state, 'backup'), { recursive: true, force: true })
    this.wellAgain()
    this.b2.empty()
  }

  /** Keeps what was backed up until now; gives a function that brings it back. */
  remember(): () => void {
    const kept = join(this.folder, 'kept')
    const facts = join(this.state, 'backup')
    cpSync(this.sets, join(kept, 'sets'), { recursive: true })
    cpSync(facts, join(kept, 'facts'), { recursive: true })
    const files = this.b2.remember()
    const { now } = this
    return () => {
      this.clear()
      cpSync(join(kept, 'sets'), this.sets, { recursive: true })
      cpSync(join(kept, 'facts'), facts, { recursive: true })
      this.b2.recall(files)
      this.now = now
    }
  }

  /** Ends whatever a test has broken. */
  wellAgain(): void {
    for (const name of readdirSync(this.bin)) rmSync(join(this.bin, name))
    rmSync(join(this.backups, 'filler'), { force: true })
    this.b2.wellAgain()
    this.b2.onUpload = () => undefined
    this.extra = {}
  }

  makeShop(): void {
    this.database.sql('DROP DATABASE IF EXISTS "research-relay"')
    const { status, stderr } = this.database.setOwner(this.url)
    if (status !== 0) throw new Error(stderr)
    // As on the host, the tables are the shop's own role's.
    this.database.sql(`SET ROLE medusa; ${SHOP}`, 'research-relay')
    this.order(30)
  }

  /** New orders, with notes that look like a dump's own lines. */
  order(count: number): void {
    this.database.sql(
      `INSERT INTO "order" SELECT 'order_' || ${this.now} || '_' || ${++this.orderings} || '_' || n, 'buyer@example.test',
        E'line\\n\\\\.\\nCOPY public.fake (a) FROM stdin;\\t' || md5(n::text) || md5(random()::text),
        to_timestamp(${this.now}) - n * interval '1 minute' FROM generate_series(1, ${count}) AS n`,
      'research-relay',
    )
  }

  /** Where the database is, as rr-secrets gives it to the scripts. */
  get url(): string {
    return `postgres://medusa:secret@127.0.0.1:${this.database.port}/research-relay`
  }

  orders(): number {
    return Number(this.database.sql('SELECT count(*) FROM "order"', 'research-relay'))
  }

  environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      ...this.database.socketEnvironment(),
      PATH: `${this.bin}:${NEWER_PROGRAMS}:${process.env.PATH}`,
      LC_ALL: 'C.UTF-8',
      RR_STATE: this.state,
      RR_BACKUPS: this.backups,
      RR_SECRETS: join(this.folder, 'secrets'),
      RR_SPARE: join(this.folder, 'spare'),
      RR_SCHEMA: join(ROOT, 'nixos/secrets/schema.json'),
      RR_ENV_FILE: join(this.folder, '.env'),
      RR_POSTGRES_USER: uid === undefined ? '' : 'nobody',
      RR_NOW: String(this.now),
      B2_BUCKET: this.b2.bucket.name,
      B2_KEY_ID: this.b2.host.id,
      B2_APPLICATION_KEY: this.b2.host.secret,
      BACKUP_PASSPHRASE: PASSPHRASE,
      RR_RCLONE_ENDPOINT: this.b2.url,
      PING_BACKUP_URL: `${this.pings.url}/backup`,
      PING_OFFSITE_URL: `${this.pings.url}/offsite`,
      ...this.extra,
    }
  }

  /** A program that the night finds instead of the real one, which is `$real`. */
  instead(program: string, script: string): void {
    const real = existsSync(join(NEWER_PROGRAMS, program))
      ? join(NEWER_PROGRAMS, program)
      : spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim()
    const path = join(this.bin, program)
    writeFileSync(path, `#!/bin/bash\nreal=${real}\nhost=${this.hostFile}\n${script}\n`)
    chmodSync(path, 0o755)
  }

  /** Ends everything of the night at once, as a power loss would: a line for `instead`. */
  readonly powerLoss = 'sleep 0.3; pkill -KILL -s "$(cat "$host")"; sleep 5'

  private readonly hostFile = join(this.folder, 'host.pid')

  /** Half of a night as its unit runs it. */
  async half(half: Half): Promise<Went> {
    const job = half === 'local' ? 'backup' : 'offsite'
    const ping = `PING_${job.toUpperCase()}_URL`
    const nightly = [join(ROOT, 'nixos/backup/nightly'), half]
    this.pings.requests.length = 0
    const ended = await this.run(
      [join(ROOT, 'nixos/watch/job'), job, '--ping', ping, '--', ...nightly],
      this.environment(),
    )
    const pings = this.pings.pings(`/${job}`).map((path) => path.slice(job.length + 1) || 'ok')
    return { ...ended, pings }
  }

  /**
   * A whole night: like on the host, the second half comes whatever became of the first, unless the host
   * itself went.
   */
  async night(): Promise<{ local: Went; offsite: Went | undefined }> {
    const local = await this.half('local')
    return { local, offsite: local.signal ? undefined : await this.half('offsite') }
  }

  /** Runs a command; the servers of this process answer meanwhile. */
  run(command: string[], env: NodeJS.ProcessEnv): Promise<Omit<Went, 'pings'>> {
    const [program = '', ...args] = command
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env, detached: true, timeout: 60_000 })
      writeFileSync(this.hostFile, String(child.pid))
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString()
        })
      child.once('error', reject)
      child.once('close', (code, signal) => {
        const said = output.trim().split('\n').at(-1) ?? ''
        resolve({ code, signal, output, said })
      })
    })
  }

  /** Ends the running night like a power loss. */
  kill(): void {
    // By the session: timeout gives what it starts a process group of its own.
    spawnSync('pkill', ['-KILL', '-s', readFileSync(this.hostFile, 'utf8')])
  }

  /** rclone with the host's remote, or with another key. */
  async rclone(args: string[], env: Record<string, string> = {}): Promise<Omit<Went, 'pings'>> {
    const script = `set -euo pipefail; source ${join(ROOT, 'nixos/backup/remote.bash')}; exec rclone --low-level-retries 2 --retries 1 "$@"`
    return this.run(['bash', '-c', script, 'rclone', ...args], { ...this.environment(), ...env })
  }

  /** Sets on the disk that have their list of contents, oldest first. */
  setsHere(): string[] {
    if (!existsSync(this.sets)) return []
    return readdirSync(this.sets)
      .filter((name) => /^\d{8}T\d{6}Z$/.test(name))
      .filter((name) => existsSync(join(this.sets, name, 'SHA256SUMS')))
      .sort()
  }

  /** Everything else that lies where sets are. */
  leftovers(): string[] {
    if (!existsSync(this.sets)) return []
    const whole = this.setsHere()
    return readdirSync(this.sets).filter((name) => !whole.includes(name))
  }

  /** Sets off-site that have their list of contents, oldest first. */
  setsOffsite(): string[] {
    return this.b2.names().flatMap((name) => /^sets\/(\w+)\/SHA256SUMS/.exec(name)?.[1] ?? [])
  }

  manifest(stamp: string): Manifest {
    return JSON.parse(readFileSync(join(this.sets, stamp, 'manifest.json'), 'utf8'))
  }

  /** A fact for the status page; undefined before the first. */
  fact(name: string): Record<string, unknown> | undefined {
    const path = join(this.state, 'backup', `${name}.json`)
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
  }

  /** What is wrong with the sets on the disk: each file that a list names has to have its checksum. */
  damagedHere(): string[] {
    return this.setsHere().flatMap((stamp) =>
      readFileSync(join(this.sets, stamp, 'SHA256SUMS'), 'utf8')
        .trim()
        .split('\n')
        .filter((line) => {
          const [sum, name = ''] = line.split(/ [ *]/)
          const path = join(this.sets, stamp, name)
          return !existsSync(path) || sha256(readFileSync(path)) !== sum
        })
        .map((line) => `${stamp} ${line.slice(66)}`),
    )
  }

  /**
   * What is wrong with the sets off-site: everything is downloaded and decrypted, and each set that has a
   * list of contents is compared with it.
   */
  async damagedOffsite(): Promise<string[]> {
    const copy = join(this.folder, 'downloaded')
    rmSync(copy, { recursive: true, force: true })
    mkdirSync(copy)
    const sets = this.setsOffsite()
    // What is no set may be anything.
    const only = sets.map((stamp) => `--include=/${stamp}/**`)
    if (only.length === 0) return []
    const got = await this.rclone(['copy', ...only, 'offsite:sets', copy])
    const damaged = sets.flatMap((stamp) => {
      const checked = spawnSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], {
        cwd: join(copy, stamp),
        encoding: 'utf8',
      })
      return checked.status === 0 ? [] : [`${stamp} ${checked.stdout}${checked.stderr}`]
    })
    return got.code === 0 || damaged.length > 0 ? damaged : [`download: ${got.said}`]
  }

  /** Loads a dump into a database of its own, as a restore would, and counts its orders. */
  loads(dump: string): number {
    this.database.sql('DROP DATABASE IF EXISTS rr_loaded')
    this.database.sql('CREATE DATABASE rr_loaded')
    // Version 17 sends version 16 a setting that it does not know.
    const sql = spawnSync(join(NEWER_PROGRAMS, 'pg_restore'), ['--file=-', dump], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 ** 2,
    })
    if (sql.status !== 0) throw new Error(sql.stderr)
    const text = sql.stdout.replace('SET transaction_timeout = 0;\n', '')
    const loaded = spawnSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-1', '-d', 'rr_loaded'], {
      input: text,
      encoding: 'utf8',
      env: this.database.socketEnvironment(),
      uid,
      gid: uid,
      cwd: this.database.folder,
    })
    if (loaded.status !== 0) throw new Error(loaded.stderr)
    return Number(this.database.sql('SELECT count(*) FROM "order"', 'rr_loaded'))
  }

  /** Leaves so many bytes on the disk of backups; without a file system of its own, to a single file. */
  fillDisk(left: number): void {
    if (!this.mounted) {
      const script = `ulimit -f ${Math.ceil(left / 2048)}; trap "" XFSZ; exec "$real" "$@"`
      for (const program of ['pg_dump', 'tar', 'zstd']) this.instead(program, script)
      const asked = join(this.folder, 'asked')
      rmSync(asked, { force: true })
      this.instead('df', `[[ -e ${asked} ]] && echo 4096 || echo 1073741824; touch ${asked}`)
      return
    }
    const filler = join(this.backups, 'filler')
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64K'], { stdio: 'ignore' })
    const { size } = statSync(filler)
    spawnSync('truncate', ['-s', String(Math.max(0, size - left)), filler])
  }

  /** A disk of 16 MiB for backups, where this machine lets us have one. */
  private mount(): void {
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', this.backups])
    this.mounted = status === 0
  }

  get hasOwnDisk(): boolean {
    return this.mounted
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
