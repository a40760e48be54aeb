import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { HOST, hostThatSays, NOWHERE, running, Sandbox } from './sandbox.ts'
import { ROOT } from './workflow.ts'

// Each test starts dozens of small programs; two busy cores need a while for them.
vi.setConfig({ testTimeout: 30_000 })

/** A lock of two apps: lodash is both's, sentry that of what both share, react the storefront's alone. */
function lock(versions: { [name in 'lodash' | 'react' | 'sentry' | 'vitest']?: string } = {}) {
  const { lodash = '1.0.0', react = '1.0.0', sentry = '1.0.0', vitest = '1.0.0' } = versions
  return JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { workspaces: ['app', 'storefront'], devDependencies: { vitest: '*' } },
      telemetry: { dependencies: { sentry: '*' } },
      app: { dependencies: { lodash: '*', telemetry: '*' }, devDependencies: { typescript: '*' } },
      storefront: { dependencies: { lodash: '*', telemetry: '*', view: '*' } },
      'node_modules/telemetry': { resolved: 'telemetry', link: true },
      'node_modules/app': { resolved: 'app', link: true },
      'node_modules/storefront': { resolved: 'storefront', link: true },
      'node_modules/lodash': { version: lodash },
      'node_modules/sentry': { version: sentry },
      'node_modules/typescript': { version: '1.0.0' },
      'node_modules/view': { version: '1.0.0', peerDependencies: { react: '*' } },
      'node_modules/react': { version: '0.9.0' },
      'storefront/node_modules/react': { version: '0.1.0' },
      'node_modules/view/node_modules/react': { version: react },
      'node_modules/vitest': { version: vitest },
    },
  })
}
const manifest = (fields = {}) =>
  JSON.stringify({ name: 'shop', workspaces: ['app', 'storefront'], ...fields })

let box: Sandbox
let first: string
beforeAll(() => {
  box = new Sandbox()
  first = box.commit({
    'README.md': 'a shop',
    'app/src/cart.ts': '1',
    'storefront/src/cart.ts': '1',
    'flake.lock': '1',
    'package.json': manifest(),
    'package-lock.json': lock(),
  })
})
afterAll(() => box.remove())

/** The apps that the plan wants built, on a host that says this. */
function plan(status: object, env: { [name: string]: string } = {}) {
  box.fake('ssh', hostThatSays(status))
  const outcome = box.run('plan', [], { ...HOST, ...env })
  const { outputs } = outcome
  return { ...outcome, apps: Object.keys(outputs).filter((app) => outputs[app] === 'true') }
}

/** The apps that are built after these files were changed. */
function appsFor(files: { [path: string]: string }): string[] {
  box.commit(files)
  const { apps, code, stderr } = plan(running(first, first))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  box.git('reset', '--quiet', '--hard', first)
  box.git('update-ref', 'refs/remotes/origin/main', first)
  return apps
}

describe('a push to main builds', () => {
  it.each([
    ['the storefront after a change of it alone', 'storefront/src/cart.ts', ['storefront']],
    ['Medusa after a change of it alone', 'app/src/cart.ts', ['medusa']],
    ['both after a change of what both share', 'telemetry/src/record.ts', ['medusa', 'storefront']],
    ['nothing after a change of text', 'docs/new.md', []],
    ['nothing after a change of the host', 'nixos/modules/caddy.nix', []],
    ['nothing after a bump of nixpkgs', 'flake.lock', []],
    ['nothing after a change of a test', 'app/src/cart.test.ts', []],
    ['nothing after a change of a test of both', 'telemetry/src/record.test.ts', []],
    ['nothing after a change of what developers run', 'dev/shop/main.ts', []],
    [
      'both after a change of what both compile with',
      'tsconfig.base.json',
      ['medusa', 'storefront'],
    ],
  ])('%s', (_, file, apps) => {
    expect(appsFor({ [file]: '2' })).toEqual(apps)
  })

  it('the storefront alone when only a package of it is newer in the lock', () => {
    expect(appsFor({ 'package-lock.json': lock({ react: '1.0.1' }) })).toEqual(['storefront'])
  })

  it.each(['lodash', 'sentry'])('both when a package of both is newer: %s', (name) => {
    expect(appsFor({ 'package-lock.json': lock({ [name]: '1.0.1' }) })).toEqual([
      'medusa',
      'storefront',
    ])
  })

  it('nothing when only a tool of the repository is newer', () => {
    expect(appsFor({ 'package-lock.json': lock({ vitest: '1.0.1' }) })).toEqual([])
  })

  it('nothing for a new command in package.json, both for a new override', () => {
    expect(appsFor({ 'package.json': manifest({ scripts: { bench: 'node bench' } }) })).toEqual([])
    expect(appsFor({ 'package.json': manifest({ overrides: { lodash: '2' } }) })).toEqual([
      'medusa',
      'storefront',
    ])
  })

  it('nothing for a change that was taken back before it was deployed', () => {
    box.commit({ 'app/src/cart.ts': '2' })
    expect(appsFor({ 'app/src/cart.ts': '1' })).toEqual([])
  })
})

