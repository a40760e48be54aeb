import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const UNHELD = 'not held by a test'

interface Threat {
  threat: string
  stops: string
  held: string
}

/** Lines of the table of docs/security.md. */
const threats: Threat[] = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\|(?!\s*-|\s*threat\s*\|)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, threat = '', stops = '', held = '']) => ({ threat, stops, held }))

/** Tests that a line names: `file` "name". */
function named(held: string): { file: string; name: string }[] {
  return [...held.matchAll(/`([^`]+)` "([^"]+)"/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  }))
}

/** Whether a file has a test, or a sentence about the host, that is called so. */
function hasTest(file: string, name: string): boolean {
  const path = join(ROOT, file)
  if (!existsSync(path)) return false
  const title = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const call = file.endsWith('.nix')
    ? `says "${title}"`
    : `\\b(?:it|describe)(?:\\.each\\([\\s\\S]*?\\))?\\(\\s*['"\`]${title}['"\`]`
  return new RegExp(call).test(readFileSync(path, 'utf8'))
}

describe('the table of threats', () => {
  it('is long, and says of each line what stops it', () => {
    expect(threats.length).toBeGreaterThanOrEqual(25)
    expect(threats.filter(({ threat, stops }) => !threat || !stops)).toEqual([])
    expect(new Set(threats.map(({ threat }) => threat)).size).toBe(threats.length)
  })

  it.each(threats)('has a test that exists, or says so: $threat', ({ held }) => {
    const tests = named(held)
    // All of the cell is read: a test that is written in another form would not be looked for.
    const rest = held.replaceAll(/`[^`]+` "[^"]+"/g, '').replaceAll(/[,;\s]/g, '')
    if (tests.length === 0) return expect(held.startsWith(UNHELD)).toBe(true)
    expect(rest).toBe('')
    for (const { file, name } of tests) expect(hasTest(file, name), `${file} "${name}"`).toBe(true)
  })

  it('is held by tests in nearly all lines', () => {
    expect(threats.filter(({ held }) => held.startsWith(UNHELD)).length).toBeLessThanOrEqual(6)
  })

  it('would notice a test that is gone', () => {
    expect(hasTest('dev/security/threats.test.ts', 'would notice a test that is gone')).toBe(true)
    expect(hasTest('dev/security/threats.test.ts', 'would notice')).toBe(false)
    expect(hasTest('dev/security/gone.test.ts', 'is there')).toBe(false)
  })
})
