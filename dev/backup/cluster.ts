import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { hostFacts, ROOT } from '../host/nix.ts'
import { DeclaredPostgresql } from '../host/postgresql.ts'
import { NEWER_PROGRAMS } from '../host/tools.ts'
import { programs, uid } from '../shop/postgresql.ts'

export const LIVE = 'research-relay'
/** The containers' user, who owns the product files. */
export const SHOP_UID = 1000

const facts = hostFacts('tests/hosts/tested.nix')

/** How a script ended. */
export interface Result {
  code: number | null
  output: string
  seconds: number
}

/**
 * PostgreSQL's client programs for the server of version 16: those of version 17 send each server a setting
 * that only 17 knows, and its place is taken by one of the same length.
 */
function clientPrograms(folder: string): string {
  const bin = join(folder, 'bin')
  const patched = join(folder, 'pg_restore')
  mkdirSync(bin)
  const script = readFileSync(join(NEWER_PROGRAMS, 'pg_restore'), 'utf8')
  const [, original = ''] = /(\S+\/pg_restore) "\$@"/.exec(script) ?? []
  const text = readFileSync(original, 'latin1')
  const known = text.replace('SET transaction_timeout = 0;', 'SET statement_timeout   = 0;')
  writeFileSync(patched, known, 'latin1')
  chmodSync(patched, 0o755)
  writeFileSync(join(bin, 'pg_restore'), script.replace(original, patched))
  for (const name of ['initdb', 'pg_ctl', 'postgres'])
    writeFileSync(join(bin, name), `#!/bin/sh\nexec ${programs()}/${name} "$@"\n`)
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755)
  return bin
}

/** A folder below the system's own that every user may enter. */
export function openFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), name))
  chmodSync(folder, 0o755)
  return folder
}

/** The environment in which scripts find the programs above, and run the server's part as its user. */
export function programEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: `${clientPrograms(folder)}:${NEWER_PROGRAMS}:${process.env.PATH}`,
    RR_POSTGRES_USER: uid === undefined ? '' : 'nobody',
    LC_ALL: 'C.UTF-8',
  }
}

/** The host's PostgreSQL with archived WAL, the scripts of nixos/backup, and a folder that is the off-site place. */
export class Cluster {
  readonly folder = openFolder('rr-backup-')
  readonly state = join(this.folder, 'state')
  readonly remote = join(this.folder, 'remote')
  readonly server: DeclaredPostgresql
  readonly env: NodeJS.ProcessEnv
  private readonly scripts = join(this.folder, 'nixos')
  private client: pg.Client | undefined

  /** @param port a free one; `settings` replace the host's own */
  constructor(port: number, settings: Record<string, string | number> = {}) {
    this.env = {
      ...programEnvironment(this.folder),
      RR_STATE: this.state,
      RR_BACKUPS: join(this.folder, 'backups'),
      RR_SECRETS: join(this.folder, 'secrets'),
      RR_ENV_FILE: join(this.folder, '.env'),
      RR_FLOOR_BYTES: '1',
      // What B2 itself does is another test's: here a folder is the bucket, encrypted as there.
      RR_RCLONE_TYPE: 'local',
      B2_BUCKET: this.remote,
      B2_KEY_ID: 'id',
      B2_APPLICATION_KEY: 'key',
      BACKUP_PASSPHRASE: 'a passphrase',
    }
    cpSync(join(ROOT, 'nixos'), this.scripts, { recursive: true })
    mkdirSync(this.remote)
    mkdirSync(join(this.folder, 'secrets'))
    writeFileSync(join(this.folder, '.env'), 'BACKUP_PASSPHRASE=a passphrase\nJWT_SECRET=1\n')
    for (const name of ['wal', 'backup', 'active', 'ways', 'uploads', 'deploy/migrations'])
      mkdirSync(join(this.state, name), { recursive: true })
    if (uid !== undefined) chownSync(join(this.state, 'wal'), uid, uid)
    const host = {
      ...facts,
      postgresql: { ...facts.postgresql, shared_buffers: '128MB', ...settings },
    }
    this.server = new DeclaredPostgresql(port, host, this.archiveCommand())
    this.env.PGHOST = this.server.folder
    this.env.PGPORT = String(port)
    this.env.PGUSER = 'postgres'
    this.share()
  }

