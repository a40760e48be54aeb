import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StandIn, startStandIn } from './server.ts'
import { signature } from './webhooks.ts'

const SECRET = 'HelloWorld'
const silent = () => undefined

interface Received {
  body: { type: string; deliveryId: string; originalDeliveryId: string; isRedelivery: boolean }
  signed: boolean
}

let dataDir: string
let standIn: StandIn
let shop: Server
let received: Received[]
/** What the shop answers, one after the other; 200 when the list is empty. */
let answers: number[]
let base: string

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'btcpay-'))
  received = []
  answers = []
  shop = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString()
    received.push({
      body: JSON.parse(raw),
      signed: req.headers['btcpay-sig'] === signature(raw, SECRET),
    })
    res.writeHead(answers.shift() ?? 200).end()
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  await start()
})

afterEach(async () => {
  await standIn.close()
  shop.closeAllConnections()
  shop.close()
  rmSync(dataDir, { recursive: true })
})

async function start(): Promise<void> {
  const webhookUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/hooks/btcpay`
  const settings = {
    host: '127.0.0.1',
    port: 0,
    dataDir,
    storeId: 'S',
    apiKey: 'k',
    webhookUrl,
    webhookSecret: SECRET,
  }
  standIn = await startStandIn(settings, silent, [0.01, 0.01])
  base = `http://127.0.0.1:${(standIn.server.address() as AddressInfo).port}`
}

async function call(path: string, body?: unknown, key = 'k') {
  const response = await fetch(`${base}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `token ${key}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() }
}

const invoices = '/api/v1/stores/S/invoices'
const create = async (orderId = 'o1') =>
  (await call(invoices, { amount: '20', currency: 'eur', metadata: { orderId } })).body.id as string
const types = () => received.map(({ body }) => body.type)

describe('the signature', () => {
  it('is that of BTCPay for a known body', () => {
    const body = '{\n  "deliveryId": "D1",\n  "type": "InvoiceSettled"\n}'
    expect(signature(body, SECRET)).toBe(
      'sha256=e5b001cbc7bb11f6e255eb1669ef78a25efa306c04472e72edbcc13cc3e8ada6',
    )
  })
})

describe('an invoice', () => {
  it('is created, found by its order id and rounded to cents', async () => {
    const { body } = await call(invoices, {
      amount: '50.515',
      currency: 'usd',
      metadata: { orderId: 'a' },
    })
    expect(body).toMatchObject({ amount: '50.52', currency: 'USD', status: 'New', paidAmount: '0' })
    await create('b')
    expect(
      (await call(`${invoices}?orderId=a`)).body.map((each: { id: string }) => each.id),
    ).toEqual([body.id])
  })

  it('paid by Lightning tells its events in the order that BTCPay has', async () => {
    const id = await create()
    await call(`/standin/invoices/${id}/pay`, { method: 'lightning' })
    await expect
      .poll(types)
      .toEqual([
        'InvoiceCreated',
        'InvoicePaymentSettled',
        'InvoiceReceivedPayment',
        'InvoiceProcessing',
        'InvoiceSettled',
      ])
    expect(received.every(({ signed }) => signed)).toBe(true)
  })

  it('paid on chain is Processing until it is confirmed', async () => {
    const id = await create()
    await call(`/standin/invoices/${id}/pay`, { method: 'onchain' })
    expect((await call(`${invoices}/${id}`)).body.status).toBe('Processing')
    await call(`/standin/invoices/${id}/confirm`, {})
    expect((await call(`${invoices}/${id}`)).body.status).toBe('Settled')
  })

  it('paid in part stays New, then expires with the money on it', async () => {
    const id = await create()
    await call(`/standin/invoices/${id}/pay`, { amount: '5' })
    expect((await call(`${invoices}/${id}`)).body).toMatchObject({
      status: 'New',
      additionalStatus: 'PaidPartial',
      paidAmount: '5',
    })
    await call(`/standin/invoices/${id}/expire`, {})
    await expect.poll(types).toContain('InvoiceExpiredPaidPartial')
    await call(`/standin/invoices/${id}/pay`, {})
    expect((await call(`${invoices}/${id}`)).body).toMatchObject({
      status: 'Expired',
      additionalStatus: 'PaidLate',
    })
    expect(types()).not.toContain('InvoiceSettled')
  })

  it('survives a restart', async () => {
    const id = await create()
    await standIn.close()
    await start()
    expect((await call(`${invoices}/${id}`)).body.id).toBe(id)
  })

  it('shows a page to pay it', async () => {
    const id = await create()
    const page = await (await fetch(`${base}/i/${id}`)).text()
    for (const button of ['pay-full', 'pay-part', 'pay-onchain', 'expire']) {
      expect(page).toContain(`data-testid="${button}"`)
    }
  })
})

describe('a webhook', () => {
  it('comes again with a new delivery id after a 503, and not after a 401', async () => {
    answers = [503, 200]
    await create()
    await expect.poll(() => received.length).toBe(2)
    expect(received[1]?.body.originalDeliveryId).toBe(received[0]?.body.originalDeliveryId)
    expect(received[1]?.body.deliveryId).not.toBe(received[0]?.body.deliveryId)
    expect(received[1]).toMatchObject({ signed: true, body: { isRedelivery: true } })
    answers = [401]
    await create()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(received.length).toBe(3)
  })

  it('can be lost or doubled by a test', async () => {
    await call('/standin/webhooks', { mode: 'drop' })
    await create()
    await call('/standin/webhooks', { mode: 'duplicate' })
    await create()
    await expect.poll(() => received.length).toBe(2)
    expect(received[0]?.body.deliveryId).toBe(received[1]?.body.deliveryId)
  })
})

describe('errors', () => {
  it('are those of BTCPay', async () => {
    expect((await call(invoices, undefined, 'wrong')).status).toBe(401)
    expect((await call(`${invoices}/nothing`)).body.code).toBe('missing-permission')
    expect((await call(invoices, { amount: '-1', currency: 'EUR' })).body[0].path).toBe('Amount')
    const id = await create()
    const refund = { refundVariant: 'Custom', customAmount: '1', customCurrency: 'EUR' }
    expect((await call(`${invoices}/${id}/refund`, refund)).body.code).toBe('non-refundable')
  })

  it('name a damaged state file in one line', async () => {
    await standIn.close()
    writeFileSync(join(dataDir, 'btcpay.json'), '{')
    await expect(start()).rejects.toThrow(/btcpay\.json is damaged: delete it/)
    rmSync(join(dataDir, 'btcpay.json'))
    await start()
  })
})
