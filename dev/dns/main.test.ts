import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../outside/run-command.ts'
import type { ApiServer } from '../outside/stand-in.ts'
import { type ApiState, startApiServer } from './api-server.ts'
import { filledIn } from './filled-in.ts'
import { type Fault, type NameServer, startNameServer, type Zone } from './name-server.ts'
import { readRanges } from './ranges.ts'

const TOKEN = 'Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY'
const LETS_ENCRYPT = '0 issue "letsencrypt.org"'

/** As resolvers see the shop when all is well. */
const RIGHT: Zone = {
  'research-relay.com A': ['104.21.1.1', '172.67.1.1'],
  'research-relay.com AAAA': ['2606:4700:3030::6815:101'],
  'research-relay.com CAA': [LETS_ENCRYPT, '0 issue "pki.goog; cansignhttpexchanges=yes"'],
  'www.research-relay.com A': ['104.21.1.1', '172.67.1.1'],
  'api.research-relay.com A': ['104.21.1.1', '172.67.1.1'],
  'btcpay.research-relay.com A': ['203.0.113.9'],
}

let folder: string
let api: ApiServer
let state: ApiState
const closing: { close(): void }[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dns-'))
  state = {
    token: TOKEN,
    zone: {
      id: '023e105f4ecef8ad9ca31a8372d0c353',
      name: 'research-relay.com',
      status: 'active',
      paused: false,
    },
    records: [
      { name: 'research-relay.com', type: 'A', content: '203.0.113.5', proxied: true },
      {
        name: 'www.research-relay.com',
        type: 'CNAME',
        content: 'research-relay.com',
        proxied: true,
      },
      { name: 'api.research-relay.com', type: 'A', content: '203.0.113.5', proxied: true },
      { name: 'btcpay.research-relay.com', type: 'A', content: '203.0.113.9', proxied: false },
      { name: 'research-relay.com', type: 'CAA', content: LETS_ENCRYPT },
    ],
    settings: {
      ssl: 'strict',
      always_use_https: 'off',
      min_tls_version: '1.2',
      rocket_loader: 'off',
      email_obfuscation: 'off',
    },
  }
  api = await startApiServer(state)
  closing.push(api)
})
afterEach(() => {
  for (const each of closing.splice(0)) each.close()
  rmSync(folder, { recursive: true })
})

async function names(zone: Zone = RIGHT, faults: Record<string, Fault> = {}): Promise<NameServer> {
  const server = await startNameServer(zone, faults)
  closing.push(server)
  return server
}

/** Runs the command as `npm run dns -- ARGS` does. */
function dns(args: string[], token?: string) {
  const env: Record<string, string> = token === undefined ? {} : { CLOUDFLARE_API_TOKEN: token }
  return runCommand('dev/dns/main.ts', args, env, TOKEN)
}

