import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeclaredCaddy, DOMAIN } from '../host/caddy.ts'
import { hostFacts, ROOT } from '../host/nix.ts'
import { containerUnits, writeUnits } from '../rehearsal/units.ts'

export type App = 'medusa' | 'storefront'

/** What is wrong with a release. */
export type Behaviour =
  | 'good'
  | 'dies'
  | 'never-ready'
  | 'other-build'
  | 'answers-500'
  | 'dies-later'
  | 'migration-fails'
  | 'migration-hangs'

/** How a call of rr-deploy ended. */
export interface Result {
  code: number | null
  output: string
  seconds: number
}

const REGISTRY = 'ghcr.io/scientific-oops/rr-bizops'

/** A host on which the real deploy scripts and the real Caddy run, and Docker and systemd are stand-ins. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-world-'))
  readonly state = join(this.folder, 'state')
  readonly caddy: DeclaredCaddy
  private readonly docker = join(this.folder, 'docker')
  private readonly base: number
  private env: NodeJS.ProcessEnv = {}

  /** @param base first of thirty free ports */
  constructor(base: number) {
    this.base = base
    this.caddy = new DeclaredCaddy(base)
  }

  async start(): Promise<void> {
    const facts = hostFacts('tests/hosts/tested.nix')
    const ports = {
      medusa: { blue: this.base + 10, green: this.base + 11, worker: this.base + 12 },
      storefront: { blue: this.base + 13, green: this.base + 14 },
    }
    const apps = JSON.parse(facts.etc['rr-bizops/apps.json'] ?? '')
    apps.domain = DOMAIN
    for (const app of ['medusa', 'storefront'] as const) apps[app].ports = ports[app]
    for (const name of ['active', 'deploy']) mkdirSync(join(this.state, name), { recursive: true })
    for (const name of ['bin', 'secrets']) mkdirSync(join(this.folder, name))
    for (const name of ['images', 'registry', 'containers'])
      mkdirSync(join(this.docker, name), { recursive: true })
    writeFileSync(join(this.folder, 'apps.json'), JSON.stringify(apps))
    writeFileSync(
      join(this.folder, 'secrets/medusa.env'),
      'MEDUSA_PUBLISHABLE_KEY=pk_test\nREVALIDATE_SECRET=secret-of-a-test\n',
    )
    writeFileSync(
      join(this.folder, 'secrets/database-url'),
      'postgres://medusa:secret@127.0.0.1:5432/research-relay\n',
    )
    writeFileSync(join(this.folder, '.env'), '')
    symlinkSync(join(ROOT, 'dev/deploy/fake-docker'), join(this.folder, 'bin/docker'))
    symlinkSync(join(ROOT, 'dev/rehearsal/systemctl'), join(this.folder, 'bin/systemctl'))
    this.program(
      'pg_dump',
      `for a; do case $a in --file=*) echo dump >"\${a#--file=}";; esac; done`,
    )
    this.program('pg_restore', 'exit 0')
    const replace = (text: string) =>
      text
        .replaceAll('/var/lib/rr-bizops', this.state)
        .replaceAll('/run/rr-bizops', join(this.folder, 'secrets'))
        .replaceAll('/etc/rr-bizops/.env', join(this.folder, '.env'))
        .replaceAll(/PORT=9000$/g, `PORT=${ports.medusa.blue}`)
        .replaceAll(/PORT=9010$/g, `PORT=${ports.medusa.green}`)
        .replaceAll(/PORT=9001$/g, `PORT=${ports.medusa.worker}`)
        .replaceAll('127.0.0.1:8000:', `127.0.0.1:${ports.storefront.blue}:`)
        .replaceAll('127.0.0.1:8010:', `127.0.0.1:${ports.storefront.green}:`)
    this.env = {
      ...process.env,
      PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`,
      RR_STATE: this.state,
      RR_SECRETS: join(this.folder, 'secrets'),
      RR_APPS: join(this.folder, 'apps.json'),
      RR_UNITS: join(this.folder, 'units'),
      RR_FAKE_DOCKER: this.docker,
      RR_HTTPS_PORT: String(this.caddy.ports.https),
      RR_CURL_OPTIONS: '--insecure',
      RR_READY_SECONDS: '8',
      RR_WATCH_SECONDS: '4',
      RR_WARM_SECONDS: '1',
      RR_MIGRATE_SECONDS: '5',
      RR_LOCK_SECONDS: '60',
      RR_BY: 'a test',
    }
    this.caddy.useState(this.state)
    const slots = Object.entries(containerUnits(facts, replace))
    writeUnits(join(this.folder, 'units'), {
      // Sooner than on the host, so that a release that dies is seen to die.
      ...Object.fromEntries(slots.map(([name, unit]) => [name, { ...unit, restartSeconds: 1 }])),
      caddy: { ...this.caddy.unit(), restartSeconds: 1 },
    })
    this.boot()
    await this.systemctl('start', 'caddy')
    await this.caddy.serves()
  }

  /** What happens at a boot before and with the units. */
  boot(): void {
    const done = this.run(['boot'])
    if (done.code !== 0) throw new Error(done.output)
    for (const name of ['medusa-server-blue', 'medusa-server-green', 'medusa-worker'])
      this.systemctl('start', `docker-${name}`)
    for (const name of ['storefront-blue', 'storefront-green'])
      this.systemctl('start', `docker-${name}`)
  }

  private program(name: string, text: string): void {
    const path = join(this.folder, 'bin', name)
    writeFileSync(path, `#!/bin/bash\n${text}\n`)
    chmodSync(path, 0o755)
  }

  systemctl(...words: string[]) {
    return spawnSync('systemctl', words, { env: this.env, encoding: 'utf8', timeout: 60_000 })
  }

  /** Puts a release into the registry; gives its SHA. */
  publish(app: App, behaviour: Behaviour = 'good', migrations: string[] = ['first']): string {
    const sha = randomBytes(20).toString('hex')
    const migrated = migrations.join(',').replaceAll(' ', '=')
    const file = `${REGISTRY}/${app}:${sha}`.replaceAll('/', '%')
    writeFileSync(join(this.docker, 'registry', file), `${app} ${sha} ${behaviour} ${migrated}\n`)
    return sha
  }

  /** The registry is away: nothing can be pulled. */
  closeRegistry(): void {
    for (const file of readdirSync(join(this.docker, 'registry')))
      rmSync(join(this.docker, 'registry', file))
  }

  /** What `docker system prune --all` leaves: nothing that no container uses. */
  prune(): void {
    for (const tag of this.images())
      if (!/:(blue|green|worker)$/.test(tag))
        rmSync(join(this.docker, 'images', tag.replaceAll('/', '%')))
  }

  images(): string[] {
    return readdirSync(join(this.docker, 'images')).map((file) => file.replaceAll('%', '/'))
  }

  /** Runs rr-deploy to its end. */
  run(words: string[], options: { input?: string; env?: NodeJS.ProcessEnv } = {}): Result {
    const began = Date.now()
    const done = spawnSync(join(ROOT, 'nixos/deploy/rr-deploy'), words, {
      env: { ...this.env, ...options.env },
      encoding: 'utf8',
      input: options.input ?? '',
      timeout: 120_000,
    })
    return {
      code: done.status,
      output: `${done.stdout}${done.stderr}`,
      seconds: (Date.now() - began) / 1000,
    }
  }

  /** Starts rr-deploy and gives its process, for tests that end it. */
  begin(words: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(join(ROOT, 'nixos/deploy/rr-deploy'), words, {
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  }

  status(): { apps: Record<App, Record<string, string | string[] | null>>; lock: string | null } {
    return JSON.parse(
      spawnSync(join(ROOT, 'nixos/deploy/rr-deploy'), ['status', '--json'], {
        env: this.env,
        encoding: 'utf8',
      }).stdout,
    )
  }

  /** Which release answers a visitor. */
  async served(app: App): Promise<string | undefined> {
    const host = app === 'medusa' ? `api.${DOMAIN}` : DOMAIN
    const answer = await this.caddy.get(host, app === 'medusa' ? '/health' : '/eu/served')
    return answer.headers['x-release'] as string | undefined
  }

  async stop(): Promise<void> {
    this.systemctl('stop', '*')
    await this.caddy.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
