import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { DATA } from './settings.ts'

/** Each program's output goes to a file of its own here. */
export const LOGS = join(DATA, 'log')

/** Programs beside the host's own units: the registry, BTCPay, sshd. */
export class Programs {
  private readonly running = new Map<string, ChildProcess>()

  start(name: string, program: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
    const log = openSync(join(LOGS, `${name}.log`), 'a')
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env, PATH: `/usr/sbin:${process.env.PATH}` },
    })
    this.running.set(name, child)
  }

  async end(name: string): Promise<void> {
    const child = this.running.get(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
  }

  async endAll(): Promise<void> {
    for (const name of this.running.keys()) await this.end(name)
  }
}
