// workspace-packages.mjs COMMIT WORKSPACE: one line for each package that npm installs for a workspace
// by COMMIT's package-lock.json, so that a lock changed for one app does not rebuild the other.
import { execFileSync } from 'node:child_process'

const [commit, workspace] = process.argv.slice(2)
const read = (path) =>
  JSON.parse(execFileSync('git', ['show', `${commit}:${path}`], { maxBuffer: 64 * 1024 ** 2 }))

const { packages } = read('package-lock.json')
const { workspaces, overrides, allowScripts } = read('package.json')

/** Where Node finds a package, seen from a folder of the lock: nearest node_modules first. */
function find(from, name) {
  const path = from ? `${from}/node_modules/${name}` : `node_modules/${name}`
  if (packages[path] || !from) return packages[path] && path
  return find(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}

const found = new Set()
const pending = [workspace]
for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
  if (found.has(path)) continue
  found.add(path)
  const entry = packages[path]
  if (!entry) throw new Error(`${commit} has no ${path} in package-lock.json`)
  if (entry.link) pending.push(entry.resolved)
  const names = Object.keys({
    ...entry.dependencies,
    ...entry.optionalDependencies,
    ...entry.peerDependencies,
    // Only a workspace has these in the lock; its build needs them.
    ...entry.devDependencies,
  })
  pending.push(...names.map((name) => find(path, name)).filter((each) => each !== undefined))
}

console.log(JSON.stringify({ workspaces, overrides, allowScripts }))
for (const path of [...found].sort()) {
  const { version, integrity } = packages[path]
  console.log(path, version, integrity ?? '')
}
