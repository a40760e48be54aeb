import { describe, expect, it } from 'vitest'
import { readEnvironment } from './environment'

const production = {
  NODE_ENV: 'production' as const,
  NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.example.org',
  NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: `pk_${'ab'.repeat(32)}`,
  STOREFRONT_URL: 'https://example.org',
  BTCPAY_URL: 'https://btcpay.example.org',
  REVALIDATE_SECRET: 'c'.repeat(40),
}

describe('the environment', () => {
  it('fills in what development does not set', () => {
    const values = readEnvironment({ NODE_ENV: 'development' })
    expect(values.NEXT_PUBLIC_MEDUSA_BACKEND_URL).toBe('http://127.0.0.1:9000')
  })

  it('takes a complete production', () => {
    expect(readEnvironment(production).STOREFRONT_URL).toBe('https://example.org')
  })

  it.each([
    ['STOREFRONT_URL', '', 'STOREFRONT_URL is missing'],
    ['STOREFRONT_URL', 'http://example.org', 'STOREFRONT_URL must be reached by TLS (https)'],
    ['STOREFRONT_URL', 'example', 'STOREFRONT_URL is not an address'],
    ['REVALIDATE_SECRET', 'short', 'REVALIDATE_SECRET is shorter than 32 characters'],
    [
      'REVALIDATE_SECRET',
      'development-revalidate-secret',
      'REVALIDATE_SECRET is the development default',
    ],
    [
      'NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY',
      'pk_1',
      'NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY must be pk_ and 64 hex digits',
    ],
  ])('refuses %s=%s and never prints the value', (name, value, message) => {
    expect(() => readEnvironment({ ...production, [name]: value })).toThrow(message)
  })

  it('takes loopback without TLS, where nobody can listen', () => {
    const local = { ...production, MEDUSA_BACKEND_URL: 'http://127.0.0.1:9000' }
    expect(readEnvironment(local).MEDUSA_BACKEND_URL).toBe('http://127.0.0.1:9000')
  })
})
