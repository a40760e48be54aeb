import { join } from 'node:path'
import { expect, it } from 'vitest'
import { evaluate, ROOT } from './nix.ts'

interface Option {
  name: string
  type: string
  default: string | null
  example: string | null
  description: string | null
}

const options = evaluate<Option[]>(`import ${ROOT}/nixos/tests/options.nix`)

it('every option of ours has a type and a description that says what it is for', () => {
  expect(options.length).toBeGreaterThan(20)
  for (const { name, type, description } of options) {
    expect(type, name).not.toBe('')
    expect((description ?? '').length, name).toBeGreaterThan(20)
  }
})

it('docs/options.md is made from the options', async () => {
  const sections = options.map(({ name, type, default: given, example, description }) =>
    [
      `## \`${name}\``,
      '',
      description?.trim().replace(/\s*\n\s*/g, ' '),
      '',
      `- type: ${type.replaceAll('<', '&lt;')}`,
      given === null ? '- to be set: there is no default' : `- default: \`${given}\``,
      ...(example === null ? [] : [`- example: \`${example}\``]),
      '',
    ].join('\n'),
  )
  const text = [
    '# Options of `nixosModules.rr-bizops`',
    '',
    'Made from the modules in `nixos/modules` by `npm run schema`.',
    '',
    ...sections,
  ].join('\n')
  await expect(text).toMatchFileSnapshot(join(ROOT, 'docs/options.md'))
})
