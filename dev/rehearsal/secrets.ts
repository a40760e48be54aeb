import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DOMAIN } from '../host/caddy.ts'
import { ROOT } from '../shop/settings.ts'

/** Where the host's secrets lie. */
export interface Places {
  /** On the host /etc/rr-bizops/.env. */
  file: string
  /** On the host /run/rr-bizops: each program's share. */
  shares: string
}

/** The host's secrets, by the host's own command: `rr-env`. */
export class Secrets {
  readonly file: string
  private readonly shares: string
  private readonly schema = join(ROOT, 'nixos/secrets/schema.json')

  constructor({ file, shares }: Places) {
    this.file = file
    this.shares = shares
  }

  /** What the scripts find in the environment; on the host these are their defaults. */
  get env(): NodeJS.ProcessEnv {
    return { RR_ENV_FILE: this.file, RR_SCHEMA: this.schema, RR_SECRETS: this.shares }
  }

  rrEnv(words: string[], input = ''): string {
    return execFileSync('bash', [join(ROOT, 'nixos/secrets/rr-env'), ...words], {
      env: { ...process.env, ...this.env },
      encoding: 'utf8',
      input,
      timeout: 60_000,
    })
  }

  set(values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) this.rrEnv(['set', name], `${value}\n`)
  }

  /** docs/install.md, step 4: what can be made is made, and `given` is what others hand out. */
  install(given: Record<string, string>): void {
    this.rrEnv(['generate', DOMAIN])
    this.set(given)
    const checked = this.rrEnv(['check'])
    if (checked !== 'all is well\n') throw new Error(checked)
  }

  /** A value of the file; empty without one. */
  value(name: string): string {
    const lines = readFileSync(this.file, 'utf8').split('\n')
    return lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? ''
  }

  /** What rr-secrets.service does. */
  share(): void {
    const split = join(ROOT, 'nixos/secrets/split')
    const { status, stderr } = spawnSync('bash', [split, this.file, this.schema, this.shares], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    if (status !== 0) throw new Error(stderr)
  }

  /** The address of the database, as its owner's unit is given it. */
  databaseUrl(): string {
    return readFileSync(join(this.shares, 'database-url'), 'utf8').trim()
  }
}
