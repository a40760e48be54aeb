import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DeclaredCaddy, DOMAIN } from '../host/caddy.ts'
import { type HostFacts, hostFacts } from '../host/nix.ts'
import { DeclaredPostgresql } from '../host/postgresql.ts'
import { DeclaredRedis } from '../host/redis.ts'
import { caddyProgram } from '../host/tools.ts'
import { DOCKER } from '../images/engine.ts'
import { ROOT } from '../shop/settings.ts'
import { Backups } from './backups.ts'
import { Engine } from './engine.ts'
import { BTCPAY_PORT, DATA, PUBLISHABLE_KEY, REGISTRY, STAND_IN } from './settings.ts'
import { containerUnits, UnitFile } from './units.ts'

/** How a command of the host ended; seconds since its start. */
export interface Result {
  code: number | null
  output: string
  seconds: number
}

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
 * own, systemd is dev/rehearsal/systemctl.ts, and DNS is a file of hosts.
 */
export class Host {
  private readonly facts: HostFacts = hostFacts('tests/hosts/tested.nix')
  readonly engine = new Engine(Number(this.facts.services.docker?.serviceConfig.CPUWeight))
  readonly caddy = new DeclaredCaddy({ http: 80, https: 443, admin: 2019 })
  readonly backups = new Backups()
  private scripts = SCRIPTS
  private postgresql = this.emptyPostgresql()
  private redis: DeclaredRedis | undefined
  private readonly others = new Map<string, ChildProcess>()
  private walTimer: NodeJS.Timeout | undefined

  /** Environment of the host's scripts; values that the real host leaves at their defaults. */
  readonly env: NodeJS.ProcessEnv = {
    ...this.engine.env,
    ...this.backups.env,
    PATH: `${BIN}:/usr/sbin:${this.backups.env.PATH}`,
    ...this.database(),
    RR_ENV_FILE: join(ETC, '.env'),
    RR_SCHEMA: join(ROOT, 'nixos/secrets/schema.json'),
    RR_STATE: STATE,
    RR_SECRETS: RUN,
    RR_APPS: join(ETC, 'apps.json'),
    RR_UNITS: join(DATA, 'units'),
    RR_CURL_OPTIONS: '--insecure',
    RR_MIGRATE_SECONDS: process.env.RR_MIGRATE_SECONDS ?? '30',
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
    this.secrets()
    this.units()
  }

  /** The disk as the host's modules lay it out. */
  private layOut(): void {
    for (const folder of [STATE, ETC, RUN, BIN, join(DATA, 'units'), join(DATA, 'log')])
      rmSync(folder, { recursive: true, force: true })
    this.backups.layOut()
    for (const folder of [`${STATE}/active`, `${STATE}/uploads`, ETC, RUN, BIN, join(DATA, 'log')])
      mkdirSync(folder, { recursive: true })
    chownSync(join(STATE, 'uploads'), 1000, 1000)
    const apps = JSON.parse(this.facts.etc['rr-bizops/apps.json'] ?? '')
    apps.domain = DOMAIN
    for (const app of ['medusa', 'storefront']) apps[app].image = `${REGISTRY}/${app}`
    writeFileSync(join(ETC, 'apps.json'), JSON.stringify(apps))
    this.program('docker', `exec ${DOCKER} "$@"`)
    this.program(
      'systemctl',
      `RR_NODE=${process.execPath} exec ${ROOT}/dev/rehearsal/systemctl "$@"`,
    )
  }

