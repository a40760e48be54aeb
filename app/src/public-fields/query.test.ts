import { describe, expect, it } from 'vitest'
import { isOddQuery } from './query'

describe('a query', () => {
  it.each([
    {},
    { limit: '12', offset: '0' },
    { created_at: { $gt: '2026-11-28T10:00:00Z' } },
    { $and: [{ updated_at: { $lt: '2026-11-28' } }, { id: ['prod_1'] }] },
    { q: 'created_at', title: 'zz', id: ['a', 'b'] },
  ])('is as it should be: %j', (query) => {
    expect(isOddQuery(query)).toBe(false)
  })

  it.each([
    { limit: '-1' },
    { limit: '1.5' },
    { limit: '' },
    { limit: '99999999999999999999' },
    { limit: ['1', '2'] },
    { offset: '-5' },
    { offset: 'x' },
    { created_at: 'zz' },
    { created_at: { $gt: 'zz' } },
    { $and: [{ created_at: { $gt: ['2026-11-28', 'zz'] } }] },
    { variants: { deleted_at: { $ne: 'null' } } },
  ])('is odd: %j', (query) => {
    expect(isOddQuery(query)).toBe(true)
  })
})
