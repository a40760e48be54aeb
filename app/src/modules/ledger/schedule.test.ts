import { describe, expect, it } from 'vitest'
import { nextAsk } from './schedule'

const MADE = new Date('2026-11-28T10:00:00Z')
const later = (seconds: number) => new Date(MADE.getTime() + seconds * 1_000)
const HOUR = 3_600
const DAY = 24 * HOUR
const invoice = (state: string, isOpen = true) => ({
  state,
  isOpen,
  createdAt: MADE,
  expiresAt: later(15 * 60),
  monitoredUntil: later(15 * 60 + DAY),
})

describe('an invoice is asked for', () => {
  it.each([
    ['within seconds while it can be paid', 'New', 60, 15],
    ['less often from the second on in which its time is over', 'New', 15 * 60, 300],
    ['until it is confirmed', 'Processing', 2 * HOUR, 30],
    ['every five minutes once its time is over', 'New', 16 * 60, 300],
    ['every five minutes while BTCPay monitors it', 'Expired', DAY, 300],
    ['daily from the second on in which BTCPay does not', 'Expired', DAY + 15 * 60, DAY],
    ['every five minutes when it ended before its time', 'Expired', 60, 300],
    ['daily afterwards', 'Expired', 2 * DAY, DAY],
    ['daily when it never confirmed', 'Invalid', 3 * DAY, DAY],
    ['within seconds until its order is made', 'Settled', 60, 30],
    ['soon when no answer has come', 'Asked', 1, 30],
    ['less often when there never was one', 'Asked', HOUR, HOUR],
    ['at least daily', 'Asked', 5 * DAY, DAY],
    ['up to the 90th day', 'Expired', 90 * DAY - 1, DAY],
  ])('%s', (_, state, age, wanted) => {
    expect(nextAsk(invoice(state), later(age))).toEqual(later(age + wanted))
  })

  it('every five minutes when nobody knows how long it can be paid', () => {
    const endless = { ...invoice('New'), expiresAt: null }
    expect(nextAsk(endless, later(60))).toEqual(later(60 + 300))
  })

  it('daily once it is settled and decided', () => {
    expect(nextAsk(invoice('Settled', false), later(60))).toEqual(later(60 + DAY))
  })

  it.each(['New', 'Expired', 'Settled', 'Asked', 'Invalid'])(
    'no more after 90 days: %s',
    (state) => {
      expect(nextAsk(invoice(state), later(90 * DAY))).toBeNull()
    },
  )
})
