import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const json = <T>(path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T

const { packages } = json<{
  packages: Record<string, { version?: string; hasInstallScript?: boolean; os?: string[] }>
}>('package-lock.json')
const { allowScripts } = json<{ allowScripts: Record<string, boolean> }>('package.json')

/** `name@version` of every package that would run a program when it is installed on Linux. */
const scripted = Object.entries(packages)
  .filter(([, { hasInstallScript, os }]) => hasInstallScript && (!os || os.includes('linux')))
  .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, '')}@${version}`)

describe('programs that run when packages are installed', () => {
  it('are each decided upon by name and version', () => {
    expect(scripted.length).toBeGreaterThan(3)
    expect([...new Set(scripted)].filter((each) => allowScripts[each] === undefined)).toEqual([])
  })

  it('are not allowed for what is not installed any more', () => {
    expect(Object.keys(allowScripts).filter((each) => !scripted.includes(each))).toEqual([])
  })

  it('do not run in an image', () => {
    for (const app of ['app', 'storefront']) {
      const recipe = readFileSync(join(ROOT, app, 'Dockerfile'), 'utf8')
      const installs = recipe.match(/npm ci(?:[^\n]*\\\n)*[^\n]*/g) ?? []
      expect(installs.length, app).toBeGreaterThan(0)
      for (const install of installs) expect(install, app).toContain('--ignore-scripts')
    }
  })
})
