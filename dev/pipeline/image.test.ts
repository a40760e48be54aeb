import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'
import { ROOT } from './workflow.ts'

const SHA = '0f'.repeat(20)
const KEY = 'c2VydmVyIGFjdGlvbnMga2V5IG9mIHRoZSB0ZXN0cyE='
const TOKEN = 'ghs_of_the_job'
const ENV = {
  PUSH: 'true',
  IMAGES: 'ghcr.io/scientific-oops/rr-bizops',
  GITHUB_SHA: SHA,
  GITHUB_REPOSITORY: 'scientific-oops/rr-bizops',
  GITHUB_SERVER_URL: 'https://github.com',
  REGISTRY_USER: 'developer',
  REGISTRY_TOKEN: TOKEN,
}
const STOREFRONT = {
  APP: 'storefront',
  NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.research-relay.com',
  NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: `pk_${'a'.repeat(64)}`,
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: KEY,
}
const PLAIN = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] })
const INDEX = JSON.stringify({ schemaVersion: 2, manifests: [] })

let box: Sandbox
beforeAll(() => {
  box = new Sandbox()
  box.commit({ 'README.md': 'a shop' })
})
afterAll(() => box.remove())

/** A docker whose builds end with `code` and whose registry then holds `manifest`. */
function docker(manifest = PLAIN, code = 0): void {
  box.fake(
    'docker',
    `case "$1 $2" in
  'buildx inspect') exit 1 ;;
  'buildx build') printf '%s' "\${NEXT_SERVER_ACTIONS_ENCRYPTION_KEY:-}" >"$TOLD/key"; exit ${code} ;;
  'buildx imagetools') echo '${manifest}' ;;
  login*) cat >"$TOLD/password" ;;
esac`,
  )
}
beforeEach(() => docker())

const build = (env: { [name: string]: string }) => box.run('build-image', [], { ...ENV, ...env })
const built = (calls: string[]) =>
  calls.find((call) => call.startsWith('docker buildx build')) ?? ''

describe('an image', () => {
  it('of Medusa is pushed under its commit and latest', () => {
    const { code, calls, outputs } = build({ APP: 'medusa' })
    expect({ code, outputs }).toEqual({ code: 0, outputs: { sha: SHA } })
    const image = 'ghcr.io/scientific-oops/rr-bizops/medusa'
    for (const option of [
      ...['--target runner', '--platform linux/amd64', '--file app/Dockerfile', '--push .'],
      ...[`--tag ${image}:${SHA}`, `--tag ${image}:latest`, `--build-arg GIT_SHA=${SHA}`],
      ...['--provenance=false --sbom=false'],
      `--label org.opencontainers.image.source=https://github.com/scientific-oops/rr-bizops`,
    ]) {
      expect(built(calls)).toContain(option)
    }
    expect(built(calls)).not.toContain('NEXT_')
  })

  it('of the storefront gets the public addresses and keys as arguments, and its secret as a secret', () => {
    const { code, calls, stdout, stderr } = build(STOREFRONT)
    expect(code).toBe(0)
    for (const option of [
      ...['--file storefront/Dockerfile', '--target runner'],
      '--build-arg NEXT_PUBLIC_MEDUSA_BACKEND_URL=https://api.research-relay.com',
      `--build-arg NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY=pk_${'a'.repeat(64)}`,
      '--secret id=server_actions_key\\,env=NEXT_SERVER_ACTIONS_ENCRYPTION_KEY',
    ]) {
      expect(built(calls)).toContain(option)
    }
    expect(box.told('key')).toBe(KEY)
    expect([...calls, stdout, stderr].join('\n')).not.toContain(KEY)
  })

  it('is built by a builder that is pinned by its digest', () => {
    const { calls } = build({ APP: 'medusa' })
    expect(calls.join('\n')).toMatch(
      /docker buildx create --name images --driver docker-container --driver-opt image=moby\/buildkit:v[\d.]+@sha256:[0-9a-f]{64}\n/,
    )
  })

  it('leaves no cache anywhere', () => {
    for (const env of [{ APP: 'medusa' }, STOREFRONT]) {
      expect(build(env).calls.join('\n')).not.toContain('cache')
    }
  })

  it('of a pull request is built with throw-away keys and pushed nowhere', () => {
    const { code, calls, outputs } = build({
      ...{ APP: 'storefront', PUSH: 'false', REGISTRY_TOKEN: '' },
      NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.research-relay.com',
    })
    expect({ code, outputs }).toEqual({ code: 0, outputs: {} })
    expect(calls.join('\n')).not.toMatch(/login|--push|--tag/)
    expect(Buffer.from(box.told('key'), 'base64')).toHaveLength(32)
  })
})

