import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from '../host/nix.ts'

/** The scripts as the host runs them. */
export const WATCH = join(ROOT, 'nixos/watch')

/** What a script printed and how it ended. */
export interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** What a check said of one thing. */
export interface Said {
  level: string
  key: string
  text: string
}

/** What stands wrong, as `alarm list` tells it. */
export interface Alarm {
  key: string
  text: string
  since: string
  told: string | null
  gone: string | null
}

/** Everything that the host's configuration says to the watch. */
export const FACTS = {
  domain: 'research-relay.test',
  sites: ['research-relay.test'],
  apps: true,
  database: true,
  backups: true,
  redis: { sessions: 26_341, cache: 26_342 },
  disks: ['/'],
  listening: ['tcp 22'],
  overdue: { backup: 93_600, offsite: 93_600, drill: 691_200, wal: 600 },
}

/** A host's folders, secrets and commands, for one test. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-watch-'))
  readonly state = join(this.folder, 'state')
  readonly env: Record<string, string>

  constructor() {
    this.env = {
      PATH: `${this.folder}/bin:${process.env.PATH}`,
      TZ: 'UTC',
      RR_STATE: this.state,
      RR_SECRETS: join(this.folder, 'secrets'),
      RR_SPARE: join(this.folder, 'spare'),
      RR_RUN_ROOT: join(this.folder, 'run'),
      RR_SCHEMA: join(ROOT, 'nixos/secrets/schema.json'),
      RR_WATCH_FACTS: join(this.folder, 'watch.json'),
    }
    for (const name of ['state', 'secrets', 'bin', 'run']) mkdirSync(join(this.folder, name))
    this.secrets({})
    this.facts(FACTS)
    this.write('deploy/state.json', { apps: {} })
  }

  /** The host's own share of the secrets. */
  secrets(values: Record<string, string>, part = 'host'): void {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`)
    writeFileSync(join(this.folder, `secrets/${part}.env`), lines.join(''))
  }

  facts(facts: Partial<typeof FACTS>): void {
    writeFileSync(this.env.RR_WATCH_FACTS ?? '', JSON.stringify({ ...FACTS, ...facts }))
  }

  /** A command of the host that is a stand-in here. */
  command(name: string, script: string): void {
    const path = join(this.folder, 'bin', name)
    writeFileSync(path, `#!/usr/bin/env bash\n${script}\n`)
    chmodSync(path, 0o755)
  }

  /** A file of the state. */
  write(path: string, value: unknown): void {
    const full = join(this.state, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, typeof value === 'string' ? value : JSON.stringify(value))
  }

  read<T>(path: string): T {
    return JSON.parse(readFileSync(join(this.state, path), 'utf8')) as T
  }

  /** Starts a script without waiting for it. */
  start(command: string[], more: Record<string, string> = {}): ChildProcess {
    return spawn(join(WATCH, command[0] ?? ''), command.slice(1), {
      env: { ...this.env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }

  /** Runs a script to its end, while servers of this process go on answering. */
  run(command: string[], more: Record<string, string> = {}): Promise<Ended> {
    return ended(this.start(command, more))
  }

  /** What a check says. */
  async check(name: string, more: Record<string, string> = {}): Promise<Said[]> {
    const { code, stdout, stderr } = await this.run([`checks/${name}`], more)
    if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`)
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => {
        const [level = '', key = '', text = ''] = line.split('\t')
        return { level, key, text }
      })
  }

  /** What a check says of one key. */
  async level(name: string, key: string, more: Record<string, string> = {}): Promise<string> {
    const said = await this.check(name, more)
    return said.find((each) => each.key === key)?.level ?? 'nothing'
  }

  alarms(): Alarm[] {
    const { stdout } = spawnSync(join(WATCH, 'alarm'), ['list'], {
      encoding: 'utf8',
      env: this.env,
      timeout: 10_000,
    })
    return JSON.parse(stdout) as Alarm[]
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** How a process ended, with all that it said. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr }))
  })
}

/** An ISO time so many seconds ago, as the scripts write it. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z')
}
