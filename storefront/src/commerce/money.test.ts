import { describe, expect, it } from 'vitest'
import { formatMoney, isZero, lowest, money } from './money'

describe('money', () => {
  it('keeps the digits of a price that no float holds exactly', () => {
    expect(money(0.1, 'eur')).toEqual({ amount: '0.10', currency: 'EUR' })
    expect(money('1.005', 'eur').amount).toBe('1.01')
  })

  it('formats amounts beyond the exact range of floats', () => {
    expect(formatMoney({ amount: '9007199254740993.01', currency: 'EUR' })).toBe(
      '€9,007,199,254,740,993.01',
    )
  })

  it('formats by currency', () => {
    expect(formatMoney(money(1234.5, 'usd'))).toBe('$1,234.50')
    expect(formatMoney(money(5.9, 'eur'))).toBe('€5.90')
    expect(formatMoney(money(500, 'jpy'))).toBe('JP¥500')
  })

  it('has no minus before zero', () => {
    expect(formatMoney(money('-0.00000000000000003', 'eur'))).toBe('€0.00')
    expect(formatMoney(money(-0.004, 'eur'))).toBe('€0.00')
    expect(formatMoney(money(-1, 'eur'))).toBe('-€1.00')
  })

  it('finds the lowest by value, not by text', () => {
    const prices = ['10.00', '9.50', '100.00'].map((amount) => ({ amount, currency: 'EUR' }))
    expect(lowest(prices)?.amount).toBe('9.50')
    expect(lowest([])).toBeUndefined()
  })

  it('knows zero', () => {
    expect(isZero(money(0, 'eur'))).toBe(true)
    expect(isZero(money('0.01', 'eur'))).toBe(false)
  })
})
