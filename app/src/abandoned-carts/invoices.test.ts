import type { MedusaContainer } from '@medusajs/framework/types'
import { describe, expect, it, vi } from 'vitest'
import type { Answer } from '../modules/btcpay/greenfield'
import { type Invoice, invoiceSchema } from '../modules/btcpay/invoice'
import { mayHaveMoney, verdictOn } from './invoices'

const DAY = 86_400
const NOW_SECONDS = Math.floor(Date.now() / 1_000)

const invoice = (changes: Partial<Invoice>): Invoice => ({
  ...invoiceSchema.parse({
    id: 'invoice',
    storeId: 'store',
    amount: '10',
    currency: 'EUR',
    type: 'Standard',
    status: 'Expired',
    checkoutLink: 'https://btcpay.example/i/invoice',
    expirationTime: NOW_SECONDS - 30 * DAY,
  }),
  ...changes,
})

describe('an invoice', () => {
  it.each<[string, Partial<Invoice>, boolean]>([
    ['expired without money, long ago', {}, false],
    ['invalid without money, long ago', { status: 'Invalid' }, false],
    ['expired with a part of the money', { paidAmount: '0.01' }, true],
    ['invalid with money', { status: 'Invalid', paidAmount: '10' }, true],
    ['expired three days ago', { expirationTime: NOW_SECONDS - 3 * DAY }, true],
    ['new', { status: 'New' }, true],
    ['seen', { status: 'Processing', paidAmount: '10' }, true],
    ['settled', { status: 'Settled', paidAmount: '10' }, true],
  ])('that is %s: may it have money?', (_, changes, wanted) => {
    expect(mayHaveMoney(invoice(changes))).toBe(wanted)
  })
})

describe('a cart with invoices', () => {
  const ask = (answers: Answer<Invoice>[], deliveries: object[] = []) => {
    const getInvoice = vi.fn(async () => answers.shift() as Answer<Invoice>)
    const container = { resolve: () => ({ listWebhookDeliveries: async () => deliveries }) }
    const ids = answers.map((_, index) => `invoice-${index}`)
    return verdictOn(container as unknown as MedusaContainer, { getInvoice }, ids)
  }
  const dead = { ok: true, value: invoice({}) } as const
  const fault = (kind: 'unreachable' | 'unknown' | 'refused' | 'unreadable') =>
    ({ ok: false, failure: { kind, message: '' } }) as const

  it('goes when none of them has money or can get some', async () => {
    expect(await ask([dead, dead])).toBe('without-money')
  })

  it('stays when one of them, even a replaced one, has money', async () => {
    expect(await ask([dead, { ok: true, value: invoice({ paidAmount: '1' }) }])).toBe('kept')
  })

  it('stays while the inbox has something of it that is not done', async () => {
    expect(await ask([dead], [{ id: 'whd_1' }])).toBe('kept')
  })

  it('stays when BTCPay does not answer, or not about it', async () => {
    expect(await ask([dead, fault('unreachable')])).toBe('no-answer')
    expect(await ask([fault('unreadable')])).toBe('no-answer')
    expect(await ask([fault('refused')])).toBe('no-answer')
    expect(await ask([fault('unknown')])).toBe('kept')
  })
})
