import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { requireGuard, standGuard } from './stand-guard'

/** What reached the server behind the guard. */
const reached: string[] = []
const server = createServer((incoming, response) => {
  reached.push(`${incoming.method} ${incoming.url}`)
  response.end('reached')
})

beforeAll(async () => {
  standGuard({ storeOpen: false, secret: 'a-secret-of-a-test' })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => server.close())

interface Answer {
  status: number
  type: string
  body: string
}

/** Asks for a path exactly as it is written, which fetch does not. */
function ask(method: string, path: string, body = ''): Promise<Answer> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', method, path, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: String(response.headers['content-type']),
          body: text,
        }),
      )
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

it('lets what is open through, from the first request on', async () => {
  expect(await ask('GET', '/health')).toMatchObject({ status: 200, body: 'reached' })
  expect(reached).toEqual(['GET /health'])
})

it.each([
  ['POST', '/hooks/payment/anything', 'x'.repeat(90_000)],
  ['POST', '/auth/customer/emailpass', '{}'],
  ['GET', '/store/orders/order_1', ''],
  ['GET', '/store/products', ''],
  ['GET', '/nothing', ''],
  ['OPTIONS', '/store/carts', ''],
  ['GET', '/admin/orders/%E0%A4%A', ''],
])('answers %s %s as if nothing were there, before the server sees it', async (...asked) => {
  reached.length = 0
  const answer = await ask(...asked)
  expect(answer).toEqual({
    status: 404,
    type: 'application/json; charset=utf-8',
    body: '{"type":"not_found","message":"The address was not found."}',
  })
  expect(reached).toEqual([])
})

it('lets nothing through that the guard has not seen', () => {
  const ended: unknown[] = []
  const response = {
    writeHead: (status: number) => ended.push(status),
    end: (body: string) => ended.push(body),
  }
  const request = { method: 'GET', url: '/health' }
  const through = () => ended.push('through')
  requireGuard(request as never, response as never, through)
  expect(ended).toEqual([404, '{"type":"not_found","message":"The address was not found."}'])
})
