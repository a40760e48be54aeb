import { describe, expect, it } from 'vitest'
import type { Answer } from '../modules/btcpay/greenfield'
import type { Invoice } from '../modules/btcpay/invoice'
import { PAID, refusalOf, UNKNOWN } from './verdict'

const invoice = (status: Invoice['status'], paidAmount: string): Answer<Invoice> => ({
  ok: true,
  value: {
    id: 'i1',
    storeId: 'S',
    amount: '20',
    paidAmount,
    currency: 'EUR',
    type: 'Standard',
    status,
    additionalStatus: 'None',
    checkoutLink: 'http://btcpay/i/i1',
    expirationTime: 1,
    metadata: {},
  },
})
const noAnswer = (kind: 'unreachable' | 'unknown' | 'refused' | 'unreadable'): Answer<Invoice> => ({
  ok: false,
  failure: { kind, message: 'GET invoices: 500' },
})

describe('a cart with an invoice', () => {
  it.each([
    ['New', '0', undefined],
    ['New', '0.00', undefined],
    ['New', '0.01', PAID],
    ['Processing', '20', PAID],
    ['Processing', '0', PAID],
    ['Settled', '20', PAID],
    // Marked by hand: somebody has decided that it is paid.
    ['Settled', '0', PAID],
    ['Expired', '0', undefined],
    ['Expired', '5', PAID],
    ['Invalid', '0', undefined],
    ['Invalid', '20', PAID],
  ] as const)('that is %s with %s of 20 on it: %j', (status, paidAmount, wanted) => {
    expect(refusalOf([invoice(status, paidAmount)])).toEqual(wanted)
  })

  it.each(['unreachable', 'unknown', 'refused', 'unreadable'] as const)(
    'of which BTCPay says nothing (%s) is not changed',
    (kind) => expect(refusalOf([noAnswer(kind)])).toEqual(UNKNOWN),
  )

  it('is judged by all of its invoices', () => {
    expect(refusalOf([])).toBeUndefined()
    expect(refusalOf([invoice('New', '0'), invoice('Expired', '0')])).toBeUndefined()
    expect(refusalOf([invoice('New', '0'), invoice('Expired', '5')])).toEqual(PAID)
    expect(refusalOf([invoice('New', '0'), noAnswer('unreachable')])).toEqual(UNKNOWN)
    expect(refusalOf([noAnswer('unreachable'), invoice('Settled', '20')])).toEqual(PAID)
  })
})
