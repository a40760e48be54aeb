import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes npm's production tree as small as the running server needs: `node production-tree.ts FOLDER WORKSPACE`
 * in app/Dockerfile, after `npm ci --omit=dev`.
 *
 * Whole packages: whatever is not reachable from the workspace's dependencies once the edges of `CUT`
 * are gone. A package that our own code starts to use is reachable again by itself, so this list
 * changes only when Medusa's own packages do; dev/images/*.test.ts start all that the image can do.
 * Single files: what no program reads (`isDeadWeight`).
 */

interface Manifest {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}

interface Lock {
  packages: Record<string, Manifest & { link?: boolean; resolved?: string }>
}

/**
 * Dependencies that a package names but does not load in `start`, `db:migrate` and `exec`.
 * `keep`: all others of that package are cut.
 */
const CUT: Record<string, { keep: string[]; why: string }> = {
  '@medusajs/admin-bundler': {
    keep: ['@medusajs/admin-shared', 'compression', 'express', 'outdent'],
    why: 'serves the built admin; vite, tailwind and the dashboard are loaded only to build it',
  },
  '@medusajs/draft-order': {
    keep: [],
    why: 'on the server an empty plugin; its pages are part of the built admin',
  },
  '@jercle/yargonaut': {
    keep: [],
    why: "colours the help text of MikroORM's command line, which nothing here calls",
  },
  '@sentry/node': {
    keep: [
      '@opentelemetry/api',
      '@sentry/conventions',
      '@sentry/core',
      '@sentry/opentelemetry',
      '@sentry/server-runtime-injection',
      '@sentry/server-utils',
    ],
    why: 'its plugins of bundlers, and the uploader below them, are loaded by builds only',
  },
  '@medusajs/analytics-posthog': {
    keep: [],
    why: 'loaded only when PostHog is configured',
  },
}

/** Folders at a package's root that hold no program. */
const DEAD_FOLDERS = new Set([
  ...['test', 'tests', '__tests__', '__mocks__', 'docs', 'example', 'examples'],
  ...['benchmark', 'benchmarks', '.github', '.vscode'],
])

/** Source maps, types, sources of what is compiled, tests, notes; licences stay. */
function isDeadWeight(name: string): boolean {
  if (/^(licen[cs]e|notice|copying)/i.test(name)) return false
  return /\.(map|ts|mts|cts|tsx|flow|md|markdown|tsbuildinfo)$|\.test\.[cm]?js$/i.test(name)
}

/** Where Node finds `name` when the package at `from` asks for it, or undefined. */
function resolve(packages: Lock['packages'], from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, at.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    const path = `${at ? `${at}/` : ''}node_modules/${name}`
    if (packages[path]) return path
    if (!at.includes('node_modules/')) {
      // A workspace's own folder, then the root's.
      const root = `node_modules/${name}`
      return packages[root] ? root : undefined
    }
  }
}

function wanted(path: string, manifest: Manifest): string[] {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const names = [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}).filter(
      (peer) => !manifest.peerDependenciesMeta?.[peer]?.optional,
    ),
  ]
  const cut = CUT[name]
  return cut ? names.filter((each) => cut.keep.includes(each)) : names
}

/**
 * Paths (as in the lock file) of every package that the workspace can reach. The link to another workspace
 * is none: its built files come by the Dockerfile.
 */
export function reachable(
  packages: Lock['packages'],
  workspace: string,
  own: Manifest,
): Set<string> {
  const found = new Set<string>()
  const open = Object.keys(own.dependencies ?? {}).map((name) => [workspace, name] as const)
  for (let next = open.pop(); next; next = open.pop()) {
    const path = resolve(packages, ...next)
    if (!path || found.has(path)) continue
    const { link, resolved } = packages[path] ?? {}
    const at = link && resolved ? resolved : path
    if (!link) found.add(path)
    for (const name of wanted(at, packages[at] ?? {})) open.push([at, name])
  }
  return found
}

/** Removes dead files below a package, but never enters the packages inside it. */
function strip(folder: string, atRoot: boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (atRoot && entry.name === 'node_modules') continue
      if (atRoot && DEAD_FOLDERS.has(entry.name)) rmSync(path, { recursive: true })
      else strip(path, false)
    } else if (isDeadWeight(entry.name)) rmSync(path)
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function main(root: string, workspace: string): void {
  const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
  // What npm did install here; the lock file names other platforms' packages, too.
  const { packages }: Lock = read('node_modules/.package-lock.json')
  const keep = reachable(packages, workspace, read(`${workspace}/package.json`))
  // Innermost first: a package that goes must not take one that stays with it.
  const paths = Object.keys(packages).sort((a, b) => b.length - a.length)
  let removed = 0
  for (const path of paths) {
    const folder = join(root, path)
    if (!exists(folder)) continue
    if (keep.has(path)) strip(folder, true)
    else if (![...keep].some((each) => each.startsWith(`${path}/`))) {
      rmSync(folder, { recursive: true })
      removed += 1
    }
  }
  console.log(`${keep.size} packages stay, ${removed} are removed`)
}

const [root, workspace] = process.argv.slice(2)
if (import.meta.main && root && workspace) main(root, workspace)