describe('npm run dns', () => {
  it('is content when every resolver and Cloudflare have what the file says', async () => {
    const [one, two] = [await names(), await names()]
    const args = [
      '--records',
      filledIn(folder),
      '--resolver',
      one.address,
      '--resolver',
      two.address,
    ]
    const { code, stdout, stderr } = await dns([...args, '--api', api.base], TOKEN)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('All 21 are as nixos/dns/records.json wants them.')
    expect(one.asked.sort()).toEqual(two.asked.sort())
    expect(one.asked).toHaveLength(10)
  })

  it('finds an alias that is not proxied although its addresses are', async () => {
    const { 'www.research-relay.com A': _, ...rest } = RIGHT
    const server = await names({ ...rest, 'www.research-relay.com CNAME': ['research-relay.com'] })
    const args = ['--records', filledIn(folder), '--resolver', server.address]
    const { code, stdout, stderr } = await dns(args)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^www\.research-relay\.com +CNAME +none \(proxied\) +research-relay\.com +not proxied$/m,
    )
    expect(stdout).toContain('CLOUDFLARE_API_TOKEN is not set')
    expect(stderr).toContain('1 of 10 are not as they should be.')
  })

  it('names the resolver that has the wrong address', async () => {
    const right = await names()
    const wrong = await names({ ...RIGHT, 'btcpay.research-relay.com A': ['203.0.113.8'] })
    const args = ['--resolver', right.address, '--resolver', wrong.address]
    const { code, stdout } = await dns(['--records', filledIn(folder), ...args])
    expect(code).toBe(1)
    expect(stdout).toContain('resolvers disagree')
    expect(stdout).toContain(`${wrong.address}: wrong`)
  })

  it('says what to fill in, and compares the rest', async () => {
    const server = await names()
    const { code, stdout, stderr } = await dns(['--resolver', server.address])
    expect(code).toBe(1)
    expect(stdout).toMatch(/^www\.research-relay\.com +A +Cloudflare's +104\.21\.1\.1 +ok$/m)
    expect(stderr).toContain('fill in hosts.shops-btc-01.ipv4 in nixos/dns/records.json (')
    expect(stderr).not.toContain('shops-app-01')
  })

  it('shows what is wrong at Cloudflare, and what it has beside', async () => {
    state.settings.ssl = 'full'
    state.records[2] = { ...(state.records[2] as (typeof state.records)[0]), proxied: false }
    state.records.push({ name: 'old.research-relay.com', type: 'A', content: '203.0.113.7' })
    const server = await names()
    const args = ['--records', filledIn(folder), '--resolver', server.address, '--api', api.base]
    const { code, stdout, stderr } = await dns(args, TOKEN)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^api\.research-relay\.com +A +203\.0\.113\.5, proxied +203\.0\.113\.5, DNS only +not proxied$/m,
    )
    expect(stdout).toMatch(
      /^old\.research-relay\.com +A +not in the file +203\.0\.113\.7, DNS only +unknown$/m,
    )
    expect(stdout).toMatch(/^research-relay\.com +ssl +strict +full +wrong$/m)
    expect(stderr).toContain('3 of 22 are not as they should be.')
  })

  it('fails, and shows what resolvers say, when Cloudflare refuses the token', async () => {
    state.token = 'another'
    const server = await names()
    const args = ['--records', filledIn(folder), '--resolver', server.address, '--api', api.base]
    const { code, stdout, stderr } = await dns(args, TOKEN)
    expect(code).toBe(1)
    expect(stdout).toContain('btcpay.research-relay.com')
    expect(stderr.trim()).toMatch(/^Cloudflare's API .* refuses the token \(403 .*$/)
  })

  it('gives all of it to programs', async () => {
    const server = await names()
    const args = ['--records', filledIn(folder), '--resolver', server.address, '--api', api.base]
    const { code, stdout } = await dns(['--json', ...args], TOKEN)
    expect(code).toBe(0)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ ok: true, resolvers: { servers: [server.address] } })
    expect(result.resolvers.rows[0]).toEqual({
      name: 'research-relay.com',
      type: 'A',
      wanted: ["Cloudflare's"],
      found: [['104.21.1.1', '172.67.1.1']],
      verdict: ['ok'],
      ok: true,
    })
    expect(result.cloudflare.rows).toHaveLength(11)
  })

  it.each([
    ['an unknown command', ['chekc'], 'unknown command chekc'],
    ['an unknown option', ['--resolvers', '1.1.1.1'], "Unknown option '--resolvers'"],
    ['a resolver by name', ['--resolver', 'dns.example'], 'this is no address'],
    ['a missing file', ['--records', '/nowhere.json'], '/nowhere.json'],
  ])('refuses %s in plain words', async (_, args, line) => {
    const { code, stdout, stderr } = await dns(args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(line)
    expect(stderr).not.toContain('    at ')
  })

  it("refuses Cloudflare's address for a host before it asks anybody", async () => {
    const server = await names()
    const args = ['--records', filledIn(folder, '104.21.1.1'), '--resolver', server.address]
    const { code, stderr } = await dns(args)
    expect(code).toBe(1)
    expect(stderr).toContain("hosts.shops-app-01.ipv4 is 104.21.1.1, an address of Cloudflare's")
    expect(server.asked).toEqual([])
  })

  it('refuses a token with a line feed in it without showing it', async () => {
    const server = await names()
    const args = ['--records', filledIn(folder), '--resolver', server.address, '--api', api.base]
    const { code, stderr } = await dns(args, `${TOKEN}\n${TOKEN}`)
    expect(code).toBe(1)
    expect(stderr).toContain('CLOUDFLARE_API_TOKEN has characters that no token has')
  })
})

describe('npm run dns -- ranges', () => {
  const ours = readRanges()

  async function publish(v4: string[], v6: string[]): Promise<string> {
    const server = createServer((request, response) => {
      response.end((request.url === '/ips-v4' ? v4 : v6).join('\n'))
    })
    closing.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('is content with the published ranges', async () => {
    const { code, stdout } = await dns(['ranges', '--publisher', await publish(ours.v4, ours.v6)])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `nixos/caddy/cloudflare.json has all ${ours.v4.length + ours.v6.length} ranges.\n`,
    })
  })

  it('prints what was added and removed', async () => {
    const publisher = await publish([...ours.v4.slice(1), '198.51.100.0/24'], ours.v6)
    const { code, stdout, stderr } = await dns(['ranges', '--publisher', publisher])
    expect(code).toBe(1)
    expect(stdout.split('\n')).toEqual([
      '+ 198.51.100.0/24  published, not in our list',
      `- ${ours.v4[0]}  in our list, no longer published`,
      '',
    ])
    expect(stderr).toContain(`is not as ${publisher} has it`)
  })

  it('gives the difference to programs', async () => {
    const publisher = await publish(ours.v4, ours.v6.slice(1))
    const { code, stdout } = await dns(['ranges', '--json', '--publisher', publisher])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({ ok: false, added: [], removed: [ours.v6[0]] })
  })
})