  /** Where the database is, as rr-secrets gives it to the scripts. */
  get url(): string {
    return `postgres://medusa:secret@127.0.0.1:${this.server.port}/${LIVE}`
  }

  share(): void {
    writeFileSync(join(this.folder, 'secrets/database-url'), `${this.url}\n`)
  }

  /** What rr-database does after each boot. */
  setOwner(): void {
    const { status, stderr } = this.server.setOwner(this.url)
    if (status !== 0) throw new Error(stderr)
  }

  private archiveCommand(): string {
    const passed = ['RR_STATE', 'RR_FLOOR_BYTES', 'RR_SPOOL_BYTES'].map(
      (name) => `${name}="${this.env[name] ?? ''}"`,
    )
    return `${passed.join(' ')} ${join(this.scripts, 'backup/archive-wal')} %p %f`
  }

  /** Starts the server, makes role and database, and fills it with a shop of so many orders. */
  async start(orders: number): Promise<void> {
    await this.startAnew()
    if (orders > 0) {
      this.file('restore-schema.sql')
      this.order(1, orders)
    }
  }

  /** Starts the server, on a new cluster if its folder is gone, with role and empty database. */
  async startAnew(): Promise<void> {
    this.client = undefined
    mkdirSync(join(this.state, 'wal'), { recursive: true })
    if (uid !== undefined) chownSync(join(this.state, 'wal'), uid, uid)
    await this.server.start()
    this.setOwner()
  }

  /** Makes orders with these numbers, one a minute up to `newest`. */
  order(first: number, last: number, newest = 'now'): void {
    this.file('restore-orders.sql', [`first=${first}`, `last=${last}`, `newest=${newest}`])
  }