describe('what the host has had', () => {
  it('nothing yet: everything is built', () => {
    const { apps, outputs } = plan(running(null, null))
    expect(apps).toEqual(['medusa', 'storefront'])
    expect(outputs).toEqual({ medusa: 'true', storefront: 'true' })
  })

  it('one app only: the other is built', () => {
    expect(plan(running(first, null)).apps).toEqual(['storefront'])
  })

  it('a commit that a force push has taken away: everything is built', () => {
    const { apps, stdout } = plan(running(NOWHERE, NOWHERE))
    expect(apps).toEqual(['medusa', 'storefront'])
    expect(stdout).toContain('which is not in this history')
  })

  it('the changes of a deploy that failed are in the next one', () => {
    box.commit({ 'app/src/cart.ts': 'the deploy of this one failed' })
    expect(appsFor({ 'storefront/src/cart.ts': '2' })).toEqual(['medusa', 'storefront'])
  })

  it('each app is compared with its own release', () => {
    const second = box.commit({ 'app/src/cart.ts': '2' })
    box.commit({ 'storefront/src/cart.ts': '2' })
    expect(plan(running(second, first)).apps).toEqual(['storefront'])
    box.git('reset', '--quiet', '--hard', first)
    box.git('update-ref', 'refs/remotes/origin/main', first)
  })

  it('a release that somebody left on purpose is not put back by a change of something else', () => {
    const broken = box.commit({ 'app/src/cart.ts': 'broken' })
    const back = {
      apps: { ...running(first, broken).apps, medusa: { current: first, previous: broken } },
    }
    box.commit({ 'storefront/src/cart.ts': '2' })
    expect(plan(back).apps).toEqual(['storefront'])
    box.commit({ 'app/src/cart.ts': 'mended' })
    expect(plan(back).apps).toEqual(['medusa', 'storefront'])
    box.git('reset', '--quiet', '--hard', first)
    box.git('update-ref', 'refs/remotes/origin/main', first)
  })
})

describe('a plan', () => {
  it('deploys nothing from a run that main has overtaken', () => {
    box.commit({ 'app/src/cart.ts': '2' })
    box.git('reset', '--quiet', '--hard', first)
    const { apps, stdout } = plan(running(NOWHERE, NOWHERE))
    expect(apps).toEqual([])
    expect(stdout).toContain('main has moved on')
    box.git('update-ref', 'refs/remotes/origin/main', first)
  })

  it('stops when it cannot tell where main is', () => {
    box.git('update-ref', '-d', 'refs/remotes/origin/main')
    expect(plan(running(null, null))).toMatchObject({ code: 128, outputs: {} })
    box.git('update-ref', 'refs/remotes/origin/main', first)
  })

  it('stops when the host does not answer', () => {
    box.fake('ssh', 'exit 255')
    expect(box.run('plan', [], HOST)).toMatchObject({ code: 255, outputs: {} })
  })

  it.each(['', '{}', '{"apps":{"medusa":{}}}', 'maintenance'])(
    'stops when the host answers "%s"',
    (answer) => {
      box.fake('ssh', `echo '${answer}'`)
      const { code, outputs } = box.run('plan', [], HOST)
      expect(code).not.toBe(0)
      expect(outputs).toEqual({})
    },
  )

  it('goes on when the shop is not healthy: it may be the one that mends it', () => {
    box.fake('ssh', `echo '${JSON.stringify(running(null, null))}'; exit 1`)
    expect(box.run('plan', [], HOST)).toMatchObject({ code: 0, outputs: { medusa: 'true' } })
  })

  it.each([
    ['medusa', ['medusa']],
    ['storefront', ['storefront']],
    ['both', ['medusa', 'storefront']],
  ])('by hand builds %s, changed or not', (APPS, apps) => {
    const head = box.commit({ 'docs/empty.md': APPS })
    expect(plan(running(first, first), { APPS })).toMatchObject({ code: 0, apps })
    const { code, stderr } = plan(running(head, head), { APPS })
    expect(code).toBe(1)
    expect(stderr).toContain('give it a commit')
  })

  it('by hand refuses any other word before the host is asked', () => {
    const { code, outputs, calls } = plan(running(null, null), { APPS: 'all; id' })
    expect({ code, outputs, calls }).toEqual({ code: 2, outputs: {}, calls: [] })
  })
})

it('the real lock file gives each app its own packages', () => {
  const script = join(ROOT, '.github/scripts/workspace-packages.mjs')
  const names = (workspace: string) => {
    const output = execFileSync('node', [script, 'HEAD', workspace], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    return output.split('\n').map((line) => line.split(' ')[0]?.replace(/^.*node_modules\//, ''))
  }
  const [app, storefront] = [names('app'), names('storefront')]
  expect(app).toEqual(
    expect.arrayContaining(['@medusajs/medusa', '@sentry/node', 'vite', 'express']),
  )
  expect(storefront).toEqual(expect.arrayContaining(['next', '@sentry/node', 'react-dom']))
  expect(storefront).not.toContain('@medusajs/medusa')
  expect(app).not.toContain('next')
})
