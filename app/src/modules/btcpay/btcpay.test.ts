import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { afterEach, describe, expect, it } from 'vitest'
import { Greenfield } from './greenfield'
import { type Invoice, mismatch, paymentStatus, sameAmount } from './invoice'
import { isSigned } from './signature'

const invoice: Invoice = {
  id: 'i1',
  storeId: 'S',
  amount: '20',
  paidAmount: '0',
  currency: 'EUR',
  type: 'Standard',
  status: 'New',
  additionalStatus: 'None',
  checkoutLink: 'http://btcpay/i/i1',
  expirationTime: 1,
  metadata: { orderId: 'session' },
}
const expected = { sessionId: 'session', storeId: 'S', amount: '20.00', currency: 'eur' }

describe('the status that a shopper sees', () => {
  it.each([
    ['New', '0', 'waiting'],
    ['New', '0.00', 'waiting'],
    ['New', '5', 'underpaid'],
    ['Processing', '20', 'seen'],
    ['Settled', '20', 'paid'],
    ['Settled', '25', 'paid'],
    ['Expired', '0', 'expired'],
    ['Expired', '5', 'review'],
    ['Invalid', '0', 'invalid'],
    ['Invalid', '20', 'review'],
  ] as const)('of %s with %s of 20 is: %s', (status, paidAmount, wanted) => {
    expect(paymentStatus({ ...invoice, status, paidAmount })).toBe(wanted)
  })
})

describe('an invoice', () => {
  it('fits its own session', () => {
    expect(mismatch(invoice, expected)).toBeUndefined()
  })
  it.each([
    [{ storeId: 'other' }],
    [{ metadata: { orderId: 'other' } }],
    [{ metadata: {} }],
    [{ type: 'TopUp' }],
    [{ currency: 'USD' }],
    [{ amount: '2' }],
  ])('with %j does not', (change) => {
    expect(mismatch({ ...invoice, ...change }, expected)).toBeTypeOf('string')
  })
})

it('compares amounts by value', () => {
  expect(sameAmount('10.5', '10.50')).toBe(true)
  expect(sameAmount('010', '10.0')).toBe(true)
  expect(sameAmount('10.5', '10.05')).toBe(false)
  expect(sameAmount('100', '10')).toBe(false)
})

describe('a signature', () => {
  const body = Buffer.from('{\n  "deliveryId": "D1",\n  "type": "InvoiceSettled"\n}')
  const good = 'sha256=e5b001cbc7bb11f6e255eb1669ef78a25efa306c04472e72edbcc13cc3e8ada6'
  it('of BTCPay is taken', () => {
    expect(isSigned(body, good, 'HelloWorld')).toBe(true)
  })
  it.each([
    undefined,
    '',
    good.slice(7),
    good.toUpperCase(),
    `${good}0`,
    `sha256=${'0'.repeat(64)}`,
  ])('%s is not', (header) => {
    expect(isSigned(body, header, 'HelloWorld')).toBe(false)
  })
  it('of other bytes is not', () => {
    expect(
      isSigned(Buffer.from('{"deliveryId":"D1","type":"InvoiceSettled"}'), good, 'HelloWorld'),
    ).toBe(false)
  })
})

