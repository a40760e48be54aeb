import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { uid } from '../shop/postgresql.ts'
import { hostFacts, ROOT } from './nix.ts'
import { credentials, DeclaredPostgresql } from './postgresql.ts'

const SCHEMA = join(ROOT, 'nixos/secrets/schema.json')
const folder = mkdtempSync(join(tmpdir(), 'rr-env-'))
const file = join(folder, 'etc/.env')
const programs = join(folder, 'bin')

/** Runs the script as an operator would; `path` goes before the machine's own programs. */
function rrEnv(args: string[], input = '', environment: NodeJS.ProcessEnv = {}) {
  return spawnSync('bash', [join(ROOT, 'nixos/secrets/rr-env'), ...args], {
    encoding: 'utf8',
    input,
    timeout: 60_000,
    env: {
      ...process.env,
      PATH: `${programs}:${process.env.PATH}`,
      RR_ENV_FILE: file,
      RR_SCHEMA: SCHEMA,
      ...environment,
    },
  })
}

function values(): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return Object.fromEntries(
    lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  )
}

/** Gives what cannot be made: values that somebody else hands out. */
function complete(): void {
  for (const [name, value] of Object.entries({
    BTCPAY_STORE_ID: '9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776',
    BTCPAY_API_KEY: `${'0123456789abcdef'.repeat(2)}01234567`,
    B2_BUCKET: 'research-relay-backups',
    B2_KEY_ID: '0031234567890ab0000000001',
    B2_APPLICATION_KEY: `K003${'x'.repeat(27)}`,
  })) {
    expect(rrEnv(['set', name], `${value}\n`).status).toBe(0)
  }
}

