import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Variables } from './settings.ts'
import { Problem } from './steps.ts'

/** How a process is started. */
export interface Definition {
  name: string
  command: string[]
  cwd: string
  env: Variables
  /** User to run as, where the program refuses root. */
  uid?: number
  /** Signal for a clean end; PostgreSQL ends its sessions at SIGINT. */
  stopSignal?: NodeJS.Signals
  /** A store ends after everything that uses it. */
  store?: boolean
}

interface Running {
  child: ChildProcess
  definition: Definition
}

/** An asked process ends within this time by itself; then it is killed. All fits into 10 s. */
const STOP_MS = 6_000
const STORE_STOP_MS = 3_000

/** Of a failed program its reader wants the end. */
const TAIL_LINES = 15

/** What the supervisor tells its owner. */
export interface Listener {
  line(name: string, line: string): void
  /** The set of running processes has changed. */
  changed(processes: { name: string; pid: number }[]): void
  /** A process ended that nobody asked to end. */
  lost(name: string, how: string): void
}

/** The processes of one shop: none is left behind. */
export class Supervisor {
  private readonly running = new Map<string, Running>()
  private readonly asked = new Set<string>()
  private readonly listener: Listener

  constructor(listener: Listener) {
    this.listener = listener
  }

  /** Starts one process that runs until it is ended. */
  start(definition: Definition): void {
    const { name } = definition
    if (this.running.has(name)) return
    this.spawn(
      definition,
      (line) => this.listener.line(name, line),
      (how) => {
        if (!this.asked.has(name)) this.listener.lost(name, how)
      },
    )
  }

  /**
   * Runs a program to its end, under the same care.
   * @throws Problem with its last lines when it fails
   */
  run(definition: Definition): Promise<void> {
    const lines: string[] = []
    return new Promise((resolve, reject) => {
      this.spawn(
        definition,
        (line) => {
          lines.push(line)
          if (lines.length > TAIL_LINES) lines.shift()
        },
        (how) => {
          if (how === 'exit code 0') resolve()
          else reject(new Problem(`${definition.name}: ${how}\n${lines.join('\n')}`))
        },
      )
    })
  }

  /** A session of its own: the terminal's Ctrl-C reaches only us, and a signal all its children. */
  private spawn(
    definition: Definition,
    line: (line: string) => void,
    ended: (how: string) => void,
  ): void {
    const { name, cwd, env, uid } = definition
    const [program = '', ...args] = definition.command
    this.asked.delete(name)
    const child = spawn(program, args, {
      cwd,
      env,
      uid,
      gid: uid,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.running.set(name, { child, definition })
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', line)
    const once = (how: string) => {
      if (!this.running.delete(name)) return
      this.tell()
      ended(how)
    }
    // "close" comes after the last line, "exit" may come before it.
    child.once('close', (code, signal) => once(signal ?? `exit code ${code}`))
    child.once('error', (error) => once(error.message))
    this.tell()
  }

  /** Whether a process of this name runs. */
  has(name: string): boolean {
    return this.running.has(name)
  }

  /** Names of all that run, in the order of their start. */
  names(): string[] {
    return [...this.running.keys()]
  }

  /** Sends a signal to a process and all its children, and waits for its end. */
  async end(name: string, signal?: NodeJS.Signals): Promise<void> {
    const entry = this.running.get(name)
    if (!entry) return
    this.asked.add(name)
    const { child, definition } = entry
    signalGroup(child.pid, signal ?? definition.stopSignal ?? 'SIGTERM')
    const until = Date.now() + (definition.store ? STORE_STOP_MS : STOP_MS)
    while (groupLives(child.pid) && Date.now() < until) await delay(50)
    signalGroup(child.pid, 'SIGKILL')
    while (this.running.has(name)) await delay(20)
  }

  /** Ends all, the stores last; may be called twice. */
  async endAll(): Promise<void> {
    const entries = [...this.running.values()]
    const names = (store: boolean) =>
      entries.filter((e) => (e.definition.store ?? false) === store).map((e) => e.definition.name)
    for (const name of this.names()) this.asked.add(name)
    await Promise.all(names(false).map((name) => this.end(name)))
    await Promise.all(names(true).map((name) => this.end(name)))
  }

  private tell(): void {
    const entries = [...this.running].flatMap(([name, { child }]) =>
      child.pid === undefined ? [] : [{ name, pid: child.pid }],
    )
    this.listener.changed(entries)
  }
}

/** Signals a process group; gives false when it has ended. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false
  try {
    process.kill(-pid, signal)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

function groupLives(pid: number | undefined): boolean {
  return signalGroup(pid, 0)
}
