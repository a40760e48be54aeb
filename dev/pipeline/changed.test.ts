import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOWHERE, Sandbox } from './sandbox.ts'

let box: Sandbox
let base: string
beforeAll(() => {
  box = new Sandbox()
  base = box.commit({
    'README.md': 'a shop',
    'app/src/cart.ts': '1',
    'storefront/src/cart.ts': '1',
  })
})
afterAll(() => box.remove())

/** The jobs that a pull request with these files runs. */
function jobsFor(files: { [path: string]: string | null }): string[] {
  const head = box.commit(files)
  const { code, outputs, stderr } = box.run('changed', [], { BASE_SHA: base, HEAD_SHA: head })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  box.git('reset', '--quiet', '--hard', base)
  return Object.keys(outputs).filter((job) => outputs[job] === 'true')
}

describe('a pull request', () => {
  it.each([
    ['to Medusa runs no job of the storefront', ['app/src/cart.ts'], ['app']],
    ['to the storefront runs no job of Medusa', ['storefront/src/new.ts'], ['storefront']],
    ['to what both share tests the whole shop', ['telemetry/src/record.ts'], ['shop']],
    ['to text runs nothing', ['README.md', 'docs/new.md', 'SECURITY.md'], []],
    ['to the host runs its own job', ['nixos/modules/caddy.nix'], ['nixos']],
    ['to the lock of nixpkgs runs the host’s', ['flake.lock'], ['nixos']],
    ['to the host’s tests runs the host’s', ['dev/host/caddy.test.ts'], ['nixos']],
    [
      'to the pipeline runs the pipeline’s',
      ['.github/scripts/plan', 'dev/pipeline/x.test.ts'],
      ['pipeline'],
    ],
    ['to a Dockerfile builds the images', ['app/Dockerfile'], ['app', 'images']],
    [
      'to a variable of Medusa looks at the host’s list',
      ['app/src/environment.ts'],
      ['app', 'nixos'],
    ],
    ['to what developers run tests the whole shop', ['dev/shop/main.ts'], ['shop']],
    [
      'to the packages tests the whole shop and the images',
      ['package-lock.json'],
      ['images', 'shop'],
    ],
    [
      'to both apps tests the whole shop instead of each',
      ['app/a.ts', 'storefront/a.ts'],
      ['shop'],
    ],
  ])('%s', (_, files, jobs) => {
    expect(jobsFor(Object.fromEntries(files.map((file) => [file, 'changed'])))).toEqual(jobs)
  })

  it('that only removes a file counts as a change of its place', () => {
    expect(jobsFor({ 'storefront/src/cart.ts': null })).toEqual(['storefront'])
  })

  it('that moves a file counts at both places', () => {
    expect(jobsFor({ 'storefront/src/cart.ts': null, 'dev/shop/cart.ts': '1' })).toEqual(['shop'])
    expect(jobsFor({ 'app/src/cart.ts': null, 'nixos/cart.ts': '1' })).toEqual(['app', 'nixos'])
  })

  it('does not count what main did since its branch began', () => {
    const head = box.commit({ 'app/src/cart.ts': 'mine' })
    box.git('reset', '--quiet', '--hard', base)
    const newer = box.commit({ 'storefront/src/cart.ts': 'theirs' })
    const { outputs } = box.run('changed', [], { BASE_SHA: newer, HEAD_SHA: head })
    box.git('reset', '--quiet', '--hard', base)
    expect(outputs).toMatchObject({ app: 'true', storefront: 'false', shop: 'false' })
  })

  it('with a commit that is not there fails instead of skipping everything', () => {
    const { code, outputs } = box.run('changed', [], { BASE_SHA: base, HEAD_SHA: NOWHERE })
    expect(code).not.toBe(0)
    expect(outputs).toEqual({})
  })
})

it('without a pull request everything runs, the suites of the apps as part of the whole shop', () => {
  const { outputs } = box.run('changed', [], { BASE_SHA: '', HEAD_SHA: '' })
  expect(outputs).toEqual({
    ...{ app: 'false', storefront: 'false', pipeline: 'false' },
    ...{ nixos: 'true', images: 'true', shop: 'true' },
  })
})
