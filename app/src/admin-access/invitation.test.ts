import { describe, expect, it } from 'vitest'
import { inviteTokenOf } from './invitation'

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
