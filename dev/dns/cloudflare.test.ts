import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ApiServer } from '../outside/stand-in.ts'
import { type ApiState, refuse, startApiServer } from './api-server.ts'
import { Cloudflare, type Options } from './cloudflare.ts'

const TOKEN = 'Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY'

let state: ApiState
let server: ApiServer

beforeEach(async () => {
  state = {
    token: TOKEN,
    zone: {
      id: '023e105f4ecef8ad9ca31a8372d0c353',
      name: 'example.org',
      status: 'active',
      paused: false,
    },
    records: [{ id: 'r1', name: 'example.org', type: 'A', content: '203.0.113.5', proxied: true }],
    settings: { ssl: 'strict' },
  }
  server = await startApiServer(state)
})
afterEach(() => server.close())

const client = (options: Options = {}, token = TOKEN) =>
  new Cloudflare(token, { base: server.base, ...options })

/** The message of the Problem that the work ends with; it must be one line without the token. */
async function problemOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toMatchObject({ name: 'Problem' })
  const { message } = error as Error
  expect(message).not.toContain('\n')
  expect(message).not.toContain(TOKEN)
  return message
}

describe("Cloudflare's API", () => {
  it('finds the zone by its name', async () => {
    expect(await client().zone('example.org')).toEqual({ id: state.zone.id, status: 'active' })
    expect(server.asked).toEqual(['GET /zones?name=example.org'])
  })

  it('tells a zone that is paused', async () => {
    state.zone.paused = true
    expect(await client().zone('example.org')).toMatchObject({ status: 'active, paused' })
  })

  it('says which permissions a token lacks that shows no zone', async () => {
    expect(await problemOf(client().zone('example.net'))).toBe(
      'Cloudflare shows this token no zone example.net: the token needs Zone Read, DNS Read and Zone Settings Read for the zone',
    )
  })

  it('gives a setting', async () => {
    expect(await client().setting(state.zone.id, 'ssl')).toBe('strict')
  })

  it('gives the records of all pages', async () => {
    state.records = Array.from({ length: 5 }, (_, index) => ({
      name: `h${index}.example.org`,
      type: 'A',
      content: `203.0.113.${index}`,
      proxied: false,
    }))
    const records = await client({ perPage: 2 }).records(state.zone.id)
    expect(records.map(({ name }) => name)).toEqual(state.records.map(({ name }) => name))
    expect(server.asked.map((path) => path.split('?')[1])).toEqual([
      'page=1&per_page=2',
      'page=2&per_page=2',
      'page=3&per_page=2',
    ])
  })

  it('gives no records of an empty zone', async () => {
    state.records = []
    expect(await client().records(state.zone.id)).toEqual([])
  })

  it('does not take some of the records for all of them', async () => {
    state.instead = (request, response) => {
      const page = new URL(request.url ?? '', server.base).searchParams.get('page')
      const result = page === '1' ? state.records : []
      const result_info = { page: Number(page), per_page: 100, count: 1, total_count: 3 }
      response.end(JSON.stringify({ success: true, errors: [], result, result_info }))
      return true
    }
    expect(await problemOf(client().records(state.zone.id))).toBe(
      "Cloudflare's API gave 1 of 3 records: try again",
    )
  })

  it('is asked for a limited number of pages', async () => {
    state.instead = (_, response) => {
      const result_info = { page: 1, per_page: 1, count: 1, total_count: 1_000_000 }
      response.end(JSON.stringify({ success: true, result: state.records, result_info }))
      return true
    }
    expect(await problemOf(client({ perPage: 1 }).records(state.zone.id))).toContain(
      'more than 100 pages',
    )
    expect(server.asked).toHaveLength(100)
  })

  it('gives records as the file of records has them', async () => {
    const long = 'k'.repeat(300)
    state.records = [
      { name: 'Example.org', type: 'AAAA', content: '2001:db8::5', proxied: true },
      { name: 'www.example.org', type: 'CNAME', content: 'Example.org', proxied: true },
      { name: 'example.org', type: 'MX', content: 'mx.example.net', priority: 10 },
      { name: 'example.org', type: 'TXT', content: '"v=spf1 -all"' },
      { name: 'a.example.org', type: 'TXT', content: 'without quotation marks' },
      {
        name: 'b.example.org',
        type: 'TXT',
        content: `"${long.slice(0, 255)}" "${long.slice(255)}"`,
      },
      { name: 'c.example.org', type: 'TXT', content: String.raw`"say \"yes\""` },
      {
        name: 'example.org',
        type: 'CAA',
        content: '0 issue "letsencrypt.org"',
        data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' },
      },
      { name: 'example.org', type: 'CAA', content: '0 issuewild "pki.goog"' },
    ]
    const records = await client().records(state.zone.id)
    expect(records.map(({ name, type, content }) => `${name} ${type} ${content}`)).toEqual([
      'example.org AAAA 2001:db8::5',
      'www.example.org CNAME example.org',
      'example.org MX 10 mx.example.net',
      'example.org TXT v=spf1 -all',
      'a.example.org TXT without quotation marks',
      `b.example.org TXT ${long}`,
      'c.example.org TXT say "yes"',
      'example.org CAA 0 issue "letsencrypt.org"',
      'example.org CAA 0 issuewild "pki.goog"',
    ])
    expect(records.map(({ proxied }) => proxied).slice(0, 3)).toEqual([true, true, false])
  })
})

