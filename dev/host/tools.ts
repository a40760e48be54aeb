import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
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
    execFileSync(join(import.meta.dirname, 'newer-debian'), ['forky', TOOLS, 'caddy'], {
      timeout: 180_000,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    caddyProgram()
  }
}

/**
 * Programs of a newer Debian, each started with that Debian's own libraries. Root's are where PostgreSQL's
 * user can come, too, wherever the repository lies.
 */
const NEWER =
  process.getuid?.() === 0 ? join(tmpdir(), 'rr-bizops-newer-programs') : join(TOOLS, 'newer')

/** A folder for PATH with rclone and PostgreSQL's client programs of version 17. */
export const NEWER_PROGRAMS = join(NEWER, 'bin')

/**
 * Unpacks them from Debian trixie: this machine's own may be older than the server of the host, and an
 * older pg_dump refuses a newer server.
 * @throws Error when they cannot be had
 */
export function provideNewerPrograms(): void {
  if (existsSync(NEWER_PROGRAMS)) {
    // In a folder of everybody's: nobody else may have put it there.
    if (statSync(NEWER).uid !== process.getuid?.())
      throw new Error(`${NEWER} is not ours: remove it`)
    return
  }
  rmSync(NEWER, { recursive: true, force: true })
  const made = `${NEWER_PROGRAMS}.new`
  mkdirSync(made, { recursive: true })
  const root = join(NEWER, 'root')
  execFileSync(
    join(import.meta.dirname, 'newer-debian'),
    ['trixie', root, 'postgresql-client-17', 'rclone'],
    { timeout: 180_000, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  // The second has the first's names, too, as scripts of Debian's own that choose a version.
  for (const folder of ['usr/bin', 'usr/lib/postgresql/17/bin']) {
    const programs = readdirSync(join(root, folder)).filter((each) =>
      /^pg_|^psql$|^rclone$/.test(each),
    )
    for (const program of programs) wrap(root, join(root, folder, program), join(made, program))
  }
  renameSync(made, NEWER_PROGRAMS)
}

/** Writes a script that starts a program with the libraries of its own Debian. */
function wrap(root: string, program: string, script: string): void {
  const loader = join(root, 'usr/lib64/ld-linux-x86-64.so.2')
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  writeFileSync(script, `#!/bin/sh\nexec ${loader} --library-path ${libraries} ${program} "$@"\n`)
  chmodSync(script, 0o755)
}
