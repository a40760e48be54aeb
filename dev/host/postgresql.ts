import {
  type ChildProcess,
  execFileSync,
  type SpawnSyncReturns,
  spawn,
  spawnSync,
} from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { programs, uid } from '../shop/postgresql.ts'
import { type HostFacts, ROOT } from './nix.ts'

/** The user that runs the server here; the server takes it for postgres. */
const id = uid ?? process.getuid?.() ?? 0

/** A settings file as NixOS writes it: strings quoted, switches as on and off. */
function settingsFile(settings: HostFacts['postgresql']): string {
  const value = (each: string | number | boolean) =>
    typeof each === 'boolean' ? (each ? 'on' : 'off') : `'${String(each).replaceAll("'", "''")}'`
  return Object.entries(settings)
    .map(([name, each]) => `${name} = ${value(each)}\n`)
    .join('')
}

/**
 * PostgreSQL 16 with the host's declared settings and pg_hba, on a port of its own. Peer
 * authentication is real: the server sees a passwd file in which our user is called postgres.
 */
export class DeclaredPostgresql {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-postgresql-'))
  readonly port: number
  private readonly host: HostFacts
  private readonly archiveCommand: string
  private child: ChildProcess | undefined

  /** @param archiveCommand the host's own is a program of NixOS; without one here, WAL is thrown away */
  constructor(port: number, host: HostFacts, archiveCommand = 'true') {
    this.port = port
    this.host = host
    this.archiveCommand = archiveCommand
  }

  private run(command: string[]): void {
    const [program = '', ...args] = command
    execFileSync(program, args, {
      cwd: this.folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      uid,
      gid: uid,
      timeout: 60_000,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  }

  /** Starts it; nothing is done when it runs. */
  async start(): Promise<void> {
    const { child } = this
    if (child && child.exitCode === null && child.signalCode === null) return
    const data = join(this.folder, 'data')
    if (!existsSync(data)) this.make(data)
    await this.serve(data)
  }

  private make(data: string): void {
    chmodSync(this.folder, 0o755)
    if (uid !== undefined) chownSync(this.folder, uid, uid)
    // As NixOS makes a cluster: peer for the socket, and the files below instead of initdb's.
    const initdb = [join(programs(), 'initdb'), '--no-sync', '-D', data]
    this.run([...initdb, '-U', 'postgres', '--encoding=UTF8'])
    writeFileSync(join(this.folder, 'pg_hba.conf'), this.host.authentication)
    writeFileSync(
      join(data, 'postgresql.conf'),
      settingsFile({
        ...this.host.postgresql,
        archive_command: this.archiveCommand,
        port: this.port,
        listen_addresses: 'localhost',
        unix_socket_directories: this.folder,
        hba_file: join(this.folder, 'pg_hba.conf'),
      }),
    )
    writeFileSync(join(this.folder, 'passwd'), `postgres:x:${id}:${id}::/:/bin/sh\n`)
  }

  private async serve(data: string): Promise<void> {
    const server = [join(programs(), 'postgres'), '-D', data]
    const inside = `mount --bind ${this.folder}/passwd /etc/passwd && exec "$@"`
    const command =
      uid === undefined
        ? ['unshare', '--user', `--map-user=${id}`, '--keep-caps', '--mount', 'sh', '-c', inside]
        : ['unshare', '--mount', 'sh', '-c', inside]
    const drop =
      uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
    const [program = '', ...args] = [...command, 'sh', ...drop, ...server]
    // A file: a pipe that nobody empties while a test waits for a script would stop the server.
    const log = openSync(this.logFile, 'w')
    this.child = spawn(program, args, {
      cwd: this.folder,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
      stdio: ['ignore', 'ignore', log],
    })
    closeSync(log)
    for (let tries = 0; tries < 1_200; tries++) {
      if (this.child.exitCode !== null) throw new Error(`PostgreSQL ended:\n${this.logged()}`)
      if (this.logged().includes('ready to accept connections')) return
      await delay(50)
    }
    throw new Error(`PostgreSQL is not ready after 60 s:\n${this.logged()}`)
  }

  private get logFile(): string {
    return join(this.folder, 'log')
  }

  /** Everything that the server has logged since its start. */
  logged(): string {
    return readFileSync(this.logFile, 'utf8')
  }

  /** Environment of a program that comes over the socket as the system's user postgres. */
  socketEnvironment(): NodeJS.ProcessEnv {
    return { ...process.env, PGHOST: this.folder, PGPORT: String(this.port), PGUSER: 'postgres' }
  }

  /** What rr-database.service runs, with the credential that systemd would give it. */
  setOwner(databaseUrl: string): SpawnSyncReturns<string> {
    // A copy that the server's user can read, wherever the repository lies.
    const script = join(this.folder, 'set-owner')
    copyFileSync(join(ROOT, 'nixos/postgresql/set-owner'), script)
    return spawnSync('bash', [script], {
      encoding: 'utf8',
      env: {
        ...this.socketEnvironment(),
        CREDENTIALS_DIRECTORY: credentials(this.folder, 'database-url', `${databaseUrl}\n`),
      },
      uid,
      gid: uid,
      cwd: this.folder,
      timeout: 30_000,
    })
  }

  /** Runs SQL as the system's user postgres; gives unaligned rows. */
  sql(text: string, database = 'postgres'): string {
    return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', text], {
      encoding: 'utf8',
      env: this.socketEnvironment(),
      uid,
      gid: uid,
      cwd: this.folder,
      timeout: 20_000,
    }).trim()
  }

  /** Ends it as a power loss would; the folder stays for the next start. */
  async kill(): Promise<void> {
    await this.end('SIGQUIT')
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await new Promise((resolve) => child.once('exit', resolve))
  }

  async stop(): Promise<void> {
    await this.end('SIGINT')
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A folder that only the given services' credentials would be in, as systemd hands them over. */
export function credentials(folder: string, name: string, text: string): string {
  const path = join(folder, 'credentials')
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, name), text)
  return path
}
