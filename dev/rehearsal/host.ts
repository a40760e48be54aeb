import { type ChildProcess, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DeclaredCaddy, DOMAIN } from '../host/caddy.ts'
import { type HostFacts, hostFacts } from '../host/nix.ts'
import { DeclaredPostgresql } from '../host/postgresql.ts'
import { DeclaredRedis } from '../host/redis.ts'
import { DOCKER } from '../images/engine.ts'
import { ROOT } from '../shop/settings.ts'
import { Backups } from './backups.ts'
import { BTCPAY_ROOT, endBtcpay, STORE, startBtcpay } from './btcpay.ts'
import { Engine } from './engine.ts'
import { LOGS, Programs } from './programs.ts'
import { endRegistry, startRegistry } from './registry.ts'
import { type Result, run } from './run.ts'
import { Secrets } from './secrets.ts'
import {
  BTCPAY_PORT,
  CA,
  DATA,
  PATIENCE_SECONDS,
  PUBLISHABLE_KEY,
  REGISTRY,
  STAND_IN,
} from './settings.ts'
import { pipelineSecrets, startSshd } from './ssh.ts'
import { containerUnits, writeUnits } from './units.ts'

const STATE = join(DATA, 'state')
const ETC = join(DATA, 'etc')
const RUN = join(DATA, 'run')
const BIN = join(DATA, 'bin')
/** This machine as containers on the bridge of a new engine see it. */
const GATEWAY = '172.17.0.1'

/** The deploy scripts that are rehearsed. */
const SCRIPTS = join(ROOT, 'nixos/deploy')

/**
 * shops-app-01 on this machine: the declared stores, Caddy and containers, the real scripts, sshd with
 * the pipeline's forced command. Not the same as there: paths are below .data, certificates are Caddy's
 * own, systemd is dev/rehearsal/systemctl, and DNS is a file of hosts.
 */
export class Host {
  private readonly facts: HostFacts = hostFacts('tests/hosts/tested.nix')
  readonly engine = new Engine(Number(this.facts.services.docker?.serviceConfig.CPUWeight))
  readonly caddy = new DeclaredCaddy({ http: 80, https: 443 })
  readonly backups = new Backups()
  readonly secrets = new Secrets({ file: join(ETC, '.env'), shares: RUN })
  private scripts = SCRIPTS
  private postgresql = this.emptyPostgresql()
  /** Queue, sessions and cache: they come and go together here. */
  private redis: DeclaredRedis[] = []
  private readonly programs = new Programs()
  private walTimer: NodeJS.Timeout | undefined

  /** Environment of the host's scripts; values that the real host leaves at their defaults. */
  readonly env: NodeJS.ProcessEnv = {
    ...this.engine.env,
    ...this.backups.env,
    PATH: `${BIN}:/usr/sbin:${this.backups.env.PATH}`,
    ...this.database(),
    ...this.secrets.env,
    RR_STATE: STATE,
    RR_APPS: join(ETC, 'apps.json'),
    RR_UNITS: join(DATA, 'units'),
    RR_CURL_OPTIONS: '--insecure',
    RR_MIGRATE_SECONDS: String(PATIENCE_SECONDS),
    RR_READY_SECONDS: String(PATIENCE_SECONDS),
  }

  /** WAL goes to the archive three times as often as on the host, so that a rehearsal ends today. */
  private emptyPostgresql(): DeclaredPostgresql {
    const settings = { ...this.facts.postgresql, archive_timeout: 60 }
    const facts = { ...this.facts, postgresql: settings }
    return new DeclaredPostgresql(5432, facts, this.backups.archiveCommand)
  }

  /** Where a script finds PostgreSQL's socket; on the host that is the default. */
  private database(): NodeJS.ProcessEnv {
    return { PGHOST: this.postgresql.folder, PGPORT: '5432', PGUSER: 'postgres' }
  }

