import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../outside/run-command.ts'
import type { ApiServer } from '../outside/stand-in.ts'
import { type ApiState, refuse, startApiServer } from './api-server.ts'
import { filledIn } from './filled-in.ts'
import { RECORDS_FILE } from './records.ts'

const TOKEN = 'Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY'
const MAIL = { name: 'research-relay.com', type: 'MX', content: 'mx.example.net', priority: 10 }
const PROOF = { name: 'research-relay.com', type: 'TXT', content: '"google-site-verification=x"' }

let folder: string
let state: ApiState
let api: ApiServer

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
    records: [{ ...MAIL }, { ...PROOF }],
    settings: {
      ssl: 'full',
      always_use_https: 'off',
      min_tls_version: '1.0',
      rocket_loader: 'off',
      email_obfuscation: 'on',
    },
  }
  api = await startApiServer(state)
})
afterEach(() => {
  api.close()
  rmSync(folder, { recursive: true })
})

function dns(args: string[], records = filledIn(folder)) {
  const all = [...args, '--records', records, '--api', api.base]
  return runCommand('dev/dns/main.ts', all, { CLOUDFLARE_API_TOKEN: TOKEN }, TOKEN)
}

async function planId(): Promise<string> {
  const { stdout } = await dns(['plan'])
  const id = /Plan ([0-9a-f]{16})$/m.exec(stdout)?.[1]
  if (!id) throw new Error(`no plan in:\n${stdout}`)
  return id
}

const summary = () =>
  state.records.map(({ name, type, content, proxied = false, comment = null }) =>
    [name.replace(/\.?research-relay\.com$/, '') || '@', type, content, proxied, comment].join(' '),
  )

const WHOLE = [
  '@ MX mx.example.net false ',
  '@ TXT "google-site-verification=x" false ',
  '@ A 203.0.113.5 true rr-bizops',
  'www CNAME research-relay.com true rr-bizops',
  'api A 203.0.113.5 true rr-bizops',
  'btcpay A 203.0.113.9 false rr-bizops',
  '@ CAA 0 issue "letsencrypt.org" false rr-bizops',
]

describe('npm run dns -- plan', () => {
  it('shows all that would be changed and sends nothing that changes', async () => {
    const { code, stdout, stderr } = await dns(['plan'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      '  zone research-relay.com is active, DNSSEC is disabled',
      '  left alone: research-relay.com MX 10 mx.example.net',
      '  left alone: research-relay.com TXT google-site-verification=x',
      '',
      '+ research-relay.com A 203.0.113.5, proxied',
      '+ www.research-relay.com CNAME research-relay.com, proxied',
      '+ api.research-relay.com A 203.0.113.5, proxied',
      '+ btcpay.research-relay.com A 203.0.113.9, DNS only',
      '+ research-relay.com CAA 0 issue "letsencrypt.org"',
      '~ setting ssl strict (was full)',
      '~ setting min_tls_version 1.2 (was 1.0)',
      '~ setting email_obfuscation off (was on)',
      '',
      expect.stringMatching(/^8 to change at Cloudflare\. Plan [0-9a-f]{16}$/),
      expect.stringMatching(/^To do just this: npm run dns -- apply --yes [0-9a-f]{16}$/),
      '',
    ])
    expect(api.asked.length).toBeGreaterThan(0)
    expect(api.writes).toEqual([])
  })

  it('has the same name as long as nothing changes, and another when the zone drifts', async () => {
    const first = await planId()
    expect(await planId()).toBe(first)
    state.settings.ssl = 'flexible'
    expect(await planId()).not.toBe(first)
  })

  it('says what to fill in, and plans the rest', async () => {
    const { code, stdout } = await dns(['plan'], RECORDS_FILE)
    expect(code).toBe(0)
    expect(stdout).toContain('fill in hosts.shops-app-01.ipv4 in nixos/dns/records.json')
    expect(stdout).toContain('+ www.research-relay.com CNAME')
    expect(stdout).not.toContain('api.research-relay.com')
  })

  it('needs a token, and says where to learn how to make it', async () => {
    const { code, stderr } = await runCommand('dev/dns/main.ts', ['plan'], {}, TOKEN)
    expect({ code, stderr: stderr.trim() }).toEqual({
      code: 1,
      stderr: 'CLOUDFLARE_API_TOKEN is not set: docs/outside.md says how to make it',
    })
  })
})

