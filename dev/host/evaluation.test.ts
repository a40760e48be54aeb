import { describe, expect, it } from 'vitest'
import { hostFacts } from './nix.ts'

const HOSTS = [
  'tests/hosts/tested.nix',
  'tests/hosts/second-app-host.nix',
  'tests/hosts/stores-host.nix',
  'tests/hosts/pinned.nix',
]

describe.each(HOSTS)('%s', (host) => {
  const { verdicts, failed } = hostFacts(host)

  it('has verdicts', () => expect(verdicts.length).toBeGreaterThan(20))
  it('meets its own assertions', () => expect(failed).toEqual([]))
  it.each(verdicts)('$sentence', ({ ok, saw }) => {
    expect(ok, `found ${JSON.stringify(saw)}`).toBe(true)
  })
})

describe('the host as it stands in the repository', () => {
  it('refuses to be built without a key to sign in with', () => {
    expect(hostFacts('hosts/shops-app-01').failed).toEqual([
      'rr.adminKeys is empty: nobody could sign in to this host.',
    ])
  })
})

describe('a second app host', () => {
  const second = hostFacts('tests/hosts/second-app-host.nix')

  it('runs the shop without a database or queue of its own', () => {
    expect(Object.keys(second.containers)).toHaveLength(5)
    expect(second.redis).toEqual({})
    expect(second.services['rr-database']).toBeUndefined()
  })
})

describe('a host of which a part is elsewhere', () => {
  it.each([
    ['tests/hosts/second-app-host.nix', ['rr-deploy', 'rr-env', 'rr-status', 'rr-watch']],
    ['tests/hosts/stores-host.nix', ['rr-backup', 'rr-env', 'rr-restore', 'rr-status', 'rr-watch']],
  ])('%s has its commands, with every program that they call', (host, commands) => {
    // Each path was read, and with it all inputs: one without a value ends the evaluation.
    const found = hostFacts(host).commands.map((path) => path.replace('/stub/', ''))
    expect(found).toEqual(expect.arrayContaining(commands))
  })
})

describe('a pin', () => {
  const pinned = hostFacts('tests/hosts/pinned.nix')

  it('holds Medusa at one release, which a rebuild starts', () => {
    const image =
      'ghcr.io/scientific-oops/rr-bizops/medusa:0123456789abcdef0123456789abcdef01234567'
    for (const name of ['medusa-server-blue', 'medusa-server-green', 'medusa-worker']) {
      expect(pinned.containers[name]).toMatchObject({ image, pull: 'missing' })
      expect(pinned.services[`docker-${name}`]?.restartIfChanged).toBe(true)
    }
  })

  it('leaves the storefront to deploys', () => {
    expect(pinned.containers['storefront-blue']?.image).toBe('rr-bizops/storefront:blue')
    expect(pinned.services['docker-storefront-blue']?.restartIfChanged).toBe(false)
  })

  it('is told to the deploy command', () => {
    expect(JSON.parse(pinned.etc['rr-bizops/apps.json'] ?? '').medusa.pin).toMatch(/^0123/)
  })
})
