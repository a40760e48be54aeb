import { redacted } from '@rr-bizops/telemetry/logging/redact'
import { describe, expect, it } from 'vitest'
import { isToken, newToken } from './token'

describe('the secret of an order page', () => {
  it('has 130 random bits and needs no escaping in an address', () => {
    const tokens = Array.from({ length: 2_000 }, newToken)
    expect(new Set(tokens).size).toBe(tokens.length)
    for (const token of tokens) {
      expect(isToken(token)).toBe(true)
      expect(encodeURIComponent(token)).toBe(token)
    }
    // Every sign comes about as often as the others: 52,000 signs of 32 kinds.
    const counts = new Map<string, number>()
    for (const sign of tokens.flatMap((token) => [...token.slice(5)]))
      counts.set(sign, (counts.get(sign) ?? 0) + 1)
    expect(counts.size).toBe(32)
    for (const count of counts.values()) expect(Math.abs(count - 1_625)).toBeLessThan(300)
  })

  it('is in no log and no report of an error', () => {
    const token = newToken()
    expect(redacted(`GET /order/${token} failed`)).not.toContain(token.slice(5))
  })

  it.each(['', 'page_', 'payses_01KAXJ6M3Q8Y5T2W9V4R7N1B0Z', `${newToken()}x`, `x${newToken()}`])(
    'is not %j',
    (text) => expect(isToken(text)).toBe(false),
  )
})
