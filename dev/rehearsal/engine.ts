import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { DOCKER } from '../images/engine.ts'
import { DATA } from './settings.ts'

const SOCKET = join(DATA, 'docker.sock')

/** A Docker engine of the rehearsal's own; images stay on the disk from run to run. */
export class Engine {
  readonly env = { ...process.env, DOCKER_HOST: `unix://${SOCKET}`, DOCKER_BUILDKIT: '1' }
  private child: ChildProcess | undefined
  private readonly weight: number

  /** @param weight the declared CPUWeight of docker.service; systemd's default is 100 */
  constructor(weight = 100) {
    this.weight = weight
  }

  async start(): Promise<void> {
    mkdirSync(DATA, { recursive: true })
    // What a killed engine leaves would keep the next from starting; on the host it is gone with /run.
    const run = join(DATA, 'exec')
    for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
      const at = line.split(' ')[1] ?? ''
      if (at.startsWith(run)) spawnSync('umount', ['--lazy', at])
    }
    for (const name of ['docker.pid', 'docker.sock', 'exec'])
      rmSync(join(DATA, name), { recursive: true, force: true })
    const log = openSync(join(DATA, 'dockerd.log'), 'a')
    this.child = spawn(
      'dockerd',
      [
        ...['--data-root', join(DATA, 'docker'), '--exec-root', join(DATA, 'exec')],
        ...['--pidfile', join(DATA, 'docker.pid'), '--host', `unix://${SOCKET}`],
        // Side by side with the stores' processes, as systemd's slices have them.
        ...['--log-level', 'warn', '--cgroup-parent', '/'],
      ],
      {
        stdio: ['ignore', log, log],
        env: { ...process.env, PATH: `/usr/sbin:${process.env.PATH}` },
      },
    )
    this.weigh(this.child.pid)
    for (let tries = 0; tries < 150; tries++) {
      if (
        await this.docker(['version']).then(
          () => true,
          () => false,
        )
      )
        return
      if (this.child.exitCode !== null) break
      await delay(200)
    }
    throw new Error(`no Docker engine: see ${join(DATA, 'dockerd.log')}`)
  }

  /** What CPUWeight= does on the host: the daemon gets its share of a busy processor, containers not. */
  private weigh(pid: number | undefined): void {
    const first = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((root) =>
      ['cpu.shares', 'cpu.weight', 'cgroup.procs'].some((file) => existsSync(join(root, file))),
    )
    if (!first || pid === undefined || this.weight === 100) return
    const group = join(first, 'rr-dockerd')
    try {
      mkdirSync(group, { recursive: true })
      if (existsSync(join(group, 'cpu.shares')))
        writeFileSync(join(group, 'cpu.shares'), String(Math.round((this.weight / 100) * 1024)))
      else writeFileSync(join(group, 'cpu.weight'), String(this.weight))
      writeFileSync(join(group, 'cgroup.procs'), String(pid))
    } catch (error) {
      console.log(`! the daemon's CPUWeight is not as on the host: ${(error as Error).message}`)
    }
  }

  /** Runs the client; gives its output. @throws Error with the last lines of a failure */
  async docker(args: string[], seconds = 120): Promise<string> {
    const { stdout } = await promisify(execFile)(DOCKER, args, {
      env: this.env,
      timeout: seconds * 1_000,
      maxBuffer: 64 * 1024 ** 2,
    })
    return stdout.trim()
  }

  /** Builds an image; its progress goes to a file. */
  async build(args: string[], log: string): Promise<void> {
    const child = spawn(DOCKER, ['build', '--progress=plain', ...args], { env: this.env })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => appendFileSync(log, chunk))
    const code = await new Promise((resolve) => child.once('close', resolve))
    if (code !== 0) throw new Error(`docker build failed: see ${log}`)
  }

  /** Ends it as a power loss does: its containers are killed with it. */
  async crash(): Promise<void> {
    const running = await this.docker(['ps', '-q']).catch(() => '')
    if (running) await this.docker(['kill', ...running.split('\n')]).catch(() => undefined)
    await this.end('SIGKILL')
    // Its helper would live on; every process of this namespace is ours.
    spawnSync('pkill', ['-KILL', 'containerd'])
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM')
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await new Promise((resolve) => child.once('exit', resolve))
  }
}