describe('npm run dns -- apply', () => {
  it('does what the plan showed and no more, reads it back, and has nothing to do again', async () => {
    const shown = (await dns(['plan'])).stdout
    const id = await planId()
    const { code, stdout, stderr } = await dns(['apply', '--yes', id])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('All 8 made, and read back from Cloudflare.')
    const lines = (text: string, start: RegExp) =>
      text.split('\n').flatMap((line) => (start.test(line) ? line.replace(start, '') : []))
    expect(lines(stdout, /^made {2}/)).toEqual(lines(shown, /^(?=[+~-] )/))
    expect(api.writes).toHaveLength(8)
    expect(summary()).toEqual(WHOLE)
    expect(state.settings).toMatchObject({ ssl: 'strict', min_tls_version: '1.2' })
    const again = await dns(['apply', '--yes', id])
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.stdout).toContain('Nothing to change at Cloudflare.')
    expect(api.writes).toHaveLength(8)
  })

  it('mends what was changed by hand, and deletes only what is ours', async () => {
    await dns(['apply', '--yes', await planId()])
    const records = state.records.slice(2)
    if (records[0]) records[0].content = '203.0.113.77'
    if (records[2]) records[2].proxied = false
    state.records.push(
      { name: 'old.research-relay.com', type: 'A', content: '203.0.113.1', comment: 'rr-bizops' },
      { name: 'home.research-relay.com', type: 'A', content: '203.0.113.2' },
    )
    const before = api.writes.length
    const { code, stdout } = await dns(['apply', '--yes', await planId()])
    expect(code).toBe(0)
    expect(stdout).toContain('~ research-relay.com A 203.0.113.5, proxied (was 203.0.113.77,')
    expect(stdout).toContain('~ api.research-relay.com A 203.0.113.5, proxied (was 203.0.113.5, DN')
    expect(stdout).toContain('- old.research-relay.com A 203.0.113.1, DNS only')
    expect(stdout).toContain('left alone: home.research-relay.com A 203.0.113.2, DNS only')
    expect(api.writes.slice(before).map((write) => write.split(' ')[0])).toEqual([
      'PATCH',
      'PATCH',
      'DELETE',
    ])
    expect(summary()).toEqual([...WHOLE, 'home A 203.0.113.2 false '])
  })

  it('does not apply a plan that is no longer the one that was read', async () => {
    const id = await planId()
    state.records.push({ name: 'api.research-relay.com', type: 'TXT', content: '"x"' })
    expect((await dns(['apply', '--yes', id])).code).toBe(0)
    state.settings.ssl = 'off'
    const { code, stderr } = await dns(['apply', '--yes', id])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^this is plan [0-9a-f]{16} and not [0-9a-f]{16}: read it, then/)
    expect(state.settings.ssl).toBe('off')
  })

  it('asks, and without a terminal to ask at changes nothing', async () => {
    const { code, stderr } = await dns(['apply'])
    expect(code).toBe(1)
    expect(stderr).toContain('nobody to ask: npm run dns -- apply --yes')
    expect(api.writes).toEqual([])
  })

  it('changes nothing while a record that is not ours answers for a name of ours', async () => {
    state.records.push({ name: 'api.research-relay.com', type: 'A', content: '203.0.113.66' })
    const { code, stderr } = await dns(['apply', '--yes', '0123456789abcdef'])
    expect(code).toBe(1)
    expect(stderr).toContain('! api.research-relay.com A 203.0.113.66, DNS only is not ours')
    expect(api.writes).toEqual([])
  })

  it('fails in the middle, says what is made and what not, and goes on the next time', async () => {
    state.instead = (request, response) => {
      if (request.method !== 'POST' || api.writes.length < 3) return false
      refuse(response, 400, 9005, 'Content for A record must be a valid IPv4 address.')
      return true
    }
    const { code, stdout, stderr } = await dns(['apply', '--yes', await planId()])
    expect(code).toBe(1)
    expect(stdout.match(/^made /gm)).toHaveLength(2)
    expect(stderr.split('\n')).toEqual([
      'not   + api.research-relay.com A 203.0.113.5, proxied',
      'not   + btcpay.research-relay.com A 203.0.113.9, DNS only',
      'not   + research-relay.com CAA 0 issue "letsencrypt.org"',
      'not   ~ setting ssl strict (was full)',
      'not   ~ setting min_tls_version 1.2 (was 1.0)',
      'not   ~ setting email_obfuscation off (was on)',
      '',
      `Cloudflare's API (POST /zones/${state.zone.id}/dns_records) answers 400 9005 Content for A record must be a valid IPv4 address.`,
      '2 of 8 made. npm run dns -- plan shows what is left.',
      '',
    ])
    expect(api.writes).toHaveLength(3)
    state.instead = () => false
    const next = await dns(['apply', '--yes', await planId()])
    expect(next.stdout).toContain('All 6 made')
    expect(summary()).toEqual(WHOLE)
  })

  it('says that it does not know, when the answer to a change is lost, and finds out next time', async () => {
    state.instead = (request, response) => {
      if (request.method !== 'POST') return false
      state.records.push({
        name: 'research-relay.com',
        type: 'A',
        content: '203.0.113.5',
        proxied: true,
        comment: 'rr-bizops',
      })
      response.destroy()
      return true
    }
    const { code, stderr } = await dns(['apply', '--yes', await planId()])
    expect(code).toBe(1)
    expect(stderr).toContain('maybe + research-relay.com A 203.0.113.5, proxied')
    expect(stderr).toContain('Whether that change was made is not known.')
    expect(api.writes).toHaveLength(1)
    state.instead = () => false
    const { stdout } = await dns(['apply', '--yes', await planId()])
    expect(stdout).toContain('All 7 made')
    expect(summary()).toEqual(WHOLE)
  })

  it('names the permissions that a token lacks that may only read', async () => {
    state.may = ['GET']
    const { code, stderr } = await dns(['apply', '--yes', await planId()])
    expect(code).toBe(1)
    expect(stderr).toContain('refuses the token (403 10000 Authentication error): the token needs')
    expect(stderr).toContain('DNS Edit and Zone Settings Edit')
    expect(state.records).toHaveLength(2)
  })

  it('waits as long as Cloudflare asks, and makes no change twice', async () => {
    let refused = 0
    state.instead = (request, response) => {
      if (request.method !== 'POST' || refused > 0) return false
      refused += 1
      response.setHeader('retry-after', '1')
      refuse(response, 429, 971, 'Please wait and consider throttling your request speed')
      return true
    }
    const id = await planId()
    const began = performance.now()
    const { code, stdout, stderr } = await dns(['apply', '--yes', id])
    expect(code).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(1000)
    expect(stderr).toContain("Cloudflare's API asks for patience: going on in 1 s")
    expect(stdout).toContain('All 8 made')
    expect(summary()).toEqual(WHOLE)
  })

  it('does not believe an "accepted" that changed nothing', async () => {
    state.instead = (request, response) => {
      if (!request.url?.includes('/settings/ssl') || request.method !== 'PATCH') return false
      response.end(JSON.stringify({ success: true, errors: [], result: { id: 'ssl' } }))
      return true
    }
    const { code, stderr } = await dns(['apply', '--yes', await planId()])
    expect(code).toBe(1)
    expect(stderr).toContain('Cloudflare accepted all of it and yet has something else:')
    expect(stderr).toContain('~ setting ssl strict (was full)')
  })

  it('finds its records on every page', async () => {
    await dns(['apply', '--yes', await planId()])
    const many = Array.from({ length: 150 }, (_, index) => ({
      name: `h${index}.research-relay.com`,
      type: 'TXT',
      content: '"x"',
    }))
    state.records.unshift(...many)
    const { stdout } = await dns(['plan'])
    expect(stdout).toContain('Nothing to change at Cloudflare.')
    expect(api.asked.filter((path) => path.includes('page=2'))).not.toHaveLength(0)
  })
})
