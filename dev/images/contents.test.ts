import { beforeAll, describe, expect, it } from 'vitest'
import { docker, type Layer, ownLayers, SHA, TAG, weigh } from './engine.ts'

/** What may weigh how much, in MB (10^6 bytes), without the base image. */
const BARS = {
  medusa: { unpackedMb: 350, packedMb: 60 },
  storefront: { unpackedMb: 60, packedMb: 25 },
}

/** The folders of each image that its user may write to; at run time volumes or a tmpfs. */
const WRITABLE = {
  medusa: ['/app/private-files', '/app/static'],
  storefront: ['/app/storefront/.next/cache'],
}

/** What only a developer or the build has. */
const FOREIGN = [
  /\/\.env/,
  /\/\.git(\/|$)/,
  /\/\.npmrc$/,
  /^\/(root|home|repository)\/./,
  /\.test\.[cm]?[jt]sx?$/,
  /^\/app\/(dev|docs|nixos)(\/|$)/,
  /^\/app\/(storefront\/)?src\/.*\.tsx?$/,
  /\/node_modules\/.*\.map$/,
  /\.(pem|key|crt)$/,
  /\/node_modules\/(vitest|typescript|@biomejs|playwright-core|vite|rollup|esbuild|@swc\/core|@medusajs\/dashboard)\//,
]

interface Config {
  User: string
  Env: string[]
  Labels: Record<string, string>
  Healthcheck: { Test: string[] }
}

describe.each(['medusa', 'storefront'] as const)('the image of %s', (app) => {
  let layers: Layer[]
  let config: Config

  beforeAll(async () => {
    layers = await ownLayers(TAG[app])
    config = JSON.parse(
      await docker(['image', 'inspect', '--format', '{{json .Config}}', TAG[app]]),
    )
  })

  it('is small', () => {
    const { unpackedMb, packedMb } = weigh(layers)
    console.log(`${app}: ${unpackedMb.toFixed(1)} MB, ${packedMb.toFixed(1)} MB compressed`)
    for (const layer of layers.filter(({ files }) => files.length > 2)) {
      const one = weigh([layer])
      console.log(
        `  ${layer.files[1]?.path}…: ${one.unpackedMb.toFixed(2)} MB, ${one.packedMb.toFixed(2)} MB compressed`,
      )
    }
    expect(unpackedMb).toBeLessThan(BARS[app].unpackedMb)
    expect(packedMb).toBeLessThan(BARS[app].packedMb)
  })

  it('runs as a user who is not root', () => {
    expect(config.User).toBe('1000:1000')
  })

  it('says which commit it is built from', () => {
    expect(config.Labels['org.opencontainers.image.revision']).toBe(SHA)
    expect(config.Env).toContain(`GIT_SHA=${SHA}`)
  })

  it('asks for its health with what it has', () => {
    expect(config.Healthcheck.Test.slice(0, 3)).toEqual(['CMD', 'node', '-e'])
  })

  it('lets its user change nothing but one folder', () => {
    const files = layers.flatMap((layer) => layer.files)
    const own = files.filter(({ owner }) => owner !== '0/0').map(({ path }) => path)
    expect(own).toEqual(WRITABLE[app])
    const open = files.filter(({ mode }) => !mode.startsWith('l') && mode[8] === 'w')
    expect(open).toEqual([])
  })

  it('has no file of a developer, of the build or of a test', () => {
    const paths = layers.flatMap((layer) => layer.files.map(({ path }) => path))
    expect(paths.length).toBeGreaterThan(100)
    expect(paths.filter((path) => FOREIGN.some((pattern) => pattern.test(path)))).toEqual([])
  })

  it('has no secret in its settings or its history', async () => {
    const names = config.Env.map((each) => each.split('=')[0] ?? '')
    expect(names.filter((name) => /SECRET|PASSWORD|TOKEN|DATABASE|_KEY/.test(name))).toEqual([])
    const history = await docker(['history', '--no-trunc', '--format', '{{.CreatedBy}}', TAG[app]])
    expect(history).not.toMatch(/SECRET=|PASSWORD=|TOKEN=/)
  })
})
