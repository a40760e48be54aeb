import { expect, it } from 'vitest'
import { askAfterMs } from './ask-after'
import { clockOf, spokenAt } from './time-left'

it('the time left is written as a clock', () => {
  expect([900, 605, 60, 9, 0].map(clockOf)).toEqual(['15:00', '10:05', '1:00', '0:09', '0:00'])
})

it('the time left is said three times in a quarter of an hour', () => {
  const said = Array.from({ length: 900 }, (_, past) => spokenAt(900 - past, 899 - past))
  expect(said.filter(Boolean)).toEqual([
    '10 minutes left to pay',
    '5 minutes left to pay',
    '1 minute left to pay',
  ])
})

it('a tab that slept says only where it is now, and nothing when time is added', () => {
  expect(spokenAt(800, 40)).toBe('1 minute left to pay')
  expect(spokenAt(60, 60)).toBeUndefined()
  expect(spokenAt(59, 61)).toBeUndefined()
})

it('a page asks often, then seldom, and ever more seldom without an answer', () => {
  expect(askAfterMs(0, 0)).toBe(2_000)
  expect(askAfterMs(179_000, 0)).toBe(2_000)
  expect(askAfterMs(181_000, 0)).toBe(10_000)
  expect([1, 2, 3, 4, 9].map((failures) => askAfterMs(0, failures))).toEqual([
    4_000, 8_000, 16_000, 30_000, 30_000,
  ])
})
