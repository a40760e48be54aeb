import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { clientOf } from './client'

const SECRET = 'a-secret-of-a-test'
const NOW = 1_764_000_000
/** As storefront/src/commerce/signed-client.test.ts writes it. */
const SIGNED =
  '203.0.113.7 1764000000 e2b3434f61d1b70f06ea9109ade5a6ce29400d3fa6bc63ccdaeae5d9b8179877'

const sign = (subject: string, seconds: number, secret = SECRET) =>
  `${subject} ${seconds} ${createHmac('sha256', secret).update(`client ${subject} ${seconds}`).digest('hex')}`
const of = (ip: string, header?: string, now = NOW) => clientOf(ip, header, SECRET, now)

describe('who a request is counted for', () => {
  it.each([
    ['an IPv4 address', '198.51.100.4', '198.51.100.4'],
    ['the same, as IPv6 writes it', '::ffff:198.51.100.4', '198.51.100.4'],
    ['the network of an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['its neighbour in that network', '2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['what is no address', 'nonsense', 'unknown'],
    ['nothing at all', '', 'unknown'],
  ])('is %s', (_, ip, key) => {
    expect(of(ip)).toEqual({ key, local: false, storefront: false })
  })

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('is this machine at %s', (ip) => {
    expect(of(ip).local).toBe(true)
  })
})

describe('the storefront', () => {
  it('names the shopper that it asks for', () => {
    expect(of('198.51.100.4', SIGNED).key).toBe('203.0.113.7')
  })

  it('is known when it fills its cache, at any time', () => {
    expect(of('198.51.100.4', sign('storefront', 0))).toEqual({
      key: 'storefront',
      local: false,
      storefront: true,
    })
  })

  it('names an IPv6 shopper by the network, too', () => {
    expect(of('198.51.100.4', sign('2001:db8::7', NOW)).key).toBe('2001:db8:0:0::/64')
  })
})

describe('a stranger', () => {
  const stranger = { key: '198.51.100.4', local: false, storefront: false }

  it.each([
    ['without a signature', '203.0.113.7 1764000000'],
    ['with a signature of another secret', sign('203.0.113.7', NOW, 'another')],
    ['with a signature of another address', SIGNED.replace('203.0.113.7', '203.0.113.8')],
    ['with a signature of another time', SIGNED.replace('1764000000', '1764000001')],
    ['with a signature and more', `${SIGNED} more`],
    ['as the storefront', `storefront 0 ${'0'.repeat(64)}`],
    ['as this machine', `127.0.0.1 ${NOW} ${'0'.repeat(64)}`],
    ['with an empty header', ''],
    ['with a header of spaces', '   '],
  ])('counts as what it is: %s', (_, header) => {
    expect(of('198.51.100.4', header)).toEqual(stranger)
  })

  it('cannot use a recorded header for long', () => {
    expect(of('198.51.100.4', SIGNED, NOW + 299).key).toBe('203.0.113.7')
    expect(of('198.51.100.4', SIGNED, NOW + 301)).toEqual(stranger)
    expect(of('198.51.100.4', SIGNED, NOW - 301)).toEqual(stranger)
    expect(of('198.51.100.4', sign('203.0.113.7', Number.NaN))).toEqual(stranger)
  })
})
