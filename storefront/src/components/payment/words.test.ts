import { describe, expect, it } from 'vitest'
import type { Payment } from '@/commerce/payment'
import { isOpen, wordsOf } from './words'

const euro = (amount: string) => ({ amount, currency: 'eur' })
const payment: Payment = {
  state: 'waiting',
  reviewReason: null,
  orderNumber: null,
  reference: '0123456789ab',
  total: euro('20.00'),
  paid: euro('12.50'),
  due: euro('7.50'),
  offered: null,
  sent: null,
  checkoutLink: 'https://btcpay.example/i/1',
  remainingMs: 900_000,
  ways: null,
}

describe('a payment page', () => {
  it('follows a payment until it cannot change any more', () => {
    expect(isOpen('waiting', null)).toBe(true)
    expect(isOpen('underpaid', null)).toBe(true)
    expect(isOpen('seen', null)).toBe(true)
    expect(isOpen('expired', null)).toBe(false)
    expect(isOpen('review', null)).toBe(false)
  })

  it('waits for the order of a paid one', () => {
    expect(isOpen('paid', null)).toBe(true)
    expect(isOpen('paid', 12)).toBe(false)
  })

  it('says that an order is placed when it is', () => {
    expect(wordsOf({ ...payment, state: 'paid' }).text).toContain('we are placing your order')
    expect(wordsOf({ ...payment, state: 'paid', orderNumber: 12 }).text).toContain('is placed')
  })

  it('says what was offered back, of money under review and of a surplus', () => {
    const offered = euro('12.50')
    const review = wordsOf({ ...payment, state: 'review', reviewReason: 'late', offered })
    expect(review.title).toBe('Your refund is ready')
    expect(review.text).toContain('claim €12.50')
    const ordered = { ...payment, state: 'paid', orderNumber: 12 } as const
    const paid = wordsOf({ ...ordered, offered })
    expect(paid.title).toBe(wordsOf(ordered).title)
    expect(paid.text).toContain('You paid €12.50 more than was due')
  })

  it('says that money was sent only when it was, and offered until then', () => {
    const sent = euro('12.50')
    expect(wordsOf({ ...payment, state: 'paid', orderNumber: 7, sent }).text).toContain(
      'sent €12.50 back',
    )
    const cancelled = { ...payment, state: 'cancelled', paid: sent } as const
    expect(wordsOf(cancelled).text).not.toContain('sent €')
    expect(wordsOf({ ...cancelled, sent }).text).toContain('We have sent €12.50 back')
    expect(wordsOf({ ...cancelled, sent }).text).not.toContain('claim')
    // A part of it: the rest is still to be claimed.
    expect(wordsOf({ ...cancelled, sent, paid: euro('20') }).text).toMatch(/claim.*€12\.50 back/)
  })

  it('speaks of no payment when nothing was to be paid, and of no refund when that was cancelled', () => {
    const free = { ...payment, total: euro('0.00'), paid: euro('0.00'), due: euro('0.00') }
    expect(wordsOf({ ...free, state: 'placed' }).text).not.toMatch(/paid|payment|bitcoin/i)
    expect(isOpen('placed', 12)).toBe(false)
    expect(wordsOf({ ...free, state: 'cancelled' }).text).toContain('nothing to refund')
    expect(wordsOf({ ...payment, state: 'cancelled' }).text).toContain('claim your refund')
  })

  it.each([
    null,
    'late',
    'partial',
    'never-confirmed',
    'replaced',
    'second-payment',
    'mismatch',
    'cannot-be-ordered',
  ] as const)('says what came and what happens next when the owner looks: %s', (reviewReason) => {
    const { title, text } = wordsOf({ ...payment, state: 'review', reviewReason })
    expect(title).toMatch(/payment|paid|amount/)
    expect(text).toContain('email you')
    expect(text).toContain(reviewReason ? '€12.50' : 'received your money')
  })
})
