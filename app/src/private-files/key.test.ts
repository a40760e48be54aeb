import { describe, expect, it } from 'vitest'
import { downloadName, isPrivateKey, privateKey } from './key'

describe('the key of a private file', () => {
  it.each([
    ['1764000000000-order-exports.csv', '1764000000000-order-exports.csv'],
    ['../../etc/passwd', 'etc-passwd'],
    ['50% & more.csv', '50-more.csv'],
    ['a\r\nset-cookie: b.csv', 'a-set-cookie-b.csv'],
    ['Größenliste.csv', 'Gro-enliste.csv'],
    ['..', 'file'],
    ['', 'file'],
    ['日本.csv', 'csv'],
    ['a"; filename=b.exe', 'a-filename-b.exe'],
  ])('has nothing of a path or a header in it: %j', (filename, name) => {
    const key = privateKey(filename)
    expect(isPrivateKey(key)).toBe(true)
    expect(downloadName(key)).toBe(name)
  })

  it('keeps beginning and end of a name that is too long for a folder', () => {
    const key = privateKey(`export-${'x'.repeat(5_000)}.csv`)
    expect(key.length).toBeLessThan(200)
    expect(downloadName(key)).toMatch(/^export-x+\.csv$/)
    expect(isPrivateKey(key)).toBe(true)
  })

  it('is another one each time, with 128 random bits', () => {
    const keys = new Set(Array.from({ length: 100 }, () => privateKey('a.csv', 1_764_000_000_000)))
    expect(keys.size).toBe(100)
  })

  it.each([
    'private-1764000000000-order-exports.csv',
    '../private-files/x',
    `private-1764000000000-${'a'.repeat(32)}-../x`,
    `private-1764000000000-${'a'.repeat(32)}-x/y`,
    `private-1764000000000-${'a'.repeat(32)}-x\n`,
    `private-1764000000000-${'a'.repeat(32)}-.x`,
    `private-1764000000000-${'A'.repeat(32)}-x`,
    '',
  ])('is not %j', (key) => {
    expect(isPrivateKey(key)).toBe(false)
  })
})
