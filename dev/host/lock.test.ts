import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ROOT } from './nix.ts'

const source = z.object({
  type: z.literal('github'),
  owner: z.string(),
  repo: z.string(),
  ref: z.string().optional(),
  dir: z.string().optional(),
})
const lockFile = z.object({
  version: z.literal(7),
  root: z.literal('root'),
  nodes: z.record(
    z.string(),
    z.object({
      inputs: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
      original: source.optional(),
      locked: source
        .extend({
          rev: z.string().regex(/^[0-9a-f]{40}$/),
          narHash: z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/),
          lastModified: z.number(),
        })
        .optional(),
    }),
  ),
})

const { nodes } = lockFile.parse(JSON.parse(readFileSync(join(ROOT, 'flake.lock'), 'utf8')))
const flake = readFileSync(join(ROOT, 'flake.nix'), 'utf8')
const inputs = [
  ...flake.matchAll(/^ {4}(\w+)\.url = "github:([\w-]+)\/([\w.-]+?)(?:\/([\w.-]+))?";/gm),
]

/** The node that an input names: directly, or by a path of inputs from the root. */
function resolve(input: string | string[]): string | undefined {
  if (typeof input === 'string') return input
  return input.reduce<string | undefined>((at, name) => {
    const next = at === undefined ? undefined : nodes[at]?.inputs?.[name]
    return next === undefined ? undefined : resolve(next)
  }, 'root')
}

describe('flake.lock', () => {
  it('locks every input of the flake to what the flake asks for, and nothing else', () => {
    expect(inputs.map(([, name]) => name).sort()).toEqual(
      Object.keys(nodes.root?.inputs ?? {}).sort(),
    )
    for (const [, name = '', owner, repo, ref] of inputs) {
      const node = nodes[name]
      expect(node?.original, name).toMatchObject({ owner, repo, ...(ref ? { ref } : {}) })
      expect(node?.locked, name).toMatchObject({ owner, repo })
    }
    expect(Object.keys(nodes).sort()).toEqual([...inputs.map(([, name]) => name), 'root'].sort())
  })

  it('has no input that leads nowhere', () => {
    for (const [name, { inputs: own = {} }] of Object.entries(nodes)) {
      for (const input of Object.values(own)) {
        expect(nodes, `${name} -> ${input}`).toHaveProperty(resolve(input) ?? 'nowhere')
      }
    }
  })

  it('makes every transitive nixpkgs follow ours', () => {
    for (const [name, { inputs: own }] of Object.entries(nodes)) {
      if (name === 'root' || !own?.nixpkgs) continue
      expect(resolve(own.nixpkgs), name).toBe('nixpkgs')
      expect(flake).toContain(`${name}.inputs.nixpkgs.follows = "nixpkgs";`)
    }
  })

  it('keeps nixpkgs on a branch that still gets security updates', () => {
    const ref = nodes.nixpkgs?.original?.ref ?? ''
    const [, year = '', month = ''] = /^nixos-(\d\d)\.(05|11)$/.exec(ref) ?? []
    expect(ref).toMatch(/^nixos-\d\d\.(05|11)$/)
    // A release is supported until the end of the month after its successor: December or June.
    const end =
      month === '05' ? Date.UTC(2000 + Number(year), 12, 1) : Date.UTC(2001 + Number(year), 6, 1)
    expect(Date.now(), `${ref} has ended: move the flake to the newest stable branch`).toBeLessThan(
      end,
    )
  })
})

describe('devenv.lock', () => {
  const own = lockFile.parse(JSON.parse(readFileSync(join(ROOT, 'devenv.lock'), 'utf8'))).nodes

  it('locks what devenv.yaml asks for', () => {
    const yaml = readFileSync(join(ROOT, 'devenv.yaml'), 'utf8')
    const [, owner, repo, ref] = /url: github:([\w-]+)\/([\w-]+)\/([\w.-]+)/.exec(yaml) ?? []
    expect(own.nixpkgs?.original).toMatchObject({ owner, repo, ref })
    expect(Object.keys(own.root?.inputs ?? {}).sort()).toEqual(['devenv', 'nixpkgs'])
    expect(own.devenv?.locked).toMatchObject({
      owner: 'cachix',
      repo: 'devenv',
      dir: 'src/modules',
    })
  })

  it('has the nixpkgs of the flake, so that development and host are one', () => {
    expect(own.nixpkgs?.locked?.rev).toBe(nodes.nixpkgs?.locked?.rev)
  })
})
