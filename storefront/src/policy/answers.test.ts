import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { giveAnswersTheirPolicy } from './answers'
import { inlineSources } from './inline-scripts'
import { DATA_POLICY, pagePolicy } from './policy'

giveAnswersTheirPolicy()

let server: Server | undefined
afterEach(() => server?.close())

/** What a client gets from a server that answers like this. */
async function answer(listener: RequestListener, init?: RequestInit): Promise<Response> {
  server?.close()
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return fetch(`http://127.0.0.1:${port}/`, init)
}

const policyOf = (response: Response) => response.headers.get('content-security-policy')
const page = (text: string) => `<p>${text}</p><script>self.__next_f.push([1,"${text}"])</script>`

/** Answers as Next does for what it has whole. */
function whole(text: string, etag?: string): RequestListener {
  return (request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    if (etag) response.setHeader('ETag', etag)
    response.setHeader('Content-Length', Buffer.byteLength(page(text)))
    response.end(request.method === 'HEAD' ? null : page(text))
  }
}

describe('an answer', () => {
  it('that is a whole page lists the hashes of its own scripts', async () => {
    const response = await answer(whole('one'))
    expect(policyOf(response)).toBe(pagePolicy(inlineSources(page('one'))))
    expect(await response.text()).toBe(page('one'))
    expect(policyOf(await answer(whole('two')))).toBe(pagePolicy(inlineSources(page('two'))))
  })

  it('without a body has the policy of the page that was sent before', async () => {
    const before = policyOf(await answer(whole('head', '"a"')))
    expect(before).toContain('sha256-')
    expect(policyOf(await answer(whole('head', '"a"'), { method: 'HEAD' }))).toBe(before)
  })

  it('without a body still has its policy after thousands of pages that were not found', async () => {
    const before = policyOf(await answer(whole('kept', '"kept"')))
    const listener: RequestListener = (request, response) => {
      if (request.url !== '/') response.statusCode = 404
      whole(request.url ?? '', `"${request.url}"`)(request, response)
    }
    const { url } = await answer(listener)
    const asked = Array.from({ length: 1_100 }, (_, each) => fetch(`${url}${each}`))
    for (const response of await Promise.all(asked)) await response.text()
    expect(policyOf(await answer(whole('kept', '"kept"'), { method: 'HEAD' }))).toBe(before)
  }, 30_000)

  it('without a body lets nothing run when its page is unknown', async () => {
    const response = await answer(whole('head', '"unknown"'), { method: 'HEAD' })
    expect(policyOf(response)).toBe(pagePolicy([]))
  })

  it('that streams keeps the policy that it was given', async () => {
    const response = await answer((_request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.setHeader('Content-Security-Policy', "script-src 'nonce-a'")
      response.flushHeaders()
      response.write(page('one'))
      response.end(page('two'))
    })
    expect(policyOf(response)).toBe("script-src 'nonce-a'")
    expect(await response.text()).toBe(page('one') + page('two'))
  })

  it('that streams without one lets no inline script run', async () => {
    const response = await answer((_request, response) => {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.write(page('one'))
      response.end()
    })
    expect(policyOf(response)).toBe(pagePolicy([]))
  })

  it('that is no page is data', async () => {
    const json = await answer((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' })
      response.end('{}')
    })
    expect([json.status, policyOf(json)]).toEqual([201, DATA_POLICY])
    const empty = await answer(
      (_request, response) => response.writeHead(307, { location: '/' }).end(),
      {
        redirect: 'manual',
      },
    )
    expect([empty.status, policyOf(empty)]).toEqual([307, DATA_POLICY])
  })

  it('that says "not modified" leaves the policy of the kept page alone', async () => {
    const response = await answer((_request, response) => {
      response.statusCode = 304
      response.end()
    })
    expect([response.status, policyOf(response)]).toEqual([304, null])
  })
})
