import { describe, expect, it } from 'vitest'
import { currencyDigits, isOverpaid, missingAmount, payableAmount } from './amount'

describe('an amount', () => {
  it.each([
    ['14.6965', 'eur', '14.70'],
    ['14.694', 'eur', '14.69'],
    ['0.005', 'usd', '0.01'],
    ['1499.5', 'jpy', '1500'],
    ['20', 'eur', '20.00'],
  ])('of %s %s is paid as %s', (total, currency, wanted) => {
    expect(payableAmount(total, currency)).toBe(wanted)
  })

  it.each([
    ['20.00', '0', '20.00'],
    ['20.00', '12.5', '7.50'],
    ['20.00', '20.00', '0.00'],
    ['20.00', '25', '0.00'],
  ])('of %s with %s paid lacks %s', (amount, paid, wanted) => {
    expect(missingAmount(amount, paid, 'eur')).toBe(wanted)
  })

  it('is overpaid by the smallest unit, and not by another way to write it', () => {
    expect(isOverpaid('20.00', '20.00000001')).toBe(true)
    expect(isOverpaid('20.00', '20')).toBe(false)
    expect(isOverpaid('20.00', '19.99999999')).toBe(false)
  })

  it('of a currency that nobody knows has two digits', () => {
    expect(currencyDigits('no currency')).toBe(2)
  })
})
