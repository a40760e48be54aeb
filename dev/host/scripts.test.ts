import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from './nix.ts'

const folder = mkdtempSync(join(tmpdir(), 'rr-scripts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every file of the repository that a shell would run. */
const scripts = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path && existsSync(join(ROOT, path)) && !/\.(png|json|ts|tsx|nix)$/.test(path))
  .filter(
    (path) =>
      path.endsWith('.bash') ||
      /^#!.*\b(ba)?sh\b/.test(readFileSync(join(ROOT, path), 'utf8').slice(0, 40)),
  )

describe('shell scripts', () => {
  it('are found', () => expect(scripts).toContain('nixos/secrets/rr-env'))

  it('please shellcheck', () => {
    const { stdout } = spawnSync('shellcheck', ['--external-sources', ...scripts], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
    })
    expect(stdout).toBe('')
  })

  it.each(scripts.filter((path) => !path.endsWith('.bash')))(
    '%s ends at the first error',
    (path) => {
      expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(/^set -eu(o pipefail)?$/m)
    },
  )
})

describe("the pipeline's key", () => {
  const sha = '0123456789abcdef0123456789abcdef01234567'

  /** What sshd runs for a request of that key. */
  function ask(request: string) {
    return spawnSync('bash', [join(ROOT, 'nixos/deploy/ssh-gate')], {
      encoding: 'utf8',
      timeout: 10_000,
      env: {
        PATH: process.env.PATH,
        SSH_ORIGINAL_COMMAND: request,
        RR_SUDO: 'echo',
        RR_DEPLOY: 'rr-deploy',
      },
    })
  }

  it.each([
    `deploy medusa ${sha}`,
    `deploy medusa ${sha} storefront ${sha}`,
    'rollback',
    'rollback storefront',
    'status --json',
    'history',
  ])('may ask for: %s', (request) => {
    const { stdout, status } = ask(request)
    expect(status).toBe(0)
    // echo takes sudo's -n (never ask for a password) as its own: no line end.
    expect(stdout).toBe(`rr-deploy ${request}`)
  })

  it.each([
    ['a shell', ''],
    ['another command', 'cat /etc/rr-bizops/.env'],
    ['a second command', `deploy medusa ${sha}; id`],
    ['a second line', `status\nid`],
    ['a substitution', `deploy medusa $(id)`],
    ['a tag instead of a SHA', 'deploy medusa latest'],
    ['another app', `deploy postgres ${sha}`],
    ['an option', 'rollback --restore'],
    ['maintenance', 'maintenance on'],
    ['the state at a boot', 'boot'],
    ['three apps', `deploy medusa ${sha} storefront ${sha} medusa ${sha}`],
  ])('is refused %s', (_case, request) => {
    const { stdout, stderr, status } = ask(request)
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^refused: /)
  })
})

describe('a host without a deploy yet', () => {
  const { etc } = hostFacts('tests/hosts/tested.nix')
  const state = join(folder, 'state')

  beforeEach(() => {
    rmSync(state, { recursive: true, force: true })
    for (const name of ['active', 'ways']) mkdirSync(join(state, name), { recursive: true })
    writeFileSync(join(folder, 'apps.json'), etc['rr-bizops/apps.json'] ?? '')
  })

  function boot(): void {
    execFileSync('bash', [join(ROOT, 'nixos/deploy/rr-deploy'), 'boot'], {
      env: { ...process.env, RR_STATE: state, RR_APPS: join(folder, 'apps.json') },
      timeout: 10_000,
    })
  }

  it('starts the blue slots and the worker, and Caddy leads there', () => {
    boot()
    for (const name of ['medusa-server-blue', 'storefront-blue', 'medusa-worker'])
      expect(existsSync(join(state, 'active', name)), name).toBe(true)
    expect(readFileSync(join(state, 'ways/medusa'), 'utf8')).toContain('127.0.0.1:9000')
    expect(readFileSync(join(state, 'ways/storefront'), 'utf8')).toContain('127.0.0.1:8000')
  })

  it('keeps to what the state of deploys says (problem 14)', () => {
    mkdirSync(join(state, 'deploy'), { recursive: true })
    const release = { current: '0'.repeat(40), slot: 'green' }
    writeFileSync(join(state, 'deploy/state.json'), JSON.stringify({ apps: { medusa: release } }))
    writeFileSync(join(state, 'active/medusa-server-blue'), '')
    boot()
    boot()
    expect(existsSync(join(state, 'active/medusa-server-blue'))).toBe(false)
    expect(existsSync(join(state, 'active/medusa-server-green'))).toBe(true)
    expect(readFileSync(join(state, 'ways/medusa'), 'utf8')).toContain('127.0.0.1:9010')
  })
})
