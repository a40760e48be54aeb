import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { ROOT } from './settings.ts'
import { TOTALS_FILE, type Totals } from './totals.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** What a real run of vitest over one file of tests is told to have been. */
function runOf(tests: string): Totals {
  // Inside of the repository, where the file finds vitest.
  mkdirSync(join(ROOT, '.data'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.data/totals-'))
  folders.push(folder)
  const imports = "import { beforeAll, describe, expect, it } from 'vitest'\n"
  writeFileSync(join(folder, 'some.test.ts'), imports + tests)
  const file = join(folder, 'totals.json')
  const args = ['run', '--root', folder, `--reporter=${join(import.meta.dirname, 'totals.ts')}`]
  const env = { ...process.env, [TOTALS_FILE]: file }
  spawnSync('vitest', args, { env, timeout: 60_000 })
  return JSON.parse(readFileSync(file, 'utf8'))
}

describe('the totals of a suite', () => {
  it('count what passed and name what failed', () => {
    const { passed, failed } = runOf(`
      describe('sums', () => {
        it('add', () => expect(1 + 1).toBe(2))
        it('multiply', () => expect(2 * 2).toBe(5))
      })`)
    expect(passed).toBe(1)
    expect(failed).toEqual([
      expect.stringMatching(
        /^some\.test\.ts > sums > multiply\n +AssertionError: expected 4 to be 5/,
      ),
    ])
  })

  it.each([
    [
      'a hook of the file',
      "beforeAll(() => { throw new Error('no database') })\nit('runs', () => {})",
    ],
    [
      'a hook of a group',
      "describe('a', () => { beforeAll(() => { throw new Error('no database') })\nit('runs', () => {}) })",
    ],
    ['its import', "throw new Error('no database')"],
  ])('say what broke when a file fails by %s', (_how, tests) => {
    const { passed, failed } = runOf(tests)
    expect(passed).toBe(0)
    expect(failed).toEqual([expect.stringMatching(/^some\.test\.ts.*\n +Error: no database/)])
  })

  it('have a failure for an error that belongs to no test', () => {
    const { failed } = runOf(`
      it('ends early', () => { setTimeout(() => { throw new Error('late') }, 1) })
      it('waits', () => new Promise((resolve) => setTimeout(resolve, 50)))`)
    expect(failed).toEqual([expect.stringMatching(/^outside of all tests\n +Error: late/)])
  })
})
