import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { Greenfield } from '../../app/src/modules/btcpay/greenfield.ts'
import { type StandIn, startStandIn } from '../btcpay/server.ts'
import { type Exchange, Published } from './conformance.ts'
import { API_FILE, readApi, TYPES_FILE, writtenApi, writtenTypes } from './files.ts'
import { OPERATIONS } from './operations.ts'
import { reduce } from './reduce.ts'

const STORE = '/api/v1/stores/S'
const folder = mkdtempSync(join(tmpdir(), 'rr-greenfield-'))
const published = new Published()
let exchanges: Exchange[] = []
let standIn: StandIn
let url: string
let client: Greenfield

beforeAll(async () => {
  const settings = { host: '127.0.0.1', port: 0, dataDir: folder, storeId: 'S', apiKey: 'k' }
  const nobody = { webhookUrl: 'http://127.0.0.1:2/', webhookSecret: 'secret' }
  standIn = await startStandIn({ ...settings, ...nobody }, () => {})
  url = `http://127.0.0.1:${(standIn.server.address() as AddressInfo).port}`
  client = new Greenfield({ url, storeId: 'S', apiKey: 'k' })
  await control('webhooks', { mode: 'drop' })
  const wire = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const answer = await wire(input, init)
    const address = new URL(String(input))
    const text = await answer.clone().text()
    if (address.pathname.startsWith('/api/'))
      exchanges.push({
        method: init?.method ?? 'GET',
        url: address,
        body: init?.body ? JSON.parse(String(init.body)) : undefined,
        status: answer.status,
        answer: text ? JSON.parse(text) : undefined,
      })
    return answer
  })
})

afterAll(async () => {
  vi.restoreAllMocks()
  await standIn.close()
  rmSync(folder, { recursive: true })
})

afterEach(() => {
  exchanges = []
})

function send(path: string, body: object | undefined, method = body ? 'POST' : 'GET', key = 'k') {
  return fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `token ${key}` },
    body: body ? JSON.stringify(body) : null,
  })
}

const control = (path: string, body: object = {}) => send(`/standin/${path}`, body)

async function made<T>(answer: Promise<{ ok: true; value: T } | { ok: false }>): Promise<T> {
  const given = await answer
  if (!given.ok) throw new Error(JSON.stringify(given))
  return given.value
}

const invoice = (orderId: string) =>
  made(
    client.createInvoice({ orderId, amount: '20', currency: 'eur', redirectUrl: 'http://shop/' }),
  )

function expectPublished(): void {
  expect(exchanges.length).toBeGreaterThan(0)
  expect(exchanges.flatMap((each) => published.errorsOf(each))).toEqual([])
}

it("has the types of BTCPay's published API: run 'node dev/greenfield/main.ts' after a change", async () => {
  const api = readApi()
  expect(writtenApi(reduce(api))).toBe(writtenApi(api))
  await expect(writtenApi(api)).toMatchFileSnapshot(API_FILE)
  await expect(await writtenTypes(api)).toMatchFileSnapshot(TYPES_FILE)
})

it('asks and is answered as published: the client, and the stand-in', async () => {
  const { id } = await invoice('payses_1')
  await control(`invoices/${id}/pay`, { method: 'onchain', amount: '21' })
  await control(`invoices/${id}/confirm`)
  await made(client.getInvoice(id))
  await made(client.findInvoices('payses_1'))
  await made(client.listInvoices({ since: new Date(0), skip: 0, take: 10 }))
  const methods = await made(client.paymentMethods(id))
  expect(methods.flatMap(({ payments }) => payments)).toHaveLength(1)
  await made(client.markInvalid((await invoice('payses_2')).id))
  const refund = await made(client.refund(id, 'Refund', '5', 'eur'))
  expect(await made(client.findRefund('Refund'))).toMatchObject({ id: refund.id, amount: '5' })
  expect(await made(client.payouts(refund.id))).toEqual([])
  expectPublished()
})

it('claims a pull payment as BTCPay does: in parts, within its sum, once for each address', async () => {
  const { id } = await invoice('payses_3')
  await control(`invoices/${id}/pay`)
  const refund = await made(client.refund(id, 'Claimed', '5', 'eur'))
  const claims = `/api/v1/pull-payments/${refund.id}/payouts`
  const claim = async (destination: string, amount?: string) => {
    const answer = await send(claims, { destination, amount, payoutMethodId: 'BTC-LN' })
    return (await answer.json()) as { id: string; state?: string; code?: string }
  }
  const part = await claim('a@example.org', '2')
  expect(part.state).toBe('AwaitingApproval')
  expect((await claim('b@example.org', '3.01')).code).toBe('overdraft')
  expect((await claim('a@example.org', '1')).code).toBe('duplicate-destination')
  const rest = await claim('b@example.org')
  expect((await claim('c@example.org')).code).toBe('amount-too-low')
  await control(`payouts/${part.id}/approve`)
  await control(`payouts/${part.id}/complete`)
  await control(`payouts/${rest.id}/cancel`)
  expect(await made(client.payouts(refund.id))).toEqual([
    { id: part.id, state: 'Completed', originalAmount: '2', originalCurrency: 'EUR' },
  ])
  expect((await control(`payouts/${part.id}/cancel`)).status).toBe(400)
  expectPublished()
})

it('says what is wrong as published', async () => {
  const { id } = await invoice('payses_4')
  const statuses = [
    await send('/api/v1/health', undefined),
    await send('/api/v1/server/info', undefined),
    await send('/api/v1/server/info', undefined, 'GET', 'other'),
    await send(`${STORE}/invoices/nobodys`, undefined),
    await send(`${STORE}/invoices`, { amount: 'much' }),
    await send(`${STORE}/invoices/${id}/refund`, { refundVariant: 'Custom' }),
    await send(`${STORE}/invoices/${id}`, undefined, 'DELETE'),
    await send('/api/v1/pull-payments/nobodys/payouts', undefined),
  ].map(({ status }) => status)
  expect(statuses).toEqual([200, 200, 401, 403, 422, 400, 200, 404])
  expectPublished()
  // By now everything was asked for.
  expect([...published.seen].sort()).toEqual([...OPERATIONS].sort())
})
