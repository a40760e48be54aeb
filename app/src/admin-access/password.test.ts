import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { PASSWORD_MAX_LENGTH, passwordProblem } from './password'

describe('a password', () => {
  it.each([
    ['short', 'x7!Kq92#vLp', /at least 12/],
    ['endless', 'x7!Kq92#vLp'.repeat(30), /at most 256/],
    ['common with a number', 'Password1234!', /easy to guess/],
    ['a row of keys', 'qwertyuiop123456', /easy to guess/],
    ['one character', 'a'.repeat(40), /easy to guess/],
    ["the shop's name", 'research-relay', /easy to guess/],
    ["the shop's name and a year", 'ResearchRelay2026', /easy to guess/],
    ['the account itself', 'owner@research-relay.com', /easy to guess/],
    ['a season twice', 'summer2026summer', /easy to guess/],
  ])('that is %s is refused with a reason', (_, password, reason) => {
    expect(passwordProblem(password, 'owner@research-relay.com')).toMatch(reason)
  })

  it.each([
    'correct horse battery staple',
    'Tr0ub4dor&3-kelp-Vase',
    randomBytes(32).toString('hex'),
    randomBytes(12).toString('base64'),
  ])('that is good is taken: %s', (password) => {
    expect(passwordProblem(password, 'owner@research-relay.com')).toBeUndefined()
  })

  it('at the longest is looked at within a moment', () => {
    const began = performance.now()
    passwordProblem('aB3$'.repeat(PASSWORD_MAX_LENGTH / 4))
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
