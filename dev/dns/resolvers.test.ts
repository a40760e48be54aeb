import { afterEach, describe, expect, it } from 'vitest'
import { type Fault, type NameServer, startNameServer, type Zone } from './name-server.ts'
import { resolverAt } from './resolvers.ts'

const ZONE: Zone = {
  'example.org A': ['104.16.0.2', '104.16.0.1'],
  'example.org AAAA': ['2606:4700::6810:1'],
  'example.org MX': ['10 mx.example.net'],
  'example.org TXT': [`v=spf1 ${'include:example.net '.repeat(20)}-all`],
  'example.org CAA': ['0 issue "letsencrypt.org"', '128 issuewild "pki.goog; a=b"'],
  'www.example.org CNAME': ['example.org'],
}

const servers: NameServer[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(faults: Record<string, Fault> = {}): Promise<NameServer> {
  const server = await startNameServer(ZONE, faults)
  servers.push(server)
  return server
}

describe('a resolver', () => {
  it.each([
    ['addresses, sorted', 'example.org', 'A', ['104.16.0.1', '104.16.0.2']],
    ['IPv6 addresses', 'example.org', 'AAAA', ['2606:4700::6810:1']],
    ['an alias', 'www.example.org', 'CNAME', ['example.org']],
    ["an alias's addresses", 'www.example.org', 'A', ['104.16.0.1', '104.16.0.2']],
    ['mail servers', 'example.org', 'MX', ['10 mx.example.net']],
    ['a text longer than one string', 'example.org', 'TXT', ZONE['example.org TXT'] ?? []],
    [
      'authorities',
      'example.org',
      'CAA',
      ['0 issue "letsencrypt.org"', '128 issuewild "pki.goog; a=b"'],
    ],
  ] as const)('gives %s', async (_, name, type, values) => {
    const { address } = await serve()
    expect(await resolverAt(address)({ name, type })).toEqual({ kind: 'values', values })
  })

  it('tells a record that is not there from a name that is not there', async () => {
    const { address } = await serve({ 'nobody.example.org': 'nxdomain' })
    const ask = resolverAt(address)
    expect(await ask({ name: 'example.org', type: 'CNAME' })).toEqual({
      kind: 'absent',
      reason: 'no such record',
    })
    expect(await ask({ name: 'nobody.example.org', type: 'A' })).toEqual({
      kind: 'absent',
      reason: 'no such name',
    })
  })

  it.each<[Fault, string]>([
    ['servfail', 'cannot find out (SERVFAIL)'],
    ['refused', 'refuses the question'],
  ])(
    'that answers %s has failed, and has not said that there is no record',
    async (fault, reason) => {
      const { address } = await serve({ '*': fault })
      const ask = resolverAt(address)
      expect(await ask({ name: 'example.org', type: 'A' })).toEqual({ kind: 'failed', reason })
    },
  )

  it('that is silent is asked twice and given up in time', async () => {
    const server = await serve({ '*': 'silent' })
    const started = performance.now()
    const ask = resolverAt(server.address, { timeoutMs: 200, tries: 2 })
    expect(await ask({ name: 'example.org', type: 'A' })).toEqual({
      kind: 'failed',
      reason: 'does not answer',
    })
    expect(performance.now() - started).toBeLessThan(2000)
    expect(server.asked).toEqual(['example.org A', 'example.org A'])
  })

  it('that nobody runs does not answer', async () => {
    const { address, close } = await startNameServer(ZONE)
    close()
    const ask = resolverAt(address, { timeoutMs: 200, tries: 1 })
    expect(await ask({ name: 'example.org', type: 'A' })).toEqual({
      kind: 'failed',
      reason: 'does not answer',
    })
  })

  it.each(['dns.example', '1.1.1', '1.1.1.1:', '[::1', ''])('at %j is refused', (server) => {
    expect(() => resolverAt(server)).toThrow('this is no address')
  })

  it.each(['1.1.1.1', '1.1.1.1:5300', '2606:4700:4700::1111', '[::1]:5300'])(
    'at %s is taken',
    (server) => {
      expect(() => resolverAt(server)).not.toThrow()
    },
  )
})
