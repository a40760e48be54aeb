import {
  type ChildProcess,
  execFileSync,
  type SpawnSyncReturns,
  spawn,
  spawnSync,
} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ROOT } from '../host/nix.ts'

/** What the host's programs call, as Debian has it. */
const PACKAGES = [
  'ca-certificates',
  'curl',
  'docker.io',
  'gawk',
  'jq',
  'openssl',
  'postgresql-15',
  'rclone',
  'redis-server',
  'zstd',
]

/** Kept between runs: it takes minutes to make. */
const DEBIAN = join(ROOT, '.data/boot/debian')

/** A boot takes seconds; on a busy machine more of them. */
const BOOT_SECONDS = 120

/** Makes the tree that machines boot from, once. It needs root, debootstrap and a mirror of Debian. */
export function provideDebian(): void {
  if (existsSync(DEBIAN)) return
  mkdirSync(dirname(DEBIAN), { recursive: true })
  execFileSync(join(import.meta.dirname, 'debian-tree'), [DEBIAN, ...PACKAGES], {
    timeout: 1_500_000,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

/** How a command in the machine ended. */
export interface Ended {
  code: number | null
  output: string
}

/**
 * A machine with systemd as its first process, in a network of its own (systemd-nspawn). Its disk lies over
 * the tree above and outlives a boot; what is written to it before the first one is the machine as installed.
 */
export class Machine {
  private readonly folder = mkdtempSync(join(tmpdir(), 'rr-machine-'))
  /** The disk, as it is seen from here. */
  readonly disk = join(this.folder, 'disk')
  private nspawn: ChildProcess | undefined
  private first = 0
  private console = ''

  constructor() {
    for (const name of ['disk', 'changes', 'work']) mkdirSync(join(this.folder, name))
    const layers = `lowerdir=${DEBIAN},upperdir=${this.folder}/changes,workdir=${this.folder}/work`
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, this.disk])
  }

  /** Writes a file of the machine that does not run yet. */
  write(path: string, text: string, mode = 0o644): void {
    const file = join(this.disk, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    chmodSync(file, mode)
  }

  link(path: string, target: string): void {
    const file = join(this.disk, path)
    mkdirSync(dirname(file), { recursive: true })
    rmSync(file, { force: true })
    symlinkSync(target, file)
  }

  /** Runs a command in the tree of a machine that does not run. */
  chroot(...command: string[]): string {
    return execFileSync('chroot', [this.disk, ...command], { encoding: 'utf8', timeout: 60_000 })
  }

  /**
   * Boots it, and waits until systemd has started all that is wanted.
   * @returns systemd's own word for how that went: "running", or "degraded" when a unit has failed
   */
  async boot(): Promise<string> {
    const options = ['--boot', '--register=no', '--keep-unit', '--private-network']
    const sandbox = ['--console=pipe', '--capability=all', '--system-call-filter=@known', '--quiet']
    this.console = ''
    this.nspawn = spawn('systemd-nspawn', ['-D', this.disk, ...options, ...sandbox], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.nspawn.stdout, this.nspawn.stderr])
      stream?.on('data', (chunk) => {
        this.console += chunk
      })
    const until = Date.now() + BOOT_SECONDS * 1_000
    while (Date.now() < until) {
      if (this.nspawn.exitCode !== null) throw new Error(`the machine has ended:\n${this.console}`)
      await delay(250)
      this.first = this.firstProcess()
      const state = this.first ? this.run('systemctl', 'is-system-running').output.trim() : ''
      if (/^(running|degraded)$/.test(state)) return state
    }
    throw new Error(`the machine is not up after ${BOOT_SECONDS} s:\n${this.console}`)
  }

  /** The machine's process 1, by its number out here; 0 while there is none. */
  private firstProcess(): number {
    const pid = this.nspawn?.pid ?? 0
    const children = `/proc/${pid}/task/${pid}/children`
    return Number(readFileSync(children, 'utf8').trim().split(' ')[0] ?? 0)
  }

  /** Words before a command that runs it in the machine. */
  get inside(): string[] {
    return ['nsenter', '-t', String(this.first), '-m', '-p', '-n', '-u', '-i', '--']
  }

  /** Words before a command of this machine's that shall be in the other's network. */
  get inNetwork(): string[] {
    return ['nsenter', '-t', String(this.first), '-n', '--']
  }

  /** Runs a command in the machine, whatever it ends with. */
  run(...command: string[]): Ended {
    return this.feed('', ...command)
  }

  /** The same, with standard input. */
  feed(input: string, ...command: string[]): Ended {
    const [program = '', ...args] = [...this.inside, ...command]
    const done: SpawnSyncReturns<string> = spawnSync(program, args, {
      encoding: 'utf8',
      input,
      timeout: 280_000,
      cwd: '/',
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
    })
    return { code: done.status, output: `${done.stdout}${done.stderr}` }
  }

  /** Runs a command that has to go well; gives what it said. */
  succeed(...command: string[]): string {
    const { code, output } = this.run(...command)
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`)
    return output
  }

  /** Starts a unit and waits for its end, if it has one; gives systemd's result and what it wrote. */
  start(unit: string): { result: string; journal: string } {
    this.run('systemctl', 'start', unit)
    const result = this.succeed('systemctl', 'show', '--property=Result', '--value', unit).trim()
    return { result, journal: this.journal(unit) }
  }

  journal(unit: string): string {
    return this.succeed('journalctl', '--no-pager', '--output=cat', '--unit', unit)
  }

  /** Ends it as a power loss would; the disk stays. */
  async kill(): Promise<void> {
    const { nspawn } = this
    if (!nspawn || nspawn.exitCode !== null || nspawn.signalCode !== null) return
    nspawn.kill('SIGKILL')
    await new Promise((resolve) => nspawn.once('exit', resolve))
  }

  /** Ends it and takes its disk away. */
  async remove(): Promise<void> {
    await this.kill()
    for (let tries = 0; tries < 40; tries++) {
      // Processes of the machine end a moment after their first one.
      if (spawnSync('umount', [this.disk]).status === 0) break
      await delay(250)
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
