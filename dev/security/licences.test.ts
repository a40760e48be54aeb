import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fits, type Locked, problems, shipped } from './licences.ts'

describe('a licence', () => {
  it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT', 'GPL-2.0 OR MIT', 'LGPL-3.0-or-later'])(
    'fits: %s',
    (licence) => expect(fits(licence)).toBe(true),
  )

  it.each([
    ...['AGPL-3.0', 'GPL-3.0-only', 'GPL-2.0-or-later', 'SSPL-1.0', 'BUSL-1.1', 'UNLICENSED'],
    ...['MIT AND GPL-3.0', 'nothing', '', 'SEE LICENSE IN LICENSE'],
  ])('does not fit: %s', (licence) => expect(fits(licence)).toBe(false))
})

/** app needs a, which has a b of its own; storefront is developed with c, and d comes with a as a peer. */
const packages: Record<string, Locked> = {
  '': {},
  app: { dependencies: { a: '1' } },
  storefront: { dependencies: {} },
  'node_modules/a': {
    version: '1.0.0',
    license: 'MIT',
    dependencies: { b: '2' },
    peerDependencies: { d: '1' },
  },
  'node_modules/a/node_modules/b': { version: '2.0.0', license: 'AGPL-3.0' },
  'node_modules/b': { version: '1.0.0', license: 'MIT' },
  'node_modules/c': { version: '1.0.0', license: 'GPL-3.0' },
  'node_modules/d': { version: '1.0.0' },
  'app/node_modules/d': { version: '9.0.0', license: 'MIT' },
}

describe('what ships', () => {
  const all = shipped(packages, ['app', 'storefront'])

  it('is what the dependencies load, each from where Node finds it', () => {
    expect(all.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'a@1.0.0',
      'b@2.0.0',
      'd@1.0.0',
    ])
  })

  it('is refused by name when a licence does not fit or none is named', () => {
    expect(problems(all, {})).toEqual(['b@2.0.0 is under AGPL-3.0', 'd@1.0.0 is under nothing'])
  })

  it('may have an exception, for just the words that it was made for, and no more than it needs', () => {
    const exception = (says: string) => ({ says, reason: 'looked up' })
    expect(problems(all, { b: exception('AGPL-3.0'), d: exception('nothing') })).toEqual([])
    expect(problems(all, { b: exception('GPL-3.0'), d: exception('nothing') })).toEqual([
      'b@2.0.0 is under AGPL-3.0',
      'b has an exception that it does not need',
    ])
  })

  it('here is all under licences that fit', () => {
    const script = join(import.meta.dirname, 'check-licences.ts')
    const list = execFileSync('node', [script, '--list'], { encoding: 'utf8', stdio: 'pipe' })
    expect(list.split('\n').length).toBeGreaterThan(500)
    expect(list).not.toMatch(/^A?GPL|^SSPL/m)
  })
})
