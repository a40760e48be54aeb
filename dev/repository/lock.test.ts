import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

interface Locked {
  version?: string
  resolved?: string
  link?: boolean
}
interface Manifest {
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const json = <T>(path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as T
const { packages } = json<{ packages: Record<string, Locked> }>('package-lock.json')
const wanted = (path: string) => {
  const manifest = json<Manifest>(path)
  return { ...manifest.dependencies, ...manifest.devDependencies }
}

describe('the lock file', () => {
  it('names no address to download from', () => {
    const addressed = Object.entries(packages).filter(([, entry]) => entry.resolved && !entry.link)
    expect(addressed).toEqual([])
  })

  it('holds one version of every package of the Medusa family', () => {
    const versions = new Set(
      Object.entries(packages)
        .filter(([path]) => /node_modules\/@medusajs\/[^/]+$/.test(path))
        // The design system has a version line of its own.
        .filter(([path]) => !path.endsWith('/ui'))
        .map(([, entry]) => entry.version),
    )
    expect([...versions]).toEqual([wanted('app/package.json')['@medusajs/medusa']])
  })
})

describe('the workspaces', () => {
  // app/Dockerfile takes the root's packages; a nested one would be another version in the image.
  it('have no package of app below app/: its image would run with another version', () => {
    const nested = Object.keys(packages).filter((path) => /^app\/node_modules\//.test(path))
    expect(nested).toEqual([])
  })

  it('keep React 18 in app, React 19 in storefront and none at the root', () => {
    expect(wanted('app/package.json').react).toMatch(/^18\./)
    expect(wanted('storefront/package.json').react).toMatch(/^19\./)
    expect(wanted('package.json').react).toBeUndefined()
  })

  it('share one TypeScript that still has a compiler API', () => {
    const versions = [
      'package.json',
      'telemetry/package.json',
      'app/package.json',
      'storefront/package.json',
    ].map((path) => wanted(path).typescript)
    expect(new Set(versions).size).toBe(1)
    expect(versions[0]).toMatch(/^5\./)
  })
})
