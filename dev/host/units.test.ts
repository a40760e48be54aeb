import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostFacts, type Unit } from './nix.ts'
import { unitFile } from './unit-file.ts'

const { services } = hostFacts('tests/hosts/tested.nix')
const ours = Object.entries(services).filter(([name]) => name.startsWith('rr-'))
const folder = mkdtempSync(join(tmpdir(), 'rr-units-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Programs of the Nix store are not here; systemd wants an existing one. */
function presentUnit(unit: Unit): string {
  return unitFile(unit).replaceAll(/^(\w+=[+!-]*)\/stub\/\S+/gm, '$1/bin/true')
}

beforeAll(() => {
  for (const [name, unit] of ours) writeFileSync(join(folder, `${name}.service`), presentUnit(unit))
  // What NixOS brings, as far as verify asks for it.
  const foreign = new Set(
    ours.flatMap(([, unit]) => [
      ...unit.after,
      ...unit.before,
      ...unit.requires,
      ...unit.wants,
      ...unit.onFailure,
    ]),
  )
  for (const name of foreign) {
    if (ours.some(([own]) => name === `${own}.service`)) continue
    const service = name.endsWith('.service') ? '[Service]\nExecStart=/bin/true\n' : ''
    writeFileSync(join(folder, name), `[Unit]\nDescription=stand-in\n${service}`)
  }
})

describe('the units of our own', () => {
  it('are there', () =>
    expect(ours.map(([name]) => name)).toEqual(
      expect.arrayContaining(['rr-database', 'rr-secrets', 'rr-slots']),
    ))

  it.each(ours)('%s has a description that says what it does', (_name, unit) => {
    expect(unit.description.length).toBeGreaterThan(15)
  })

  it.each(ours)('%s is a valid unit', (name) => {
    const { stderr, stdout, status } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', '--recursive-errors=no', join(folder, `${name}.service`)],
      {
        encoding: 'utf8',
        timeout: 30_000,
        env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
      },
    )
    // The machine's own units may be strange; ours may not.
    const about = (stdout + stderr).split('\n').filter((line) => line.includes(folder))
    expect(about).toEqual([])
    expect(status).toBe(0)
  })

  it.each(ours)('%s is rated below 3.0', (name) => {
    const rated = JSON.parse(
      execFileSync(
        'systemd-analyze',
        ['security', '--offline=yes', '--json=short', join(folder, `${name}.service`)],
        { encoding: 'utf8', timeout: 30_000, stdio: ['ignore', 'pipe', 'ignore'] },
      ),
    ) as unknown[]
    expect(rated.length).toBeGreaterThan(50)
    const over = spawnSync(
      'systemd-analyze',
      [
        'security',
        '--offline=yes',
        '--threshold=29',
        '--no-pager',
        join(folder, `${name}.service`),
      ],
      { encoding: 'utf8', timeout: 30_000 },
    )
    const [, exposure] = /Overall exposure level for .*: ([\d.]+)/.exec(over.stdout) ?? []
    expect(Number(exposure)).toBeGreaterThan(0)
    expect(Number(exposure)).toBeLessThan(3)
  })

  it('bare, a unit is rated above 3.0: the rating can fail', () => {
    mkdirSync(join(folder, 'bare'), { recursive: true })
    const path = join(folder, 'bare/bare.service')
    writeFileSync(path, '[Service]\nExecStart=/bin/true\n')
    const { stdout } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=yes', '--no-pager', path],
      { encoding: 'utf8', timeout: 30_000 },
    )
    expect(Number(/exposure level for .*: ([\d.]+)/.exec(stdout)?.[1])).toBeGreaterThan(9)
  })

  it('name only directives that this systemd knows', () => {
    for (const [name] of ours) {
      const text = readFileSync(join(folder, `${name}.service`), 'utf8')
      expect(text, name).toContain('ExecStart=')
      expect(text, name).not.toContain('undefined')
    }
  })
})
