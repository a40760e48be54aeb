import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT } from './workflow.ts'

/** A commit, as tests name one that is nowhere. */
export const NOWHERE = '9'.repeat(40)

/** What a script left behind. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
  /** What it wrote to GITHUB_OUTPUT. */
  outputs: { [name: string]: string }
  /** Calls of the fakes, one line each, quoted as a shell would. */
  calls: string[]
}

/**
 * A real git repository in a temporary folder with the real .github, and a folder of fakes that goes
 * before the PATH. Removed by `remove`.
 */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-pipeline-'))
  readonly repository = join(this.folder, 'repository')
  readonly #bin = join(this.folder, 'bin')

  constructor() {
    mkdirSync(this.#bin)
    mkdirSync(this.repository)
    cpSync(join(ROOT, '.github'), join(this.repository, '.github'), { recursive: true })
    this.git('init', '--quiet', '--initial-branch=main')
  }

  /** Runs git in the repository, with no configuration but its own. */
  git(...args: string[]): string {
    const identity = { NAME: 'A developer', EMAIL: 'developer@example.org' }
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
    for (const [key, value] of Object.entries(identity)) {
      Object.assign(env, { [`GIT_AUTHOR_${key}`]: value, [`GIT_COMMITTER_${key}`]: value })
    }
    return execFileSync('git', args, { cwd: this.repository, encoding: 'utf8', env }).trim()
  }

  /** Commits files (null: removed) on main and gives the commit; origin's main follows. */
  commit(files: { [path: string]: string | null }): string {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.repository, path)
      mkdirSync(dirname(file), { recursive: true })
      if (text === null) rmSync(file)
      else writeFileSync(file, text)
    }
    this.git('add', '--all')
    this.git('commit', '--quiet', '--message', Object.keys(files).join(', '))
    this.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    return this.git('rev-parse', 'HEAD')
  }

  /**
   * Puts a program before the PATH. Its call is recorded first; `$TOLD` is a folder of the sandbox's
   * for what it is told.
   */
  fake(name: string, body = ''): void {
    const record = `{ printf '%q ' ${name} "$@"; echo; } >>"$CALLS"`
    const text = `#!/usr/bin/env bash\nset -euo pipefail\n${record}\n${body}\n`
    writeFileSync(join(this.#bin, name), text, { mode: 0o755 })
  }

  /** What a fake wrote into its folder `$TOLD`. */
  told(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8')
  }

  /** Runs one of .github/scripts to its end. */
  run(script: string, args: string[] = [], env: { [name: string]: string } = {}): Outcome {
    const [output, calls] = [join(this.folder, 'output'), join(this.folder, 'calls')]
    writeFileSync(output, '')
    writeFileSync(calls, '')
    const result = spawnSync(join(this.repository, '.github/scripts', script), args, {
      cwd: this.repository,
      encoding: 'utf8',
      input: '',
      env: {
        PATH: `${this.#bin}:${process.env.PATH}`,
        HOME: this.folder,
        TMPDIR: this.folder,
        GITHUB_OUTPUT: output,
        CALLS: calls,
        TOLD: this.folder,
        ...env,
      },
    })
    const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n').filter(Boolean)
    const pair = (line: string) => line.split(/=(.*)/s).slice(0, 2) as [string, string]
    return {
      code: result.status,
      stdout: result.stdout.trim(),
      stderr: result.stderr.trim(),
      outputs: Object.fromEntries(lines(output).map(pair)),
      calls: lines(calls).map((line) => line.trim()),
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** What on-host needs to reach a host that is not there. */
export const HOST = {
  DEPLOY_HOST: '192.0.2.10',
  DEPLOY_SSH_KEY:
    '-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n-----END OPENSSH PRIVATE KEY-----',
  DEPLOY_HOST_KEY: `ssh-ed25519 ${'A'.repeat(68)} root@shops-app-01`,
}

/** The body of an ssh that answers `status --json` and lets any other request pass with `code`. */
export function hostThatSays(status: object, code = 0): string {
  return `[[ \${*: -1} == 'status --json' ]] && { echo '${JSON.stringify(status)}'; exit; }
cat >"$TOLD/stdin"; exit ${code}`
}

/** `status --json` of a host that runs these. */
export function running(
  medusa: string | null,
  storefront: string | null,
  previous: string | null = null,
) {
  return {
    apps: { medusa: { current: medusa, previous }, storefront: { current: storefront, previous } },
  }
}
