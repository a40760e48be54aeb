import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEVELOPMENT } from '../shop/settings.ts'
import { evaluate, ROOT } from './nix.ts'

interface Devenv {
  processes: Record<string, { exec: string; after: string[] }>
  tasks: Record<string, { exec: string; after: string[] }>
  postgres: {
    package: string
    port: number
    listen_addresses: string
    initialDatabases: { name: string; user: string; pass: string }[]
  }
  redis: { port: number; extraConfig: string }
  node: string
  enterTest: string
}

const devenv = evaluate<Devenv>(`import ${ROOT}/nixos/tests/devenv.nix`)
const definitions: { name: string; after?: string }[] = JSON.parse(
  readFileSync(join(ROOT, 'dev/shop/processes.json'), 'utf8'),
)

describe('devenv up', () => {
  it('runs the processes of npm run dev, and no others', () => {
    expect(Object.keys(devenv.processes).sort()).toEqual(definitions.map(({ name }) => name).sort())
    for (const [name, { exec }] of Object.entries(devenv.processes))
      expect(exec).toMatch(new RegExp(`exec node \\$DEVENV_ROOT/dev/shop/main.ts process ${name}$`))
  })

  it('starts after the seed what npm run dev starts after the seed', () => {
    for (const { name, after } of definitions)
      expect(devenv.processes[name]?.after.includes('shop:prepare'), name).toBe(after === 'seed')
  })

  it('waits only for what exists', () => {
    const there = [
      ...Object.keys(devenv.tasks),
      ...['postgres', 'redis', ...Object.keys(devenv.processes)].map(
        (name) => `devenv:processes:${name}`,
      ),
    ]
    const waited = [...Object.values(devenv.processes), ...Object.values(devenv.tasks)].flatMap(
      ({ after }) => after,
    )
    expect(there).toEqual(expect.arrayContaining(waited))
  })

  it('has PostgreSQL 16, Redis and Node 22 where npm run dev has them', () => {
    expect(devenv.postgres).toMatchObject({
      package: '/stub/postgresql_16',
      port: DEVELOPMENT.ports.postgresql,
      listen_addresses: '127.0.0.1',
      initialDatabases: [{ name: 'research-relay', user: 'medusa', pass: 'medusa' }],
    })
    expect(devenv.redis.port).toBe(DEVELOPMENT.ports.redis)
    expect(devenv.redis.extraConfig).toContain('maxmemory-policy noeviction')
    expect(devenv.node).toBe('/stub/nodejs_22')
  })

  it('is tested by its backend and its first page', () => {
    expect(devenv.enterTest).toContain(`127.0.0.1:${DEVELOPMENT.ports.server}/ready`)
    expect(devenv.enterTest).toContain(`127.0.0.1:${DEVELOPMENT.ports.storefront}/eu`)
  })
})
