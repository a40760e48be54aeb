import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { copyWhole } from './copy-whole.ts'

const folder = mkdtempSync(join(tmpdir(), 'rr-copy-'))
const [from, to] = [join(folder, 'from'), join(folder, 'to')]
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(join(from, 'bin'), { recursive: true })
  writeFileSync(join(from, 'bin/postgres'), 'a program')
})

describe('a folder that is copied whole', () => {
  it('is there with everything, and nothing beside it', () => {
    copyWhole(from, to)
    expect(readFileSync(join(to, 'bin/postgres'), 'utf8')).toBe('a program')
    expect(readdirSync(folder).sort()).toEqual(['from', 'to'])
  })

  it('stays as it is when another process was first', () => {
    mkdirSync(to)
    writeFileSync(join(to, 'theirs'), '')
    copyWhole(from, to)
    expect(readdirSync(to)).toEqual(['theirs'])
    expect(readdirSync(folder).sort()).toEqual(['from', 'to'])
  })

  it('is not there at all when it cannot be copied', () => {
    expect(() => copyWhole(join(folder, 'nowhere'), to)).toThrow('ENOENT')
    expect(readdirSync(folder)).toEqual(['from'])
  })
})