describe('Greenfield', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  async function answering(
    answers: [number, string][],
    apiKey = 'k',
  ): Promise<{ client: Greenfield; asked: string[]; url: string }> {
    const asked: string[] = []
    server = createServer((req, res) => {
      asked.push(`${req.method} ${req.url}`)
      const [status, text] = answers.shift() ?? [500, '']
      res.writeHead(status).end(text)
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { client: new Greenfield({ url, storeId: 'S', apiKey }), asked, url }
  }

  it.each([
    [500, '', 'unreachable'],
    [502, '<html>', 'unreachable'],
    [403, '{"code":"missing-permission"}', 'unknown'],
    [404, '{}', 'unknown'],
    [408, '', 'unreachable'],
    [429, '', 'unreachable'],
    [302, '', 'unreachable'],
    [422, '[{"path":"Amount"}]', 'refused'],
    [200, '<html>', 'unreadable'],
    [200, '{}', 'unreadable'],
  ] as const)('gives %i %s as %s', async (status, text, kind) => {
    // A question that changes nothing is asked again when nobody has answered it.
    const { client } = await answering([
      [status, text],
      [status, text],
    ])
    expect(await client.getInvoice('x')).toMatchObject({ ok: false, failure: { kind } })
  })

  it('asks for the whole id, and names only a part of its hash in what goes to the log', async () => {
    const id = 'WxsYZ5tE3rRpR6uW4HvN9q'
    const { client, asked } = await answering([
      [500, ''],
      [404, ''],
      [200, '{}'],
    ])
    const answers = [
      await client.getInvoice(id),
      await client.markInvalid(id),
      await client.refund(id, 'Refund', '1', 'eur'),
    ]
    expect(answers.map((answer) => (answer.ok ? '' : answer.failure.message))).toEqual([
      `GET invoices ${short(id)}: 500`,
      `POST invoices ${short(id)} status: 404`,
      `POST invoices ${short(id)} refund: not the promised shape`,
    ])
    expect(asked).toEqual([
      `GET /api/v1/stores/S/invoices/${id}`,
      `POST /api/v1/stores/S/invoices/${id}/status`,
      `POST /api/v1/stores/S/invoices/${id}/refund`,
    ])
  })

  it('adopts the invoice of a creation whose answer was lost', async () => {
    const { client, asked } = await answering([
      [504, ''],
      [200, JSON.stringify([invoice])],
    ])
    const made = await client.createInvoice({
      orderId: 'session',
      amount: '20',
      currency: 'eur',
      redirectUrl: 'http://shop',
    })
    expect(made).toMatchObject({ ok: true, value: { id: 'i1' } })
    expect(asked).toEqual([
      'POST /api/v1/stores/S/invoices',
      'GET /api/v1/stores/S/invoices?orderId=session&take=5',
    ])
  })

  it('asks again what changes nothing, and never repeats what does', async () => {
    const { client, asked } = await answering([
      [503, ''],
      [200, JSON.stringify(invoice)],
      [503, ''],
      [503, ''],
    ])
    expect(await client.getInvoice('i1')).toMatchObject({ ok: true })
    expect(await client.markInvalid('i1')).toMatchObject({ ok: false })
    expect(await client.refund('i1', 'Refund', '1', 'eur')).toMatchObject({ ok: false })
    expect(asked.map((each) => each.split(' ')[0])).toEqual(['GET', 'GET', 'POST', 'POST'])
  })

  it.each([
    '',
    '.',
    '..',
    '../../../server/info',
    '..%2f..%2fserver',
    '%2e%2e',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    'a\u0000b',
    'ｉd',
    'a'.repeat(101),
  ])('never asks for the id %j, which cannot be one', async (id) => {
    const { client, asked } = await answering([])
    const all = [
      await client.getInvoice(id),
      await client.paymentMethods(id),
      await client.markInvalid(id),
      await client.refund(id, 'Refund', '1', 'eur'),
      await client.payouts(id),
    ]
    for (const answer of all)
      expect(answer).toMatchObject({ ok: false, failure: { kind: 'unknown' } })
    expect(asked).toEqual([])
  })

  it('says nothing of the key, the address or the whole id, whatever fails', async () => {
    const id = 'WxsYZ5tE3rRpR6uW4HvN9q'
    const echo = JSON.stringify({ code: 'generic-error', message: `token secret-key of ${id}` })
    const { client, url } = await answering([[400, echo]], 'secret-key')
    const nobody = { storeId: 'S', apiKey: 'secret-key' }
    const withPassword = `http://user:${nobody.apiKey}@127.0.0.1:2`
    const answers = [
      await client.getInvoice(id),
      // What fetch refuses to send, it repeats in its words.
      await new Greenfield({ url, storeId: 'S', apiKey: 'secret-key\u2028' }).getInvoice(id),
      await new Greenfield({ ...nobody, url: withPassword }).getInvoice(id),
      await new Greenfield({ ...nobody, url: 'secret-key' }).getInvoice(id),
      await new Greenfield({ ...nobody, url: 'http://127.0.0.1:2' }).getInvoice(id),
    ]
    const messages = answers.map((answer) => (answer.ok ? '' : answer.failure.message))
    expect(messages[0]).toBe(
      `GET invoices ${short(id)}: 400 generic-error: token … of ${short(id)}`,
    )
    expect(messages[4]).toBe(`GET invoices ${short(id)}: ECONNREFUSED`)
    for (const message of messages) expect(message).not.toMatch(/secret-key|WxsYZ5/)
  })

  it('reads a list in which others’ invoices have other metadata', async () => {
    const others = [5, null, { orderId: 5 }, { orderId: null }, undefined]
    const { client } = await answering([
      [200, JSON.stringify(others.map((metadata) => ({ ...invoice, metadata })))],
    ])
    const listed = await client.listInvoices({ since: new Date(), skip: 0, take: 50 })
    expect(listed).toMatchObject({ ok: true })
    expect(listed.ok && listed.value.map(({ metadata }) => metadata.orderId)).toEqual(
      others.map(() => undefined),
    )
  })

  it('says unreachable when nobody is there', async () => {
    const client = new Greenfield({ url: 'http://127.0.0.1:1', storeId: 'S', apiKey: 'k' })
    expect(await client.getInvoice('x')).toMatchObject({
      ok: false,
      failure: { kind: 'unreachable' },
    })
  })
})