  /**
   * Deploys with a copy of the scripts that leads visitors nowhere for longer than Caddy waits.
   * @returns what takes the real ones into use again
   */
  breakTheSwitch(): () => void {
    this.scripts = join(DATA, 'broken-deploy')
    rmSync(this.scripts, { recursive: true, force: true })
    cpSync(SCRIPTS, this.scripts, { recursive: true })
    const file = join(this.scripts, 'steps/switch')
    const text = readFileSync(file, 'utf8')
    const nowhere = 'echo 127.0.0.1:9 >"$state_dir/ways/$1"\nsleep 20\n'
    writeFileSync(file, text.replace('\nfile=', `\n${nowhere}file=`))
    return () => {
      this.scripts = SCRIPTS
    }
  }

  // --- what nixos-anywhere lays out ---

  install(): void {
    this.layOut()
    this.fillSecrets()
    this.units()
  }

  /** The disk as the host's modules lay it out. */
  private layOut(): void {
    for (const folder of [STATE, ETC, RUN, BIN, join(DATA, 'units'), LOGS])
      rmSync(folder, { recursive: true, force: true })
    this.backups.layOut()
    for (const folder of [`${STATE}/active`, ETC, RUN, BIN, LOGS])
      mkdirSync(folder, { recursive: true })
    for (const name of ['uploads', 'private-files']) {
      mkdirSync(join(STATE, name))
      chownSync(join(STATE, name), 1000, 1000)
    }
    const apps = JSON.parse(this.facts.etc['rr-bizops/apps.json'] ?? '')
    apps.domain = DOMAIN
    for (const app of ['medusa', 'storefront']) apps[app].image = `${REGISTRY}/${app}`
    writeFileSync(join(ETC, 'apps.json'), JSON.stringify(apps))
    this.program('docker', `exec ${DOCKER} "$@"`)
    symlinkSync(join(ROOT, 'dev/rehearsal/systemctl'), join(BIN, 'systemctl'))
  }

