import { describe, expect, it } from 'vitest'
import { isOpen, WORDS } from './words'

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

  it('never tells someone whose money came that nothing was received', () => {
    expect(WORDS.review.text).toContain('Money has come')
  })
})
