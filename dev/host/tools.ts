import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './nix.ts'

/** Programs that are unpacked from a newer Debian lie here. */
export const TOOLS = join(ROOT, '.data/tools')

/** The declared Caddyfile needs trusted_proxies_strict and client_ip_headers. */
const CADDY_LEAST = [2, 8]

function versionOf(program: string): number[] {
  try {
    const text = execFileSync(program, ['version'], { encoding: 'utf8', timeout: 10_000 })
    return (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number)
  } catch {
    return []
  }
}

/** Path of a Caddy new enough for our Caddyfile: this machine's, or the one that npm test unpacked. */
export function caddyProgram(): string {
  const candidates = ['caddy', join(TOOLS, 'usr/bin/caddy')]
  const found = candidates.find((program) => {
    const [major = 0, minor = 0] = versionOf(program)
    return (
      major > (CADDY_LEAST[0] ?? 0) || (major === CADDY_LEAST[0] && minor >= (CADDY_LEAST[1] ?? 0))
    )
  })
  if (!found) throw new Error(`tests of the host need caddy ${CADDY_LEAST.join('.')} or newer`)
  return found
}

/**
 * Unpacks a newer Caddy where this machine has none that is new enough.
 * @throws Error when it cannot be had
 */
export function provideCaddy(): void {
  try {
    caddyProgram()
  } catch {
    execFileSync(join(import.meta.dirname, 'newer-debian'), ['forky', 'caddy', TOOLS], {
      timeout: 180_000,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    caddyProgram()
  }
}