describe('the registry', () => {
  it('gets the job’s token on standard input, and is left again', () => {
    const { calls, stdout, stderr } = build({ APP: 'medusa' })
    expect(box.told('password')).toBe(`${TOKEN}\n`)
    expect(calls).toContain('docker login ghcr.io --username developer --password-stdin')
    expect(calls.at(-1)).toBe('docker logout ghcr.io')
    expect([...calls, stdout, stderr].join('\n')).not.toContain(TOKEN)
  })

  it('is left after a build that failed, too, and the failure stays one', () => {
    docker(PLAIN, 17)
    const { code, calls, outputs } = build({ APP: 'medusa' })
    expect({ code, outputs }).toEqual({ code: 17, outputs: {} })
    expect(calls.at(-1)).toBe('docker logout ghcr.io')
  })

  it('that holds an index instead of a plain manifest fails the build', () => {
    docker(INDEX)
    const { code, outputs, stderr } = build({ APP: 'medusa' })
    expect({ code, outputs }).toEqual({ code: 1, outputs: {} })
    expect(stderr).toContain('is an index')
  })
})

it.each([
  ['an app that is not ours', { APP: 'medusa/../x' }, 'APP'],
  [
    'no key for server functions',
    { ...STOREFRONT, NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: '' },
    'open tabs',
  ],
  ['no publishable key', { ...STOREFRONT, NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: '' }, 'pk_ and 64'],
  [
    'half a publishable key',
    { ...STOREFRONT, NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: 'pk_12' },
    'pk_ and 64',
  ],
])('%s is refused before anything is built', (_, env, line) => {
  const { code, calls, stderr } = build(env)
  expect(code).not.toBe(0)
  expect(calls).toEqual([])
  expect(stderr).toContain(line)
})

describe.each([
  ['medusa', 'app/Dockerfile', { APP: 'medusa' }],
  ['storefront', 'storefront/Dockerfile', STOREFRONT],
])('the Dockerfile of %s', (app, file, env) => {
  const text = readFileSync(join(ROOT, file), 'utf8')

  it('has the stage and takes each argument and secret that it is given', () => {
    const call = built(build(env).calls)
    expect(text).toMatch(/^FROM .* AS runner$/m)
    const names = [...call.matchAll(/--build-arg (\w+)=/g)].map(([, name]) => name)
    expect(names).toContain('GIT_SHA')
    for (const name of names) expect(text).toMatch(new RegExp(`^ARG ${name}\\b`, 'm'))
    for (const [, id] of call.matchAll(/--secret id=(\w+)/g)) {
      expect(text).toMatch(new RegExp(`--mount=type=secret,\\S*\\bid=${id}\\b`))
    }
  })

  it('copies nothing whose change would not build it anew', () => {
    const paths = readFileSync(join(ROOT, '.github/paths'), 'utf8').matchAll(
      new RegExp(`^image-${app} +([^:\\s]+)$`, 'gm'),
    )
    const known = [...paths].map(([, path]) => path ?? '')
    const copied = [...text.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words]) =>
      (words ?? '').split(/\s+/).slice(0, -1),
    )
    // Packages are compared by what the lock says of the workspace.
    const others = copied.filter((path) => !/(^|\/)package(-lock)?\.json$/.test(path))
    expect(others.length).toBeGreaterThan(2)
    for (const path of others) {
      expect(
        known.some((each) => each === path || (each.endsWith('/') && `${path}/`.startsWith(each))),
      ).toBe(true)
    }
  })
})
