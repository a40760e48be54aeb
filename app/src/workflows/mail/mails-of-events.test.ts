import { describe, expect, it } from 'vitest'
import type { ExaminedPayment } from '../btcpay/examine-payment'
import { mailOf } from './mail-payment'
import { trackingLink } from './mail-shipment'
import { addressLines } from './order-facts'

const payment: ExaminedPayment = {
  session_id: 'payses_1',
  status: 'paid',
  order_id: 'order_1',
  order_display_id: 1,
  cart_id: 'cart_1',
  currency_code: 'eur',
  amount: '20.00',
  paid_amount: '20',
  due_amount: '0.00',
  offered_amount: '0',
  sent_amount: '0',
  checkout_link: 'http://btcpay/i/1',
  expires_at: '2026-11-25T09:00:00.000Z',
  checked_at: '2026-11-25T08:50:00.000Z',
}

describe('a payment', () => {
  it.each([
    [{ status: 'seen' }, 'payment-seen'],
    [{ status: 'underpaid', paid_amount: '5' }, 'payment-underpaid'],
    [{}, 'payment-paid'],
    [{ paid_amount: '20.01' }, 'payment-overpaid'],
    [{ order_id: null, order_display_id: null }, undefined],
    [{ status: 'waiting' }, undefined],
    [{ status: 'expired' }, undefined],
    [{ status: 'review', paid_amount: '5' }, undefined],
  ] as const)('that stands so: %j calls for %s', (change, kind) => {
    expect(mailOf({ ...payment, ...change })).toBe(kind)
  })
})

describe('an address', () => {
  it('has no gaps where parts are missing', () => {
    expect(
      addressLines({ first_name: 'Ada', company: null, city: 'Berlin', country_code: 'de' }),
    ).toEqual(['Ada', 'Berlin', 'DE'])
    expect(addressLines({})).toEqual([])
    expect(addressLines(null)).toEqual([])
  })
})

describe('a tracking link', () => {
  it.each([
    ['https://carrier.example/1', 'https://carrier.example/1'],
    ['#', undefined],
    ['', undefined],
    [null, undefined],
    ['javascript:alert(1)', undefined],
  ])('%j becomes %j', (given, link) => expect(trackingLink(given)).toBe(link))
})