  private file(name: string, values: string[] = []): void {
    const options = values.flatMap((each) => ['-v', each])
    execFileSync('psql', ['-Xq', '-v', 'ON_ERROR_STOP=1', '-d', LIVE, ...options], {
      input: readFileSync(join(import.meta.dirname, name)),
      // As on the host, the tables are the shop's own role's.
      env: { ...this.env, ...(name === 'restore-schema.sql' && { PGOPTIONS: '-c role=medusa' }) },
      uid,
      gid: uid,
      cwd: this.folder,
      timeout: 90_000,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
  }

  sql(text: string, database = 'postgres'): string {
    return this.server.sql(text, database)
  }

  orders(database = LIVE): number {
    return Number(this.sql('SELECT count(*) FROM "order"', database))
  }

  databases(): string[] {
    return this.sql(
      "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1",
    ).split('\n')
  }

  /** Runs a script of nixos/backup to its end. */
  run(words: string[], env: NodeJS.ProcessEnv = {}): Result {
    const began = Date.now()
    const [script = '', ...args] = words
    const done = spawnSync(join(this.scripts, 'backup', script), args, {
      env: { ...this.env, ...env },
      encoding: 'utf8',
      timeout: 240_000,
      cwd: '/',
    })
    return {
      code: done.status,
      output: `${done.stdout}${done.stderr}`,
      seconds: (Date.now() - began) / 1000,
    }
  }

  /** Runs lines of bash that source parts of nixos/backup, which is $BACKUP. */
  shell(text: string): Result {
    const began = Date.now()
    const done = spawnSync('bash', ['-euo', 'pipefail', '-c', text], {
      env: { ...this.env, BACKUP: join(this.scripts, 'backup') },
      encoding: 'utf8',
      timeout: 30_000,
      cwd: '/',
    })
    return {
      code: done.status,
      output: `${done.stdout}${done.stderr}`,
      seconds: (Date.now() - began) / 1000,
    }
  }

  /** Runs a script while this process goes on; gives its code. */
  async runBeside(words: string[], env: NodeJS.ProcessEnv = {}): Promise<number | null> {
    const child = this.begin(words, env)
    return new Promise((resolve) => child.once('exit', (code) => resolve(code)))
  }

  /** Runs one statement over a connection of its own, while this process goes on. */
  async runSql(text: string, database: string): Promise<void> {
    if (!this.client) {
      this.client = new pg.Client({
        host: '127.0.0.1',
        port: this.server.port,
        user: 'medusa',
        password: 'secret',
        database,
      })
      // A server that is killed under it is what these tests are about.
      this.client.on('error', () => undefined)
      await this.client.connect()
    }
    await this.client.query(text)
  }

  /** Starts a script and gives its process, for tests that end it or run beside it. */
  begin(words: string[], env: NodeJS.ProcessEnv = {}) {
    const [script = '', ...args] = words
    return spawn(join(this.scripts, 'backup', script), args, {
      env: { ...this.env, ...env },
      stdio: 'ignore',
      detached: true,
      cwd: '/',
    })
  }

  /** A program that stands before all others on the scripts' PATH. */
  program(name: string, text: string): NodeJS.ProcessEnv {
    const bin = mkdtempSync(join(this.folder, 'program-'))
    chmodSync(bin, 0o755)
    writeFileSync(join(bin, name), `#!/bin/bash\n${text}\n`)
    chmodSync(join(bin, name), 0o755)
    return { PATH: `${bin}:${this.env.PATH}` }
  }

  /** The cluster's identifier, below which its WAL lies. */
  system(): string {
    return this.sql('SELECT system_identifier FROM pg_control_system()')
  }

  /** Changes the environment of the running server's archive_command. */
  async archiveWith(name: string, value: string): Promise<void> {
    this.env[name] = value
    this.sql(`ALTER SYSTEM SET archive_command = '${this.archiveCommand()}'`)
    this.sql('SELECT pg_reload_conf()')
    // The archiver hears of it a moment after the server.
    await delay(500)
  }

  /** Path of the program that scripts find first. */
  real(name: string): string {
    return execFileSync('which', [name], { env: this.env, encoding: 'utf8' }).trim()
  }

  /** Text of a script of nixos/backup. */
  script(name: string): string {
    return readFileSync(join(this.scripts, 'backup', name), 'utf8')
  }

  /** A dump of the live database, as a deploy makes it. */
  dumped(): Buffer {
    return execFileSync('pg_dump', ['--format=custom', '--compress=1', LIVE], {
      env: this.env,
      uid,
      gid: uid,
      cwd: '/',
      timeout: 60_000,
      maxBuffer: 1024 ** 3,
    })
  }

  /** Somebody who stays connected to the live database. */
  connect() {
    return spawn('psql', ['-X', '-d', LIVE, '-c', 'SELECT pg_sleep(60)'], {
      env: this.env,
      uid,
      gid: uid,
      cwd: '/',
      stdio: 'ignore',
    })
  }

  /** A night as the host has it, at the moment that the stamp names: a set here and off-site, with a base backup. */
  night(stamp: string, env: NodeJS.ProcessEnv = {}): void {
    const at = stamp.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
    this.upload('flask.webp', `picture of ${stamp}`)
    const done = this.run(['nightly'], {
      RR_NOW: String(Date.parse(at) / 1000),
      RR_BACKUP_BASE: 'yes',
      ...env,
    })
    if (done.code !== 0) throw new Error(`nightly: ${done.output}`)
  }

  /** A product file, as the shop's containers write it. */
  upload(name: string, text: string): void {
    const file = join(this.state, 'uploads', name)
    writeFileSync(file, text)
    if (uid === undefined) return
    for (const path of [dirname(file), file]) chownSync(path, SHOP_UID, SHOP_UID)
  }

  /** The machine is another one: nothing of its own is left but its secrets. */
  forget(): void {
    for (const name of ['backups', 'state/wal', 'state/backup', 'state/uploads'])
      rmSync(join(this.folder, name), { recursive: true, force: true })
    this.sql(`DROP DATABASE IF EXISTS "${LIVE}" WITH (FORCE)`)
    for (const name of this.databases())
      if (name.startsWith(LIVE)) this.sql(`DROP DATABASE "${name}"`)
  }

  rclone(...words: string[]): string {
    const source = `source ${join(this.scripts, 'backup/remote.bash')}; exec rclone "$@"`
    return execFileSync('bash', ['-ec', source, 'rclone', ...words], {
      env: this.env,
      encoding: 'utf8',
      timeout: 60_000,
    })
  }

  /** A fact of the status page, such as wal.json. */
  fact(name: string): Record<string, unknown> {
    return JSON.parse(readFileSync(join(this.state, 'backup', name), 'utf8'))
  }

  /** Whether anything of a restore is left: scratch, processes' folders. */
  leftovers(): string[] {
    const work = join(this.state, 'restoring')
    return existsSync(work) ? readdirSync(work) : []
  }

  async stop(): Promise<void> {
    await this.server.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
