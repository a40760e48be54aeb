import { describe, expect, it } from 'vitest'
import { DATA_POLICY, pagePolicy } from './policy'

const SHOP = { development: false, payments: 'https://btcpay.example.org/some/path' }

function directives(policy: string): Map<string, string[]> {
  return new Map(
    policy.split('; ').map((text) => {
      const [name = '', ...sources] = text.split(' ')
      return [name, sources]
    }),
  )
}

describe('the policy of a page', () => {
  it('allows what it names and nothing else', () => {
    const policy = directives(pagePolicy(["'sha256-a='", "'sha256-b='"], SHOP))
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'", "'sha256-a='", "'sha256-b='"],
      'style-src': ["'self'"],
      'style-src-attr': ["'unsafe-inline'"],
      'img-src': ["'self'"],
      'font-src': ["'self'"],
      'frame-src': ['https://btcpay.example.org'],
      'connect-src': ["'self'"],
      'form-action': ["'self'", 'https://btcpay.example.org'],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    })
  })

  it('lets no inline script run that it does not name', () => {
    expect(directives(pagePolicy([], SHOP)).get('script-src')).toEqual(["'self'"])
  })

  it('is wider only while sources reload', () => {
    const sources = directives(pagePolicy(["'nonce-a'"], { ...SHOP, development: true }))
    // A nonce would turn 'unsafe-inline' off.
    expect(sources.get('script-src')).toEqual(["'self'", "'unsafe-inline'", "'unsafe-eval'"])
    expect(sources.get('connect-src')).toEqual(["'self'", 'ws:'])
  })
})

it('data may do nothing', () => {
  const policy = directives(DATA_POLICY)
  expect([...policy.values()].flat()).toEqual(["'none'", "'none'", "'none'", "'none'"])
})
