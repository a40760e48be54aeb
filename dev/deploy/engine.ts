import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DOCKER } from '../images/engine.ts'

const PATH = `/usr/sbin:/sbin:${process.env.PATH}`

/** Whether a Docker engine of our own can run here: as root, with dockerd. */
export const canRunEngine =
  process.getuid?.() === 0 &&
  ['/usr/sbin/dockerd', '/usr/bin/dockerd'].some((path) => existsSync(path)) &&
  existsSync(DOCKER)

/** A Docker engine with nothing in it, without a bridge: its containers have the host's network or none. */
export class BareEngine {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-engine-'))
  readonly env = {
    ...process.env,
    PATH,
    DOCKER_HOST: `unix://${join(this.folder, 'docker.sock')}`,
  }
  private child: ChildProcess | undefined

  async start(): Promise<void> {
    const log = openSync(join(this.folder, 'log'), 'a')
    const at = (name: string) => join(this.folder, name)
    // In a network of its own, so that what listens there is the engine's and its containers'.
    this.child = spawn(
      'unshare',
      [
        ...['--net', 'bash', '-c', 'ip link set lo up; exec dockerd "$@"', '--'],
        ...['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')],
        ...['--host', this.env.DOCKER_HOST, '--bridge=none', '--iptables=false'],
        ...['--ip6tables=false', '--log-level=warn'],
      ],
      { stdio: ['ignore', log, log], env: this.env },
    )
    for (let tries = 0; tries < 150; tries++) {
      if (spawnSync(DOCKER, ['version'], { env: this.env, stdio: 'ignore' }).status === 0) return
      if (this.child.exitCode !== null) break
      await delay(200)
    }
    throw new Error(`no Docker engine:\n${readFileSync(join(this.folder, 'log'), 'utf8')}`)
  }

  /** The process whose network the engine's host network is. */
  get pid(): number {
    return this.child?.pid ?? 0
  }

  /** Runs the client. @throws Error when it fails */
  docker(...args: string[]): string {
    return execFileSync(DOCKER, args, {
      env: this.env,
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  }

  /** Makes an image of what shell lays out in a folder; `changes` are lines of a Dockerfile. */
  image(tag: string, layOut: string, changes: string[] = []): void {
    const root = mkdtempSync(join(this.folder, 'image-'))
    mkdirSync(join(root, 'tmp'))
    execFileSync('bash', ['-euc', layOut], { cwd: root, timeout: 60_000 })
    const archive = join(this.folder, 'image.tar')
    execFileSync('tar', ['-C', root, '-cf', archive, '.'], { timeout: 60_000 })
    this.docker('import', ...changes.flatMap((line) => ['--change', line]), archive, tag)
    rmSync(root, { recursive: true })
  }

  /** Shell for `layOut` that puts programs of this machine with their libraries into an image. */
  programs(...names: string[]): string {
    return `for name in ${names.join(' ')}; do
      program=$(realpath "$(type -P "$name")")
      for file in "$program" $(ldd "$program" | grep -oE '/[^ ]+'); do
        mkdir -p ".$(dirname "$file")"; [[ -e .$file ]] || cp -L "$file" ".$file"
      done
      mkdir -p bin; [[ -e bin/$(basename "$name") ]] || ln -s "$program" "bin/$(basename "$name")"
    done`
  }

  async stop(): Promise<void> {
    const child = this.child
    if (child && child.exitCode === null) {
      const running = spawnSync(DOCKER, ['ps', '-aq'], { env: this.env, encoding: 'utf8' })
      const names = running.stdout.split('\n').filter(Boolean)
      if (names.length > 0) spawnSync(DOCKER, ['rm', '-f', ...names], { env: this.env })
      child.kill('SIGTERM')
      await new Promise((resolve) => child.once('exit', resolve))
    }
    // Docker leaves the mount of its network behind.
    for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
      const at = line.split(' ')[1] ?? ''
      if (at.startsWith(this.folder)) spawnSync('umount', ['--lazy', at])
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
