/** One package of package-lock.json, as far as licences need it. */
export interface Locked {
  version?: string
  license?: string
  link?: boolean
  resolved?: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

/** A package that ships, and what it is under. */
export interface Shipped {
  name: string
  version: string
  licence: string
}

/** Licences that ask for nothing but their text, or for changes to the package itself to be shared. */
const FINE = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'Unlicense'],
  ...['BlueOak-1.0.0', 'CC0-1.0', 'CC-BY-4.0', 'Python-2.0', 'OFL-1.1', 'Zlib', 'WTFPL'],
  // Weak copyleft: holds for the package itself, which is used as it is.
  ...['MPL-2.0', 'LGPL-3.0-or-later', 'EPL-2.0'],
])

/** What was looked up by hand: package -> the words of its lock entry that this holds for, and why it may ship. */
export type Exceptions = Record<string, { says: string; reason: string }>

/** What a lock entry without a licence is said to say. */
export const NOTHING = 'nothing'

/** Where Node finds `name` from `folder`, as a key of the lock file. */
function found(packages: Record<string, Locked>, folder: string, name: string): string | undefined {
  for (let at = folder; ; ) {
    const key = `${at ? `${at}/` : ''}node_modules/${name}`
    if (packages[key]) return key
    if (!at) return undefined
    at = at.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$|(?:^|\/)?[^/]+$/, '')
  }
}

/** Everything that the dependencies of workspaces can load, development's left out. */
export function shipped(packages: Record<string, Locked>, workspaces: string[]): Shipped[] {
  const seen = new Set<string>()
  const queue = [...workspaces]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const entry = packages[key] ?? {}
    const names = {
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...(workspaces.includes(key) ? {} : entry.peerDependencies),
    }
    for (const name of Object.keys(names)) {
      const next = found(packages, key, name)
      if (next && !seen.has(next) && !packages[next]?.link) {
        seen.add(next)
        queue.push(next)
      }
    }
  }
  return [...seen]
    .map((key) => {
      const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const entry = packages[key] ?? {}
      return { name, version: entry.version ?? '', licence: entry.license ?? NOTHING }
    })
    .sort((a, b) => a.name.localeCompare(b.name) || a.version.localeCompare(b.version))
}

/** Whether an SPDX expression leaves a licence that fits: one side of OR is enough, AND needs both. */
export function fits(expression: string): boolean {
  const bare = expression.replace(/[()]/g, ' ').trim()
  return bare
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((each) => FINE.has(each.trim())))
}

/** One line for each package whose licence does not fit, and for each exception that nothing needs. */
export function problems(all: Shipped[], exceptions: Exceptions): string[] {
  const unfit = all.filter(({ licence }) => !fits(licence))
  const excused = ({ name, licence }: Shipped) => exceptions[name]?.says === licence
  return [
    ...unfit
      .filter((each) => !excused(each))
      .map(({ name, version, licence }) => `${name}@${version} is under ${licence}`),
    ...Object.keys(exceptions)
      .filter((name) => !unfit.some((each) => each.name === name && excused(each)))
      .map((name) => `${name} has an exception that it does not need`),
  ]
}
