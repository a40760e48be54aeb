import { describe, expect, it } from 'vitest'
import { isWholeQuantity, refuseLines } from './lines'
import { unpayable } from './payable'

const line = (variant: number, quantity = 1) => ({ variant_id: `variant_${variant}`, quantity })
const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index))

describe('the lines of a cart', () => {
  it('are a hundred different products at the most', () => {
    expect(() => refuseLines(lines(99), [line(1_000)])).not.toThrow()
    expect(() => refuseLines(lines(100), [line(1_000)])).toThrow('up to 100 different products')
    expect(() => refuseLines([], lines(101))).toThrow('up to 100 different products')
  })

  it('take more pieces of what is in a full cart', () => {
    expect(() => refuseLines(lines(100), [line(5)])).not.toThrow()
  })

  it('have 99 pieces of a product at the most, in whatever portions they come', () => {
    expect(() => refuseLines([line(1, 60)], [line(1, 39)])).not.toThrow()
    expect(() => refuseLines([line(1, 60)], [line(1, 40)])).toThrow('up to 99 pieces of a product')
    expect(() => refuseLines([], [line(1, 60), line(1, 60)])).toThrow('up to 99 pieces')
  })

  it('carry no metadata', () => {
    expect(() => refuseLines([], [{ ...line(1), metadata: { a: 1 } }])).toThrow('no metadata')
    expect(() => refuseLines([], [{ ...line(1), metadata: {} }])).not.toThrow()
  })

  it.each([0, 0.01, -1, 100, Number.NaN, '0.5', 'x', null, undefined])(
    'are whole pieces, not %s',
    (quantity) => {
      expect(isWholeQuantity(quantity)).toBe(false)
      expect(() => refuseLines([], [{ variant_id: 'variant_1', quantity }])).toThrow('whole number')
    },
  )
})

describe('a cart', () => {
  it.each([
    [[], 'Your cart is empty.'],
    [[{ quantity: 0 }], expect.stringContaining('without a whole quantity')],
    [[{ quantity: 1 }, { quantity: 0 }], expect.stringContaining('without a whole quantity')],
    [[{ quantity: 1 }, { quantity: 99 }], undefined],
  ])('with the lines %j can be paid for, or says why not', (of, words) => {
    expect(unpayable(of)).toEqual(words)
  })
})