  /**
   * The machine is gone, and a new one stands in its place, as docs/runbooks/server-lost.md has it after
   * its step 2: nothing but the system and the four secrets that open the backups.
   */
  async newMachine(): Promise<void> {
    const kept = ['B2_BUCKET', 'B2_KEY_ID', 'B2_APPLICATION_KEY', 'BACKUP_PASSPHRASE']
    const values = Object.fromEntries(kept.map((name) => [name, this.secrets.value(name)]))
    await this.powerLoss()
    await this.postgresql.stop()
    await Promise.all(this.redis.map((server) => server.stop()))
    this.redis = []
    rmSync(join(this.caddy.folder, 'data'), { recursive: true, force: true })
    this.backups.loseDisk()
    await this.engine.start()
    const images = await this.engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])
    const ours = images.split('\n').filter((image) => image.startsWith('rr-bizops/'))
    await this.engine.docker(['rmi', '--force', ...ours.filter((image) => image !== STAND_IN)])
    await this.engine.stop()
    this.layOut()
    this.secrets.set(values)
    this.secrets.share()
    this.postgresql = this.emptyPostgresql()
    Object.assign(this.env, this.database())
    await this.postgresql.start()
    // What ensureUsers and ensureDatabases do.
    this.postgresql.sql('CREATE ROLE medusa')
    this.postgresql.sql('CREATE DATABASE "research-relay"')
  }

  /** rr-backup, rr-wal, rr-restore, by their scripts' names. */
  backup(script: string, ...words: string[]): Promise<Result> {
    return run(this.backups.script(script), words, this.env)
  }

  /** What rr-wal.timer does each minute. */
  private startWalTimer(): void {
    clearInterval(this.walTimer)
    this.walTimer = setInterval(() => void this.backup('upload-wal'), 60_000)
  }

  private program(name: string, text: string): void {
    writeFileSync(join(BIN, name), `#!/bin/bash\n${text}\n`)
    chmodSync(join(BIN, name), 0o755)
  }

  /** What others hand out, with the rehearsal's values. */
  private fillSecrets(): void {
    const { b2 } = this.backups
    this.secrets.install({
      MEDUSA_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
      BTCPAY_URL: `https://btcpay.${DOMAIN}:${BTCPAY_PORT}`,
      BTCPAY_STORE_ID: STORE,
      BTCPAY_API_KEY: '0123456789abcdef0123456789abcdef01234567',
      BTCPAY_RECONCILE_SECONDS: '15',
      B2_BUCKET: b2.bucket.name,
      B2_KEY_ID: b2.host.id,
      B2_APPLICATION_KEY: b2.host.secret,
    })
  }

  units(): void {
    const replace = (text: string) =>
      text
        .replaceAll('/var/lib/rr-bizops', STATE)
        .replaceAll('/run/rr-bizops', RUN)
        .replaceAll('/etc/rr-bizops/.env', this.secrets.file)
        .replaceAll('https://research-relay.com', `https://${DOMAIN}`)
        .replaceAll('https://api.research-relay.com', `https://api.${DOMAIN}`)
    const containers = containerUnits(this.facts, replace)
    for (const [name, unit] of Object.entries(containers)) {
      // What DNS and public certificates are on the real host.
      const image = unit.command.at(-1) ?? ''
      unit.command = [
        ...unit.command.slice(0, -1),
        ...['--volume', `${CA}:/ca.crt:ro`, '--env', 'NODE_EXTRA_CA_CERTS=/ca.crt'],
        ...(name.includes('storefront') ? [`--add-host=api.${DOMAIN}:${GATEWAY}`] : []),
        image,
      ]
    }
    this.caddy.useState(STATE)
    writeUnits(join(DATA, 'units'), {
      ...containers,
      caddy: { ...this.caddy.unit(), restartSeconds: 1 },
    })
  }

  // --- what systemd starts at a boot ---

  async boot(): Promise<void> {
    await this.startStores()
    await this.engine.start()
    this.startRegistry()
    await this.startBtcpay()
    const slots = await this.rrDeploy(['boot'])
    if (slots.code !== 0) throw new Error(slots.output)
    this.systemctl('start', 'caddy')
    await this.caddy.serves()
    this.trust()
    for (const name of ['medusa-server-blue', 'medusa-server-green', 'medusa-worker'])
      this.systemctl('start', `docker-${name}`)
    for (const name of ['storefront-blue', 'storefront-green'])
      this.systemctl('start', `docker-${name}`)
    startSshd(this.programs, this.gate())
    this.startWalTimer()
  }

  async startStores(): Promise<void> {
    const password = /:([^:@]*)@/.exec(this.secrets.value('REDIS_URL'))?.[1] ?? ''
    if (this.redis.length === 0) {
      this.redis = (['default', 'sessions', 'cache'] as const).map((name) => {
        const port = this.facts.redis[name]?.port ?? 0
        return new DeclaredRedis(port, password, this.facts, [], name)
      })
    }
    await this.startRedis()
    await this.postgresql.start()
    this.secrets.share()
    const owner = this.postgresql.setOwner(this.secrets.databaseUrl())
    if (owner.status !== 0) throw new Error(owner.stderr)
  }

  async killRedis(): Promise<void> {
    await Promise.all(this.redis.map((server) => server.kill()))
  }

  async startRedis(): Promise<void> {
    await Promise.all(this.redis.map((server) => server.start()))
  }

  /** Redis with nothing of what it held. */
  async loseRedis(): Promise<void> {
    await this.killRedis()
    for (const { folder } of this.redis)
      rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true })
  }

  /** docs/runbooks/certificate.md: Caddy forgets, and asks for all certificates anew. */
  async newCertificates(): Promise<void> {
    const kept = join(this.caddy.folder, 'data/caddy')
    this.systemctl('stop', 'caddy')
    renameSync(kept, `${kept}-until-today`)
    this.systemctl('start', 'caddy')
    await this.caddy.serves()
    this.trust()
  }

  killPostgresql(): Promise<void> {
    return this.postgresql.kill()
  }

  startPostgresql(): Promise<void> {
    return this.postgresql.start()
  }

  startRegistry(): void {
    startRegistry(this.programs)
  }

  endRegistry(): Promise<void> {
    return endRegistry(this.programs)
  }

  startBtcpay(): Promise<void> {
    return startBtcpay(this.programs, {
      apiKey: this.secrets.value('BTCPAY_API_KEY'),
      webhookSecret: this.secrets.value('BTCPAY_WEBHOOK_SECRET'),
    })
  }

  endBtcpay(): Promise<void> {
    return endBtcpay(this.programs)
  }

  /** What stands for public certificate authorities. */
  private trust(): void {
    const roots = [
      join(this.caddy.folder, 'data/caddy/pki/authorities/local/root.crt'),
      BTCPAY_ROOT,
    ]
    writeFileSync(CA, roots.map((path) => readFileSync(path, 'utf8')).join('\n'))
  }

  /** The pipeline's forced command. @returns its path */
  private gate(): string {
    const names = ['DOCKER_HOST', 'DOCKER_BUILDKIT', 'PATH']
    const exported = Object.entries(this.env)
      .filter(([name]) => name.startsWith('RR_') || names.includes(name))
      .map(([name, value]) => `export ${name}='${value}'\n`)
      .join('')
    // What the user deploy gets by sudo on the host.
    this.program('env-n', '[[ $1 == -n ]] && shift; exec "$@"')
    this.program(
      'gate',
      `${exported}export RR_SUDO=${BIN}/env-n RR_DEPLOY=${this.scripts}/rr-deploy\nexec bash ${this.scripts}/ssh-gate`,
    )
    return join(BIN, 'gate')
  }

  // --- what the pipeline and an operator do ---

  systemctl(...words: string[]): void {
    spawnSync('systemctl', words, { env: this.env, timeout: 120_000 })
  }

  /** Runs rr-deploy as root on the host. */
  rrDeploy(
    words: string[],
    env: NodeJS.ProcessEnv = {},
    input = '',
    listen?: (line: string, child: ChildProcess) => void,
  ): Promise<Result> {
    return run(join(this.scripts, 'rr-deploy'), words, { ...this.env, ...env }, input, listen)
  }

  /** Runs it as the workflow does: over SSH, with the pinned host key, through the forced command. */
  bySsh(words: string[], input = '', listen?: (line: string) => void): Promise<Result> {
    const env = { ...process.env, ...pipelineSecrets() }
    return run(join(ROOT, '.github/scripts/on-host'), words, env, input, listen)
  }

  /** One statement on the shop's database; gives unaligned rows. */
  async sql(text: string): Promise<string> {
    return this.postgresql.sql(text, 'research-relay')
  }

  /** Resident memory of each container, without what the kernel may drop. */
  async memory(): Promise<Record<string, string>> {
    const lines = await this.engine
      .docker(['stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}'])
      .catch(() => '')
    return Object.fromEntries(
      lines
        .split('\n')
        .filter(Boolean)
        .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
    )
  }

  async status(): Promise<Record<string, Record<string, unknown>>> {
    return JSON.parse((await this.rrDeploy(['status', '--json'])).output).apps
  }

  /** All processes of the machine end at once. */
  async powerLoss(): Promise<void> {
    clearInterval(this.walTimer)
    for (const name of ['caddy', ...Object.keys(this.facts.containers).map((n) => `docker-${n}`)]) {
      const file = join(DATA, 'units/running', `${name}.pid`)
      if (!existsSync(file)) continue
      spawnSync('pkill', ['-KILL', '-P', readFileSync(file, 'utf8')])
      spawnSync('kill', ['-KILL', readFileSync(file, 'utf8')])
      rmSync(file, { force: true })
    }
    await this.engine.crash()
    await this.killRedis()
    await this.postgresql.kill()
    await this.programs.endAll()
  }

  async stop(): Promise<void> {
    await this.powerLoss().catch(() => undefined)
    await this.postgresql.stop()
    await Promise.all(this.redis.map((server) => server.stop()))
    await this.caddy.stop()
    this.backups.remove()
  }

  /** Keeps the logs of a failed run. */
  keepLogs(folder: string): void {
    mkdirSync(folder, { recursive: true })
    cpSync(LOGS, folder, { recursive: true })
    for (const name of Object.keys(this.facts.containers)) {
      const log = join(DATA, 'units', `docker-${name}.log`)
      if (existsSync(log)) copyFileSync(log, join(folder, `${name}.log`))
    }
  }
}
