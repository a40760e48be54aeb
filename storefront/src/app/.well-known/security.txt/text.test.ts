import { expect, it } from 'vitest'
import { securityText } from './text'

const DAY_MS = 86_400_000
const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(securityText)?.[1] ?? ''

it('names who takes reports of weaknesses, and where this file truly is', () => {
  expect(field('Contact')).toBe('mailto:owner@research-relay.com')
  expect(field('Canonical')).toBe('https://research-relay.com/.well-known/security.txt')
})

it('expires in a month at the earliest and a year at the latest, as RFC 9116 asks', () => {
  const left = Date.parse(field('Expires')) - Date.now()
  expect(left).toBeGreaterThan(30 * DAY_MS)
  expect(left).toBeLessThan(366 * DAY_MS)
})
