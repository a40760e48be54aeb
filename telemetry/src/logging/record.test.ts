import { EventEmitter } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { takeOverConsole } from './console'
import { currentFacts, inContext, note } from './context'
import { line, openLog, record } from './record'
import { watchRequests } from './requests'

const lines: string[] = []
const own = { ...console }

/** What was logged since, parsed. */
function logged(work: () => void): Record<string, unknown>[] {
  lines.length = 0
  work()
  return lines.map((each) => JSON.parse(each))
}

beforeAll(() => {
  openLog({ app: 'medusa-worker', least: 'info', write: (each) => lines.push(each) })
  takeOverConsole()
})
afterAll(() => Object.assign(console, own))

describe('a record', () => {
  it('is one line with the time, the level and the app, stack traces and causes included', () => {
    const error = new Error('first\nsecond', { cause: new Error('below ada@example.org') })
    const text = line('storefront', 'error', 'broken', { status: 500 }, error)
    expect(text).not.toContain('\n')
    const fields = JSON.parse(text)
    expect(fields).toMatchObject({
      level: 'error',
      app: 'storefront',
      message: 'broken',
      status: 500,
    })
    expect(new Date(fields.time).toISOString()).toBe(fields.time)
    expect(fields.stack).toContain('first\nsecond')
    expect(fields.stack).toContain('record.test.ts')
    expect(fields.stack).toContain('caused by Error: below [email]')
  })

  it('has what is known of the work at hand, and nothing of other work', async () => {
    const one = inContext({ requestId: 'one' }, async () => {
      await delay(5)
      note({ invoiceId: 'i1' })
      await inContext({ job: 'inner' }, () => delay(5))
      return { ...currentFacts() }
    })
    const two = inContext({ requestId: 'two' }, async () => {
      await delay(7)
      return { ...currentFacts() }
    })
    expect(await one).toEqual({ requestId: 'one', invoiceId: 'i1' })
    expect(await two).toEqual({ requestId: 'two' })
    note({ invoiceId: 'nobody' })
    expect(currentFacts()).toEqual({})
  })

  it('below the level is not written', () => {
    expect(logged(() => record('debug', 'quiet'))).toEqual([])
  })
})

describe('what packages print', () => {
  it('becomes records of their level', () => {
    const said = logged(() => {
      console.log('   ✓ Ready in %d ms', 5)
      console.warn('\u001b[33m⚠\u001b[39m odd', { a: 1 })
      console.error('store API:', new Error('down'))
      console.log('')
    })
    expect(said).toMatchObject([
      { level: 'info', message: 'Ready in 5 ms' },
      { level: 'warn', message: 'odd { a: 1 }' },
      { level: 'error', message: 'store API: Error: down', stack: expect.stringContaining('at ') },
    ])
  })

  it('takes in the warnings of Node itself', async () => {
    lines.length = 0
    process.emitWarning('old ways', 'DeprecationWarning')
    await vi.waitFor(() => expect(lines).toHaveLength(1))
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      message: 'DeprecationWarning: old ways',
    })
  })

  it('is an error when it is one, as when Medusa’s command line prints a crash', () => {
    const [crash] = logged(() => console.log(new TypeError('crashed')))
    expect(crash).toMatchObject({ level: 'error', message: 'TypeError: crashed' })
  })
})

describe('a request', () => {
  it('has one line when its answer has left, with its own facts on a shared connection', async () => {
    const arrived = new EventEmitter()
    const server = createServer(async (asked, answer) => {
      if (asked.url === '/left') {
        arrived.emit('left')
        return
      }
      await delay(5)
      note({ invoiceId: `of ${asked.url}` })
      answer.statusCode = asked.url === '/bad' ? 503 : 200
      answer.end(String(currentFacts().requestId))
    })
    watchRequests({
      begin: ({ url }) => ({ requestId: `id ${url}` }),
      end: ({ url }) => ({ route: url }),
      quiet: (route) => route === '/health',
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const answers: string[] = []
    lines.length = 0
    for (const path of ['/one', '/two', '/health', '/bad']) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      answers.push(await response.text())
    }
    expect(answers).toEqual(['id /one', 'id /two', 'id /health', 'id /bad'])
    await vi.waitFor(() => expect(lines).toHaveLength(3))
    const said = lines.map((each) => JSON.parse(each))
    expect(said).toMatchObject([
      { level: 'info', message: 'GET /one 200', requestId: 'id /one', invoiceId: 'of /one' },
      { level: 'info', message: 'GET /two 200', requestId: 'id /two', invoiceId: 'of /two' },
      { level: 'warn', message: 'GET /bad 503', status: 503, invoiceId: 'of /bad' },
    ])
    expect(said[0].durationMs).toBeGreaterThanOrEqual(4)

    lines.length = 0
    const left = request({ port, path: '/left' }).on('error', () => undefined)
    arrived.once('left', () => left.destroy())
    left.end()
    await vi.waitFor(() => expect(lines).toHaveLength(1))
    expect(JSON.parse(lines[0] ?? '').message).toBe('GET /left 200, the client left')
    server.close()
  })
})