  /**
   * The machine is gone, and a new one stands in its place, as docs/runbooks/server-lost.md has it after
   * its step 2: nothing but the system and the four secrets that open the backups.
   */
  async newMachine(): Promise<void> {
    const kept = ['B2_BUCKET', 'B2_KEY_ID', 'B2_APPLICATION_KEY', 'BACKUP_PASSPHRASE']
    const secrets = kept.map((name) => [name, this.value(name)] as const)
    await this.powerLoss()
    await this.postgresql.stop()
    await this.redis?.stop()
    this.redis = undefined
    rmSync(join(this.caddy.folder, 'data'), { recursive: true, force: true })
    this.backups.loseDisk()
    await this.engine.start()
    const images = await this.engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])
    const ours = images.split('\n').filter((image) => image.startsWith('rr-bizops/'))
    await this.engine.docker(['rmi', '--force', ...ours.filter((image) => image !== STAND_IN)])
    await this.engine.stop()
    this.layOut()
    for (const [name, value] of secrets) this.rrEnv(['set', name], `${value}\n`)
    this.shareSecrets()
    this.postgresql = this.emptyPostgresql()
    Object.assign(this.env, this.database())
    await this.postgresql.start()
    // What ensureUsers and ensureDatabases do.
    this.postgresql.sql('CREATE ROLE medusa')
    this.postgresql.sql('CREATE DATABASE "research-relay"')
  }

  /** rr-backup, rr-wal, rr-restore, by their scripts' names. */
  backup(script: string, ...words: string[]): Promise<Result> {
    return this.run(this.backups.script(script), words, this.env)
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

  /** docs/install.md, step 4, with the rehearsal's values for what others hand out. */
  private secrets(): void {
    const set = (name: string, value: string) => this.rrEnv(['set', name], `${value}\n`)
    this.rrEnv(['generate', DOMAIN])
    set('MEDUSA_PUBLISHABLE_KEY', PUBLISHABLE_KEY)
    set('BTCPAY_URL', `https://btcpay.${DOMAIN}:${BTCPAY_PORT}`)
    set('BTCPAY_STORE_ID', 'RrRehearsalStore')
    set('BTCPAY_API_KEY', '0123456789abcdef0123456789abcdef01234567')
    set('BTCPAY_RECONCILE_SECONDS', '15')
    const { b2 } = this.backups
    set('B2_BUCKET', b2.bucket.name)
    set('B2_KEY_ID', b2.host.id)
    set('B2_APPLICATION_KEY', b2.host.secret)
    const checked = this.rrEnv(['check'])
    if (checked !== 'all is well\n') throw new Error(checked)
  }

  rrEnv(words: string[], input = ''): string {
    return execFileSync('bash', [join(ROOT, 'nixos/secrets/rr-env'), ...words], {
      env: this.env,
      encoding: 'utf8',
      input,
      timeout: 60_000,
    })
  }

  readonly envFile = join(ETC, '.env')

  value(name: string): string {
    const line = readFileSync(join(ETC, '.env'), 'utf8')
      .split('\n')
      .find((each) => each.startsWith(`${name}=`))
    return line?.slice(name.length + 1) ?? ''
  }

  units(): void {
    const replace = (text: string) =>
      text
        .replaceAll('/var/lib/rr-bizops', STATE)
        .replaceAll('/run/rr-bizops', RUN)
        .replaceAll('/etc/rr-bizops/.env', join(ETC, '.env'))
        .replaceAll('https://research-relay.com', `https://${DOMAIN}`)
        .replaceAll('https://api.research-relay.com', `https://api.${DOMAIN}`)
    const containers = containerUnits(this.facts, replace)
    for (const [name, unit] of Object.entries(containers)) {
      // What DNS and public certificates are on the real host.
      const image = unit.command.at(-1) ?? ''
      unit.command = [
        ...unit.command.slice(0, -1),
        ...['--volume', `${DATA}/ca.crt:/ca.crt:ro`, '--env', 'NODE_EXTRA_CA_CERTS=/ca.crt'],
        ...(name.includes('storefront') ? [`--add-host=api.${DOMAIN}:${GATEWAY}`] : []),
        image,
      ]
    }
    this.caddy.useState(STATE)
    new UnitFile(join(DATA, 'units')).write({
      ...containers,
      caddy: { ...this.caddy.unit(), restartSeconds: 1 },
    })
  }

  // --- what systemd starts at a boot ---

  async boot(): Promise<void> {
    await this.startStores()
    await this.engine.start()
    this.startOther('registry', 'docker-registry', ['serve', this.registryConfig()])
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
    this.startSshd()
    this.startWalTimer()
  }

  /** What rr-secrets.service does. */
  private shareSecrets(): void {
    const split = spawnSync(
      'bash',
      [join(ROOT, 'nixos/secrets/split'), this.envFile, this.env.RR_SCHEMA ?? '', RUN],
      { encoding: 'utf8', timeout: 30_000 },
    )
    if (split.status !== 0) throw new Error(split.stderr)
  }

  async startStores(): Promise<void> {
    const password = /:([^:@]*)@/.exec(this.value('REDIS_URL'))?.[1] ?? ''
    this.redis ??= new DeclaredRedis(6379, password, this.facts)
    await this.redis.start()
    await this.postgresql.start()
    this.shareSecrets()
    const owner = this.postgresql.setOwner(readFileSync(join(RUN, 'database-url'), 'utf8').trim())
    if (owner.status !== 0) throw new Error(owner.stderr)
  }

  killRedis(): Promise<void> {
    return this.redis?.kill() ?? Promise.resolve()
  }

  startRedis(): Promise<void> {
    return this.redis?.start() ?? Promise.resolve()
  }

  /** Redis with nothing of what it held. */
  async loseRedis(): Promise<void> {
    const folder = this.redis?.folder ?? ''
    await this.redis?.kill()
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

  /** A program beside the host's own: the registry, BTCPay, sshd. */
  startOther(name: string, program: string, args: string[], env: NodeJS.ProcessEnv = {}): void {
    const log = openSync(join(DATA, 'log', `${name}.log`), 'a')
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...env, PATH: `/usr/sbin:${process.env.PATH}` },
    })
    this.others.set(name, child)
  }

  async endOther(name: string): Promise<void> {
    const child = this.others.get(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
  }

  startRegistry(): void {
    this.startOther('registry', 'docker-registry', ['serve', this.registryConfig()])
  }

  private registryConfig(): string {
    const file = join(DATA, 'registry.yml')
    writeFileSync(
      file,
      `version: 0.1\nlog: { level: warn }\nstorage: { filesystem: { rootdirectory: ${DATA}/registry }, delete: { enabled: true } }\nhttp: { addr: "${REGISTRY}" }\n`,
    )
    return file
  }

  async startBtcpay(): Promise<void> {
    const address = '127.0.0.1:14142'
    writeFileSync(
      join(DATA, 'btcpay.caddy'),
      `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\thttps_port ${BTCPAY_PORT}\n}\nbtcpay.${DOMAIN}:${BTCPAY_PORT} {\n\ttls internal\n\treverse_proxy ${address}\n}\n`,
    )
    this.startOther(
      'btcpay-front',
      caddyProgram(),
      ['run', '--adapter', 'caddyfile', '--config', join(DATA, 'btcpay.caddy')],
      { XDG_DATA_HOME: join(DATA, 'btcpay-front'), HOME: DATA },
    )
    this.startOther('btcpay', 'node', [join(ROOT, 'dev/btcpay/main.ts')], {
      BTCPAY_STANDIN_PORT: '14142',
      BTCPAY_STANDIN_DATA: join(DATA, 'btcpay'),
      BTCPAY_STANDIN_STORE_ID: 'RrRehearsalStore',
      BTCPAY_STANDIN_API_KEY: this.value('BTCPAY_API_KEY'),
      BTCPAY_STANDIN_WEBHOOK_URL: `https://api.${DOMAIN}/hooks/btcpay`,
      BTCPAY_STANDIN_WEBHOOK_SECRET: this.value('BTCPAY_WEBHOOK_SECRET'),
      NODE_EXTRA_CA_CERTS: join(DATA, 'ca.crt'),
    })
    await delay(1_000)
  }

  async endBtcpay(): Promise<void> {
    await this.endOther('btcpay')
    await this.endOther('btcpay-front')
  }

  /** What stands for public certificate authorities. */
  private trust(): void {
    const roots = [
      join(this.caddy.folder, 'data/caddy/pki/authorities/local/root.crt'),
      join(DATA, 'btcpay-front/caddy/pki/authorities/local/root.crt'),
    ]
    writeFileSync(join(DATA, 'ca.crt'), roots.map((path) => readFileSync(path, 'utf8')).join('\n'))
  }

  private startSshd(): void {
    const folder = join(DATA, 'ssh')
    mkdirSync(folder, { recursive: true })
    mkdirSync('/run/sshd', { recursive: true })
    for (const name of ['host', 'pipeline'])
      if (!existsSync(join(folder, name)))
        execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    const names = ['DOCKER_HOST', 'DOCKER_BUILDKIT', 'PATH']
    const exported = Object.entries(this.env)
      .filter(([name]) => name.startsWith('RR_') || names.includes(name))
      .map(([name, value]) => `export ${name}='${value}'\n`)
      .join('')
    // What the user deploy gets by sudo on the host.
    this.program(
      'gate',
      `${exported}export RR_SUDO=env RR_DEPLOY=${this.scripts}/rr-deploy\nexec bash ${this.scripts}/ssh-gate`,
    )
    this.program('env-n', '[[ $1 == -n ]] && shift; exec "$@"')
    writeFileSync(
      join(BIN, 'gate'),
      readFileSync(join(BIN, 'gate'), 'utf8').replace('RR_SUDO=env', `RR_SUDO=${BIN}/env-n`),
    )
    const key = readFileSync(join(folder, 'pipeline.pub'), 'utf8')
    writeFileSync(join(folder, 'authorized_keys'), `restrict,command="${BIN}/gate" ${key}`, {
      mode: 0o600,
    })
    const options = [
      'ListenAddress=127.0.0.1:22',
      `HostKey=${folder}/host`,
      `AuthorizedKeysFile=${folder}/authorized_keys`,
      'PasswordAuthentication=no',
      'KbdInteractiveAuthentication=no',
      'PermitRootLogin=prohibit-password',
      'AllowUsers=deploy',
      'StrictModes=no',
      'UsePAM=no',
      'PidFile=none',
    ]
    this.startOther('sshd', '/usr/sbin/sshd', [
      '-D',
      '-e',
      '-f',
      '/dev/null',
      ...options.flatMap((o) => ['-o', o]),
    ])
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
    return this.run(join(this.scripts, 'rr-deploy'), words, { ...this.env, ...env }, input, listen)
  }

  /** Runs it as the workflow does: over SSH, with the pinned host key, through the forced command. */
  bySsh(words: string[], input = '', listen?: (line: string) => void): Promise<Result> {
    const key = (name: string) => readFileSync(join(DATA, 'ssh', name), 'utf8')
    return this.run(
      join(ROOT, '.github/scripts/on-host'),
      words,
      {
        ...process.env,
        DEPLOY_HOST: '127.0.0.1',
        DEPLOY_SSH_KEY: key('pipeline'),
        DEPLOY_HOST_KEY: key('host.pub'),
      },
      input,
      listen,
    )
  }

  /** @param listen hears each line as it comes */
  run(
    program: string,
    words: string[],
    env: NodeJS.ProcessEnv,
    input = '',
    listen: (line: string, child: ChildProcess) => void = () => undefined,
  ): Promise<Result> {
    const began = Date.now()
    const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk
        for (const line of chunk.toString().split('\n')) if (line) listen(line, child)
      })
    }
    return new Promise((resolve) =>
      child.once('close', (code) =>
        resolve({ code, output, seconds: (Date.now() - began) / 1000 }),
      ),
    )
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
    await this.redis?.kill()
    await this.postgresql.kill()
    for (const name of this.others.keys()) await this.endOther(name)
  }

  async stop(): Promise<void> {
    await this.powerLoss().catch(() => undefined)
    await this.postgresql.stop()
    await this.redis?.stop()
    await this.caddy.stop()
    this.backups.remove()
  }

  /** Keeps the logs of a failed run. */
  keepLogs(folder: string): void {
    mkdirSync(folder, { recursive: true })
    cpSync(join(DATA, 'log'), folder, { recursive: true })
    for (const name of Object.keys(this.facts.containers)) {
      const log = join(DATA, 'units', `docker-${name}.log`)
      if (existsSync(log)) copyFileSync(log, join(folder, `${name}.log`))
    }
  }
}
