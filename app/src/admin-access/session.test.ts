import { describe, expect, it } from 'vitest'
import { ABSOLUTE_SECONDS, hasEnded, sessionCookie } from './session'

const NOW = 1_764_000_000_000

describe('a sign-in', () => {
  it('lasts twelve hours, however busy it is', () => {
    expect(hasEnded(NOW / 1_000 - ABSOLUTE_SECONDS + 1, undefined, NOW)).toBe(false)
    expect(hasEnded(NOW / 1_000 - ABSOLUTE_SECONDS - 1, undefined, NOW)).toBe(true)
  })

  it('ends with a change of the password', () => {
    const signedIn = NOW / 1_000 - 600
    expect(hasEnded(signedIn, NOW - 700_000, NOW)).toBe(false)
    expect(hasEnded(signedIn, NOW - 500_000, NOW)).toBe(true)
  })

  it('in the moment after a change is good', () => {
    expect(hasEnded(NOW / 1_000, NOW + 999, NOW + 1_500)).toBe(false)
  })

  it('without a time is none', () => {
    expect(hasEnded(undefined, undefined, NOW)).toBe(true)
  })
})

it("the session's cookie is for the admin's own pages and, in production, for TLS alone", () => {
  expect(sessionCookie(true)).toEqual({
    httpOnly: true,
    sameSite: 'strict',
    secure: true,
    path: '/',
  })
})
