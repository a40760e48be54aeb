import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../shop/settings.ts'

const FOLDER = join(ROOT, 'docs/runbooks')
const names = readdirSync(FOLDER).filter((name) => name !== 'README.md')
const text = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
const index = text('README.md')

/** The last lines of a runbook: when, by which script and which of its cases, and what was seen. */
const EXERCISED = /^_Exercised (\d{4}-\d\d-\d\d) by `([^`]+)` "([^"]+)": .{10,}_$/gm

describe.each(names)('the runbook %s', (name) => {
  it('is in the index', () => expect(index).toContain(`(${name})`))

  it('says how one knows that it worked', () => expect(text(name)).toMatch(/^Check: /m))

  it('was exercised, on a day, by a script that exists and has that case', () => {
    const lines = [...text(name).matchAll(EXERCISED)]
    expect(
      lines.length,
      'a line such as: _Exercised DATE by `FILE` "CASE": what was seen._',
    ).toBeGreaterThan(0)
    for (const [, day = '', file = '', words = ''] of lines) {
      expect(Number.isNaN(Date.parse(day)), day).toBe(false)
      expect(existsSync(join(ROOT, file)), file).toBe(true)
      expect(readFileSync(join(ROOT, file), 'utf8'), file).toContain(words)
    }
  })
})

it('every alarm names a runbook that exists', () => {
  const advice: Record<string, { runbook: string }> = JSON.parse(
    readFileSync(join(ROOT, 'nixos/watch/advice.json'), 'utf8'),
  )
  const wanted = Object.values(advice).map(({ runbook }) => `${runbook}.md`)
  expect(wanted.length).toBeGreaterThan(10)
  for (const name of wanted) expect(existsSync(join(FOLDER, name)), name).toBe(true)
})

it('every runbook of the index exists', () => {
  const linked = [...index.matchAll(/\]\(([^)#]+\.md)\)/g)].map(([, path = '']) => path)
  expect(linked.length).toBeGreaterThan(10)
  for (const path of linked) expect(existsSync(join(FOLDER, path)), path).toBe(true)
})
