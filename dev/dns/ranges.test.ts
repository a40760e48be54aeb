import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { inRanges } from './addresses.ts'
import { compareRanges, fetchRanges, readRanges } from './ranges.ts'

const ours = readRanges()
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Publishes as Cloudflare does: one range a line, no line feed at the end. */
const publish = (v4: string[], v6: string[]) =>
  serve((request, response) => {
    const list = { '/ips-v4': v4, '/ips-v6': v6 }[request.url ?? '']
    response.writeHead(list ? 200 : 404).end(list?.join('\n'))
  })

describe('our list of ranges', () => {
  it('is read and answers for addresses of both families', () => {
    const isEdge = inRanges([...ours.v4, ...ours.v6])
    expect(['104.21.32.1', '172.67.1.1', '2606:4700:3033::1'].map(isEdge)).toEqual([
      true,
      true,
      true,
    ])
    expect(['104.28.0.1', '203.0.113.5', '2001:db8::1', 'nothing'].map(isEdge)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('does not differ from itself, whatever the order or the spelling', async () => {
    const base = await publish(
      [...ours.v4].reverse(),
      ours.v6.map((range) => range.toUpperCase()),
    )
    expect(compareRanges(ours, await fetchRanges(base))).toEqual({ added: [], removed: [] })
  })

  it('does not differ by the spelling of its own ranges', () => {
    const theirs = { v4: ['198.51.100.0/24'], v6: ['2001:db8::/32'] }
    const spelt = { v4: ['198.51.100.0/24'], v6: ['2001:0DB8:0::/32'] }
    expect(compareRanges(spelt, theirs)).toEqual({ added: [], removed: [] })
  })

  it('lacks a new range and has an old one', async () => {
    const [gone, ...rest] = ours.v4
    const base = await publish([...rest, '198.51.100.0/24'], [...ours.v6, '2001:db8::/32'])
    expect(compareRanges(ours, await fetchRanges(base))).toEqual({
      added: ['198.51.100.0/24', '2001:db8::/32'],
      removed: [gone],
    })
  })

  it('differs from a range of the same network with another length', () => {
    const theirs = { ...ours, v4: ours.v4.map((range) => range.replace('/15', '/14')) }
    expect(compareRanges(ours, theirs)).toEqual({
      added: ['162.158.0.0/14'],
      removed: ['162.158.0.0/15'],
    })
  })
})

describe('a publisher of ranges', () => {
  it('may lead to the same page with a slash', async () => {
    const base = await serve((request, response) => {
      const url = request.url ?? ''
      if (!url.endsWith('/')) response.writeHead(301, { location: `${url}/` }).end()
      else response.end((url === '/ips-v4/' ? ours.v4 : ours.v6).join('\n'))
    })
    expect(await fetchRanges(base)).toEqual(ours)
  })

  it('may not lead elsewhere', async () => {
    const elsewhere = await publish(ours.v4, ours.v6)
    const base = await serve((request, response) => {
      response.writeHead(302, { location: `${elsewhere}${request.url}` }).end()
    })
    await expect(fetchRanges(base)).rejects.toThrow(`leads to ${elsewhere}`)
  })

  it.each([
    ['nothing', ''],
    ['a page', '<!doctype html>\n<p>Just a moment...'],
    ['half a list', '173.245.48.0/20\n103.21.244.0/22'],
  ])('that gives %s is not taken to have removed every range', async (_, body) => {
    const base = await serve((_, response) => response.end(body))
    await expect(fetchRanges(base)).rejects.toThrow('gives no lists of ranges')
  })

  it('that fails is told by its status', async () => {
    const base = await serve((_, response) => response.writeHead(503).end())
    await expect(fetchRanges(base)).rejects.toThrow('answers 503')
  })

  it('that is silent is given up in time', async () => {
    const base = await serve(() => undefined)
    await expect(fetchRanges(base, 200)).rejects.toThrow('does not answer within 0.2 s')
  })

  it('that is not there is told', async () => {
    const base = await publish(ours.v4, ours.v6)
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done))
    await expect(fetchRanges(base)).rejects.toThrow('cannot be reached')
  })
})
