import { describe, expect, it } from 'vitest'
import { nextLook, withPayouts } from './offers'

const untouched = { payouts: null, counted_amount: '0' }

describe('the payouts of an offer', () => {
  it('count once, however often they are told of', () => {
    const first = withPayouts(untouched, [{ id: 'a', amount: '2.10' }])
    expect(first).toEqual({
      payouts: { a: '2.10' },
      paid_amount: '2.1',
      counted_amount: '2.1',
      gone: '2.1',
    })
    expect(withPayouts(first, [{ id: 'a', amount: '2.10' }]).gone).toBe('0')
    const both = [
      { id: 'a', amount: '2.10' },
      { id: 'b', amount: '0.4' },
    ]
    expect(withPayouts(first, both)).toMatchObject({ paid_amount: '2.5', gone: '0.4' })
  })

  it('stay when BTCPay tells of them no more', () => {
    const known = { payouts: { a: '2' }, counted_amount: '2' }
    expect(withPayouts(known, [])).toMatchObject({ paid_amount: '2', gone: '0' })
  })

  it('count no second time when the owner has said that the money was sent', () => {
    const said = { payouts: null, counted_amount: '5' }
    expect(withPayouts(said, [{ id: 'a', amount: '3' }])).toMatchObject({
      paid_amount: '3',
      counted_amount: '5',
      gone: '0',
    })
    expect(withPayouts(said, [{ id: 'a', amount: '6' }]).gone).toBe('1')
  })
})

describe('the next look at an offer', () => {
  const made = new Date('2026-11-28T12:00:00Z')
  const offer = { amount: '5.00', paid_amount: '0', created_at: made }
  const MINUTE = 60_000
  const DAY = 1_440 * MINUTE
  it.each([
    ['at first', 0, 5 * MINUTE],
    ['after an hour', 60 * MINUTE, 60 * MINUTE],
    ['after two days', 2 * DAY, DAY],
    ['on its last day', 180 * DAY - 1, DAY],
    ['after 180 days', 180 * DAY, null],
  ])('%s', (_, age, wait) => {
    const now = new Date(made.getTime() + age)
    expect(nextLook(offer, now)?.getTime()).toBe(wait === null ? undefined : now.getTime() + wait)
  })

  it('is none once all of it is paid out', () => {
    expect(nextLook({ ...offer, paid_amount: '5' }, made)).toBeNull()
    expect(nextLook({ ...offer, paid_amount: '4.99' }, made)).not.toBeNull()
  })
})