describe("a failure of Cloudflare's API", () => {
  const zone = (options?: Options) => problemOf(client(options).zone('example.org'))

  it('of a wrong token names the permissions it needs', async () => {
    state.token = 'another'
    expect(await zone()).toBe(
      "Cloudflare's API (GET /zones) refuses the token (403 10000 Authentication error): the token needs Zone Read, DNS Read and Zone Settings Read for the zone",
    )
  })

  it('of too many requests says when to try again', async () => {
    state.instead = (_, response) => {
      response.setHeader('retry-after', '42')
      refuse(response, 429, 971, 'Please wait and consider throttling your request speed')
      return true
    }
    expect(await zone()).toBe(
      "Cloudflare's API (GET /zones) has had too many requests: try again in 42 s",
    )
    expect(server.asked).toHaveLength(1)
  })

  it('with status 200 is a failure all the same', async () => {
    state.instead = (_, response) => {
      refuse(response, 200, 1001, 'DNS name is invalid')
      return true
    }
    expect(await zone()).toBe(
      "Cloudflare's API (GET /zones) reports a failure: 1001 DNS name is invalid",
    )
  })

  it('with another status gives its reason', async () => {
    state.instead = (_, response) => {
      refuse(response, 400, 6003, 'Invalid request headers')
      return true
    }
    expect(await zone()).toBe(
      "Cloudflare's API (GET /zones) answers 400 6003 Invalid request headers",
    )
  })

  it.each([
    ['a page of HTML', 502, '<html>Bad gateway</html>', 'answers 502'],
    ['HTML with status 200', 200, '<html></html>', 'with something that is not its JSON'],
    ['another shape', 200, '{"success":true,"result":[{"id":7}]}', 'in an unknown shape: 0.id'],
  ])('by %s is told', async (_, status, body, line) => {
    state.instead = (_, response) => {
      response.writeHead(status).end(body)
      return true
    }
    expect(await zone()).toContain(line)
  })

  it('by silence ends in time', async () => {
    state.instead = () => true
    const started = performance.now()
    expect(await zone({ timeoutMs: 200 })).toBe(
      "Cloudflare's API (GET /zones) does not answer within 0.2 s",
    )
    expect(performance.now() - started).toBeLessThan(2000)
  })

  it('by an answer that never ends, ends in time', async () => {
    state.instead = (_, response) => {
      response.writeHead(200).write('{"success":')
      return true
    }
    expect(await zone({ timeoutMs: 200 })).toContain('does not answer within 0.2 s')
  })

  it('by its absence is told', async () => {
    server.close()
    expect(await zone()).toContain('cannot be reached')
  })

  it('never repeats the token, even if the API does', async () => {
    state.instead = (_, response) => {
      refuse(response, 400, 1, `bad token\n${TOKEN}`)
      return true
    }
    expect(await zone()).toContain('bad token [token]')
  })
})

describe('the token', () => {
  it('follows no redirection', async () => {
    const other = await startApiServer(state)
    state.instead = (request, response) => {
      if (request.headers.host !== new URL(server.base).host) return false
      response.writeHead(302, { location: `${other.base}${request.url}` }).end()
      return true
    }
    expect(await problemOf(client().zone('example.org'))).toContain('cannot be reached')
    expect(other.asked).toEqual([])
    other.close()
  })

  it('does not cross a network in the clear', () => {
    expect(() => client({ base: 'http://api.cloudflare.com/client/v4' })).toThrow('is not https')
    expect(() => client({ base: 'https://api.cloudflare.com/client/v4' })).not.toThrow()
  })

  it.each(['two words', 'a\nb', 'é', ''])('%j is refused without being shown', (token) => {
    expect(() => client({}, token)).toThrow(
      /^CLOUDFLARE_API_TOKEN has characters that no token has: copy it again$/,
    )
  })
})
