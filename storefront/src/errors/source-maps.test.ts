import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { removeMaps } from './source-maps'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rr-maps-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('what browsers may fetch keeps no map and no word of one', () => {
  writeFileSync(join(folder, 'a.js'), 'let a = 1\n//# debugId=1\n//# sourceMappingURL=a.js.map')
  writeFileSync(join(folder, 'a.js.map'), '{}')
  writeFileSync(join(folder, 'a.css'), 'a{}\n/*# sourceMappingURL=a.css.map*/')
  removeMaps(folder)
  expect(readdirSync(folder).sort()).toEqual(['a.css', 'a.js'])
  expect(readFileSync(join(folder, 'a.js'), 'utf8')).toBe('let a = 1\n//# debugId=1\n')
  expect(readFileSync(join(folder, 'a.css'), 'utf8')).toBe('a{}\n')
})
