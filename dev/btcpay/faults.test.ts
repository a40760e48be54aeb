import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Faults, kindOf, misbehaviourSchema } from './faults.ts'
import { type StandIn, startStandIn } from './server.ts'
import { signature } from './webhooks.ts'

const SECRET = 'HelloWorld'
const INVOICES = '/api/v1/stores/S/invoices'

let dataDir: string
let standIn: StandIn
let shop: Server
let base: string
let received: { type: string; signed: boolean }[]

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'btcpay-faults-'))
  received = []
  shop = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString()
    const signed = req.headers['btcpay-sig'] === signature(raw, SECRET)
    received.push({ type: JSON.parse(raw).type, signed })
    res.writeHead(signed ? 200 : 401).end()
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`
  const of = { host: '127.0.0.1', port: 0, dataDir, storeId: 'S', apiKey: 'k', webhookUrl }
  standIn = await startStandIn({ ...of, webhookSecret: SECRET }, () => undefined, [0.01])
  base = `http://127.0.0.1:${(standIn.server.address() as AddressInfo).port}`
})

afterEach(async () => {
  await standIn.close()
  shop.closeAllConnections()
  shop.close()
  rmSync(dataDir, { recursive: true })
})

const ask = (path: string, body?: unknown, ms = 2_000) =>
  fetch(`${base}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'token k', 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(ms),
  })
const wrong = (plan: unknown) => ask('/standin/faults', plan)
const list = async () => (await (await ask(INVOICES)).json()) as { id: string }[]
const create = () => ask(INVOICES, { amount: '20', currency: 'EUR', metadata: { orderId: 'o' } })

describe('a seed', () => {
  const drawn = (seed: number, kinds: string[]) => {
    const faults = new Faults()
    const answers = { error: 0.2, hang: 0.2, lose: 0.2 }
    faults.behave(misbehaviourSchema.parse({ seed, answers }))
    return kinds.map((kind) => faults.answer(kind))
  }
  const many = Array.from({ length: 200 }, () => 'GET invoices/*')

  it('gives the same faults in the same order for the same requests', () => {
    expect(drawn(7, many)).toEqual(drawn(7, many))
    expect(drawn(7, many)).not.toEqual(drawn(8, many))
    expect(new Set(drawn(7, many))).toEqual(new Set([undefined, 'error', 'hang', 'lose']))
  })

  it('gives a kind of request its own faults, whatever is asked in between', () => {
    const mixed = many.flatMap((kind) => ['POST invoices', kind])
    expect(drawn(7, mixed).filter((_, n) => n % 2 === 1)).toEqual(drawn(7, many))
  })

  it('knows requests by their kind, not by their ids', () => {
    expect(kindOf('POST', 'invoices/abc/refund')).toBe('POST invoices/*/refund')
    expect(kindOf('GET', 'invoices')).toBe('GET invoices')
  })
})

describe('an answer', () => {
  it.each([
    ['error', 500],
    ['rate-limit', 429],
  ])('goes wrong by command: %s', async (fault, status) => {
    await wrong({ next: { answers: [fault] } })
    expect((await create()).status).toBe(status)
    expect(await list()).toEqual([])
    expect(await (await ask('/standin/faults')).json()).toEqual([
      { what: fault, to: 'POST invoices' },
    ])
  })

  it('never comes: hang, away', async () => {
    await wrong({ next: { answers: ['hang', 'away'] } })
    await expect(ask(INVOICES, {}, 100)).rejects.toThrow('timeout')
    await expect(create()).rejects.toThrow('fetch failed')
    expect(await list()).toEqual([])
  })

  it('is lost, or half of it, though the work is done: lose, truncate', async () => {
    await wrong({ next: { answers: ['lose', 'truncate'] } })
    await expect(create()).rejects.toThrow('fetch failed')
    await expect((await create()).text()).rejects.toThrow('terminated')
    expect(await list()).toHaveLength(2)
  })

  it('comes late: delay', async () => {
    await wrong({ next: { answers: ['delay'] }, delay_ms: 150 })
    const began = Date.now()
    expect((await create()).status).toBe(200)
    expect(Date.now() - began).toBeGreaterThanOrEqual(145)
  })
})

describe('a delivery', () => {
  const pay = async () => {
    const [{ id } = { id: '' }] = await list()
    await ask(`/standin/invoices/${id}/pay`, { method: 'onchain' })
    return id
  }
  const types = () => received.map(({ type }) => type)

  it.each([
    ['lose', ['InvoiceProcessing']],
    ['double', ['InvoiceReceivedPayment', 'InvoiceReceivedPayment', 'InvoiceProcessing']],
    ['delay', ['InvoiceReceivedPayment', 'InvoiceProcessing']],
  ])('goes wrong by command: %s', async (fault, expected) => {
    await create()
    await expect.poll(types).toEqual(['InvoiceCreated'])
    received.length = 0
    await wrong({ next: { deliveries: [fault] }, delay_ms: 20 })
    await pay()
    await expect.poll(types).toEqual(expected)
  })

  it('is overtaken by the next: reorder', async () => {
    await create()
    await expect.poll(types).toEqual(['InvoiceCreated'])
    received.length = 0
    // The first of the queue is on its way, so that the third overtakes the second.
    await wrong({ next: { deliveries: ['delay', 'double', 'reorder'] }, delay_ms: 20 })
    const id = await pay()
    await ask(`/standin/invoices/${id}/confirm`, {})
    await expect
      .poll(types)
      .toEqual([
        'InvoiceReceivedPayment',
        'InvoiceProcessing',
        'InvoicePaymentSettled',
        'InvoiceProcessing',
        'InvoiceSettled',
      ])
  })

  it('comes with a signature of somebody else’s before it: forge', async () => {
    await create()
    await expect.poll(types).toEqual(['InvoiceCreated'])
    received.length = 0
    await wrong({ next: { deliveries: ['forge'] } })
    await pay()
    await expect
      .poll(() => received)
      .toEqual([
        { type: 'InvoiceReceivedPayment', signed: false },
        { type: 'InvoiceReceivedPayment', signed: true },
        { type: 'InvoiceProcessing', signed: true },
      ])
  })
})

it('changes a state after Settled', async () => {
  await create()
  const [{ id } = { id: '' }] = await list()
  await ask(`/standin/invoices/${id}/pay`, {})
  await ask(`/standin/invoices/${id}/force`, { status: 'Invalid' })
  expect(await (await ask(`${INVOICES}/${id}`)).json()).toMatchObject({ status: 'Invalid' })
  await expect.poll(() => received.map(({ type }) => type)).toContain('InvoiceInvalid')
})