beforeEach(() => {
  rmSync(join(folder, 'etc'), { recursive: true, force: true })
  rmSync(programs, { recursive: true, force: true })
  mkdirSync(programs)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('rr-env', () => {
  it('makes what can be made, for root alone, and names what is still missing', () => {
    const { stdout, status } = rrEnv(['generate', 'example.org'])
    expect(status).toBe(0)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(values()).toMatchObject({
      STOREFRONT_URL: 'https://example.org',
      AUTH_CORS: 'https://example.org,https://api.example.org',
    })
    expect(values().DATABASE_URL).toMatch(/^postgres:\/\/medusa:[0-9a-f]{64}@127\.0\.0\.1:5432\//)
    expect(
      stdout
        .match(/still to be set: (.*)/)?.[1]
        ?.trim()
        .split(' ')
        .sort(),
    ).toEqual(['B2_APPLICATION_KEY', 'B2_BUCKET', 'B2_KEY_ID'])
  })

  it('is content without BTCPay and says so, but names what is missing of it', () => {
    rrEnv(['generate', 'example.org'])
    complete()
    const without = (...names: string[]) =>
      writeFileSync(
        file,
        readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => !names.some((name) => line.startsWith(`${name}=`)))
          .join('\n'),
      )
    without('BTCPAY_API_KEY')
    expect(rrEnv(['check'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('BTCPAY_API_KEY is missing: all BTCPay variables'),
    })
    without('BTCPAY_STORE_ID')
    const { status, stdout } = rrEnv(['check'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/nobody can pay yet.*\nall is well/)
  })

  it('prints no value that is in the file, whatever it is asked', () => {
    rrEnv(['generate', 'example.org'])
    complete()
    const said = [
      rrEnv(['generate', 'example.org']),
      rrEnv(['missing']),
      rrEnv(['check']),
      rrEnv(['rotate', 'JWT_SECRET']),
      rrEnv(['rotate', 'DATABASE_URL']),
      rrEnv(['rotate', 'BTCPAY_API_KEY']),
      rrEnv(['set', 'COOKIE_SECRET'], "it's\n"),
      rrEnv(['what']),
    ].map(({ stdout, stderr }) => stdout + stderr)
    const secrets = Object.values(values()).filter((value) => value.length >= 32)
    expect(secrets.length).toBeGreaterThan(8)
    for (const secret of secrets) expect(said.join('\n')).not.toContain(secret)
  })

  it('keeps what is there when it is run again', () => {
    rrEnv(['generate', 'example.org'])
    const before = values()
    rrEnv(['generate', 'example.org'])
    expect(values()).toEqual(before)
  })

  it('makes a file that check accepts and that both apps accept in production', async () => {
    rrEnv(['generate', 'example.org'])
    complete()
    const { stdout, status } = rrEnv(['check'])
    expect(stdout).toBe('all is well\n')
    expect(status).toBe(0)
    const shares = split()
    for (const [path, share, container] of [
      [
        'app',
        'medusa.env',
        {
          MEDUSA_WORKER_MODE: 'server',
          UPLOADS_DIR: '/app/static',
          PRIVATE_FILES_DIR: '/app/private-files',
        },
      ],
      [
        'storefront',
        'storefront.env',
        { NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.example.org' },
      ],
    ] as const) {
      const { readEnvironment } = await import(join(ROOT, path, 'src/environment.ts'))
      const read = () =>
        readEnvironment({ ...parse(join(shares, share)), ...container, NODE_ENV: 'production' })
      expect(read, path).not.toThrow()
    }
  })

  it.each([
    ['JWT_SECRET', 'short', 'JWT_SECRET is shorter than 32 characters'],
    ['STOREFRONT_URL', 'http://example.org', 'STOREFRONT_URL must be reached by TLS'],
    ['DATABASE_URL', `postgres://medusa:${'a'.repeat(40)}@db.example.org/x`, 'without TLS'],
    ['NEXT_PUBLIC_SENTRY_DSM', 'x', 'is not in the schema'],
  ])('finds that %s is wrong, in one line', (name, value, problem) => {
    rrEnv(['generate', 'example.org'])
    complete()
    const lines = readFileSync(file, 'utf8').split('\n')
    const others = lines.filter((line) => line && !line.startsWith(`${name}=`))
    writeFileSync(file, [...others, `${name}=${value}`, ''].join('\n'))
    const { stdout, status } = rrEnv(['check'])
    expect(status).toBe(1)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(stdout).toContain(problem)
  })

  it('finds a file that others may read, and two secrets that are one', () => {
    rrEnv(['generate', 'example.org'])
    complete()
    chmodSync(file, 0o644)
    rrEnv(['set', 'JWT_SECRET'], `${'s'.repeat(40)}\n`)
    rrEnv(['set', 'COOKIE_SECRET'], `${'s'.repeat(40)}\n`)
    chmodSync(file, 0o644)
    expect(rrEnv(['check']).stdout).toMatch(/must have mode 600[\s\S]*COOKIE_SECRET must differ/)
  })

  it('leaves the old file whole when it is killed while writing', () => {
    rrEnv(['generate', 'example.org'])
    const before = readFileSync(file, 'utf8')
    // The last program before the rename.
    writeFileSync(join(programs, 'sync'), '#!/bin/sh\nkill -9 $PPID\n', { mode: 0o755 })
    expect(rrEnv(['rotate', 'JWT_SECRET']).signal).toBe('SIGKILL')
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('refuses to rotate what others hand out, and says what to do', () => {
    rrEnv(['generate', 'example.org'])
    complete()
    const { stderr, status } = rrEnv(['rotate', 'BTCPAY_API_KEY'])
    expect(status).toBe(1)
    expect(stderr).toContain('rr-env set BTCPAY_API_KEY')
  })

  it('says what else a new secret needs', () => {
    rrEnv(['generate', 'example.org'])
    expect(rrEnv(['rotate', 'BTCPAY_WEBHOOK_SECRET']).stdout).toContain('webhook at BTCPay')
    expect(rrEnv(['rotate', 'MEDUSA_PUBLISHABLE_KEY']).stdout).toContain('deploy the storefront')
  })
})

function parse(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return Object.fromEntries(
    lines.map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]),
  )
}

/** What rr-secrets.service does; gives the folder with the shares. */
function split(): string {
  const run = join(folder, 'run')
  mkdirSync(run, { recursive: true })
  const done = spawnSync('bash', [join(ROOT, 'nixos/secrets/split'), file, SCHEMA, run], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  expect(done.stderr).toBe('')
  return run
}

describe('the shares of the parts', () => {
  it('give each part what it needs and nothing that opens another', () => {
    rrEnv(['generate', 'example.org'])
    complete()
    const run = split()
    const storefront = parse(join(run, 'storefront.env'))
    const medusa = parse(join(run, 'medusa.env'))
    expect(storefront.NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY).toBe(values().MEDUSA_PUBLISHABLE_KEY)
    expect(storefront.REVALIDATE_SECRET).toBe(medusa.REVALIDATE_SECRET)
    for (const name of [
      'DATABASE_URL',
      'REDIS_URL',
      'JWT_SECRET',
      'BTCPAY_API_KEY',
      'ADMIN_PASSWORD',
    ])
      expect(storefront, name).not.toHaveProperty(name)
    for (const name of ['B2_APPLICATION_KEY', 'BACKUP_PASSPHRASE'])
      expect(medusa, name).not.toHaveProperty(name)
    expect(parse(join(run, 'host.env'))).toHaveProperty('BACKUP_PASSPHRASE')
    expect(readFileSync(join(run, 'redis-password'), 'utf8').trim()).toMatch(/^[0-9a-f]{64}$/)
    for (const name of readdirSync(run))
      expect(statSync(join(run, name)).mode & 0o777, name).toBe(0o600)
  })
})

describe('rr-env rotate DATABASE_URL --apply', () => {
  const host = hostFacts('tests/hosts/tested.nix')
  const server = new DeclaredPostgresql(28480, host)
  beforeAll(() => server.start())
  afterAll(() => server.stop())

  /** A systemctl that does what the two units of ours do and notes the rest. */
  function fakeSystemctl(): void {
    const run = join(folder, 'run')
    const drop = uid === undefined ? '' : `setpriv --reuid=${uid} --regid=${uid} --clear-groups`
    writeFileSync(
      join(programs, 'systemctl'),
      `#!/bin/bash
set -eu
echo "$*" >>${folder}/asked
case "$*" in
  "restart rr-secrets") mkdir -p ${run} && bash ${ROOT}/nixos/secrets/split ${file} ${SCHEMA} ${run} ;;
  "restart rr-database")
    install -D -m 644 ${run}/database-url ${credentials(server.folder, 'database-url', '')}/database-url
    install -m 644 ${ROOT}/nixos/postgresql/set-owner ${server.folder}/set-owner
    cd ${server.folder}
    PGHOST=${server.folder} PGPORT=${server.port} PGUSER=postgres CREDENTIALS_DIRECTORY=${server.folder}/credentials \\
      ${drop} bash ./set-owner ;;
esac
`,
      { mode: 0o755 },
    )
    rmSync(join(folder, 'asked'), { force: true })
  }

  async function entersWith(url: string): Promise<boolean> {
    const address = new URL(url)
    address.port = String(server.port)
    const client = new pg.Client({ connectionString: address.href, connectionTimeoutMillis: 5_000 })
    try {
      await client.connect()
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  it('ends with the new password at the database and in the containers’ share, and the old one dead', async () => {
    rrEnv(['generate', 'example.org'])
    complete()
    fakeSystemctl()
    expect(rrEnv(['apply']).status).toBe(0)
    const old = values().DATABASE_URL ?? ''
    expect(await entersWith(old)).toBe(true)

    const { stdout, status } = rrEnv(['rotate', 'DATABASE_URL', '--apply'])
    expect(status).toBe(0)
    expect(stdout).toContain('in use')
    const next = values().DATABASE_URL ?? ''
    expect(next).not.toBe(old)
    expect(await entersWith(next)).toBe(true)
    expect(await entersWith(old)).toBe(false)
    expect(parse(join(folder, 'run/medusa.env')).DATABASE_URL).toBe(next)
    // Containers last, and only those that run.
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n')
    expect(asked.at(-1)).toBe('try-restart docker-medusa-*')
  })

  it('and of all others that we make: the runbook for a leak leaves no old value in use', async () => {
    const runbook = readFileSync(join(ROOT, 'docs/runbooks/env-leaked.md'), 'utf8')
    const names = /for name in ([A-Z_ ]+); do/.exec(runbook)?.[1]?.split(' ') ?? []
    expect(names.length).toBeGreaterThan(5)
    rrEnv(['generate', 'example.org'])
    complete()
    fakeSystemctl()
    expect(rrEnv(['apply']).status).toBe(0)
    const before = values()
    for (const name of names) expect(rrEnv(['rotate', name, '--apply']).status, name).toBe(0)
    const shares = ['medusa', 'storefront', 'host'].map((part) =>
      readFileSync(join(folder, `run/${part}.env`), 'utf8'),
    )
    for (const name of names) {
      expect(values()[name], name).not.toBe(before[name])
      for (const share of shares) expect(share, name).not.toContain(before[name])
    }
    expect(await entersWith(values().DATABASE_URL ?? '')).toBe(true)
    expect(await entersWith(before.DATABASE_URL ?? '')).toBe(false)
  })

  it('and a key that others hand out is in use after set and apply', () => {
    rrEnv(['generate', 'example.org'])
    complete()
    fakeSystemctl()
    const key = 'f'.repeat(40)
    expect(rrEnv(['set', 'BTCPAY_API_KEY'], `${key}\n`).status).toBe(0)
    expect(rrEnv(['apply']).status).toBe(0)
    expect(parse(join(folder, 'run/medusa.env')).BTCPAY_API_KEY).toBe(key)
  })

  it('applies nothing that check refuses', () => {
    rrEnv(['generate', 'example.org'])
    fakeSystemctl()
    expect(rrEnv(['apply']).status).toBe(1)
    expect(existsSync(join(folder, 'asked'))).toBe(false)
  })
})
