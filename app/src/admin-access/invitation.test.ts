import { describe, expect, it } from 'vitest'
import { inviteTokenOf, tokenMadeAt } from './invitation'

const token = (query: object, referer?: string) =>
  inviteTokenOf({ query: query as Record<string, unknown>, headers: referer ? { referer } : {} })

describe("an invitation's token", () => {
  it('comes from the page of its link, as browsers tell it', () => {
    expect(token({}, 'https://api.research-relay.com/app/invite?token=a.b.c')).toBe('a.b.c')
  })
  it('or with the request itself', () => {
    expect(token({ token: 'a.b.c' })).toBe('a.b.c')
  })
  it.each([
    [{}, undefined],
    [{}, 'https://api.research-relay.com/app/login'],
    [{}, 'no address'],
    [{ token: ['a', 'b'] }, undefined],
  ])('is none in %j from %s', (query, referer) => {
    expect(token(query, referer)).toBe('')
  })
})

describe("the moment of an invitation's token", () => {
  it('is known to the millisecond, which the token itself does not say', () => {
    const made = Date.parse('2026-11-28T10:00:00.750Z')
    const day = 86_400
    const iat = Math.floor(made / 1_000)
    const payload = Buffer.from(JSON.stringify({ iat, exp: iat + day })).toString('base64url')
    const invite = { token: `head.${payload}.signature`, expires_at: new Date(made + day * 1_000) }
    expect(tokenMadeAt(invite).toISOString()).toBe('2026-11-28T10:00:00.750Z')
  })
})
