import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Root of the repository. */
export const ROOT = join(import.meta.dirname, '../..')

/** One sentence that must hold of a host, with what was found. */
export interface Verdict {
  sentence: string
  ok: boolean
  saw: unknown
}

/** A unit as our modules describe it. */
export interface Unit {
  description: string
  after: string[]
  before: string[]
  requires: string[]
  wants: string[]
  unitConfig: Record<string, unknown>
  serviceConfig: Record<string, unknown>
  environment: Record<string, string>
  restartIfChanged: boolean
  onFailure: string[]
  onSuccess: string[]
}

/** A host as nixos/tests/facts.nix tells it. */
export interface HostFacts {
  verdicts: Verdict[]
  failed: string[]
  services: Record<string, Unit>
  containers: Record<
    string,
    {
      image: string
      pull: string
      environment: Record<string, string>
      ports: string[]
      networks: string[]
    }
  >
  postgresql: Record<string, string | number | boolean>
  authentication: string
  redis: Record<
    string,
    {
      bind: string
      port: number
      settings: Record<string, string>
      appendOnly: boolean
      appendFsync: string
      save: number[][]
    }
  >
  tmpfiles: Record<string, Record<string, Record<string, { argument: string }>>>
  mounts: { what: string; where: string; type: string; options: string }[]
  loopback: { protocol: 'tcp' | 'udp'; port: number; what: string; why: string; guard: string }[]
  etc: Record<string, string | null>
  /** Paths of the commands that a person on the host can call. */
  commands: string[]
  deployKeys: string[]
}

/** Evaluates a Nix expression; no store is written and nothing is fetched. */
export function evaluate<T>(expression: string): T {
  const output = execFileSync(
    'nix-instantiate',
    ['--eval', '--strict', '--json', '-E', expression],
    {
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 64 * 1024 ** 2,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...noStore() },
    },
  )
  return JSON.parse(output) as T
}

/**
 * No store at all, so that evaluations can go side by side: a new store's database is busy while the first
 * of them makes it. The folders are ours, too: the machine may have no /nix, or one that is not ours.
 */
function noStore(): Record<string, string> {
  const root = join(ROOT, '.data/nix')
  return {
    NIX_STORE_DIR: STORE,
    NIX_STATE_DIR: join(root, 'var'),
    NIX_LOG_DIR: join(root, 'log'),
    NIX_CONF_DIR: join(root, 'etc'),
    NIX_REMOTE: 'dummy://',
    XDG_CACHE_HOME: join(root, 'cache'),
  }
}

/** A program of `pkgs.writeShellApplication`: its name, its lines, and the packages on its PATH. */
export interface Program {
  name: string
  text: string
  inputs: string[]
}

/** A host's facts, and every shell program that its units and its administrator can call. */
export function hostPrograms(host: string): { facts: HostFacts; programs: Program[] } {
  const expression = `import ${ROOT}/nixos/tests/programs.nix { host = ${ROOT}/nixos/${host}; }`
  const { status, stdout, stderr } = spawnSync(
    'nix-instantiate',
    ['--eval', '--strict', '--json', '-E', expression],
    {
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 64 * 1024 ** 2,
      env: { ...process.env, ...noStore() },
    },
  )
  if (status !== 0) throw new Error(stderr)
  const said = [...stderr.matchAll(/^trace: (\{.*\})$/gm)].map(([, line = '']) => line)
  const programs = [...new Set(said)].map((line) => JSON.parse(line) as Program)
  return { facts: JSON.parse(stdout) as HostFacts, programs }
}

/** Where the evaluation says that the repository's own files lie. */
export const STORE = join(ROOT, '.data/nix/store')

/** The facts of a host whose file stands below nixos/. */
export function hostFacts(host: string): HostFacts {
  return evaluate<HostFacts>(
    `import ${ROOT}/nixos/tests/facts.nix { host = ${ROOT}/nixos/${host}; }`,
  )
}
