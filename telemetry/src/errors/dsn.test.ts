import { describe, expect, it } from 'vitest'
import { readDsn } from './dsn'

const KEY = 'e0'.repeat(16)

describe('a DSN', () => {
  it('names the address that takes envelopes', () => {
    expect(readDsn(`https://${KEY}@o1.ingest.de.sentry.io/42`)).toEqual({
      text: `https://${KEY}@o1.ingest.de.sentry.io/42`,
      key: KEY,
      project: '42',
      envelopes: 'https://o1.ingest.de.sentry.io/api/42/envelope/',
    })
  })

  it('may have a path before its project', () => {
    const dsn = readDsn(`https://${KEY}@errors.example.org/sentry/7`)
    expect(dsn?.envelopes).toBe('https://errors.example.org/sentry/api/7/envelope/')
  })

  it('may be without TLS on loopback', () => {
    expect(readDsn(`http://${KEY}@127.0.0.1:26500/42`)?.envelopes).toBe(
      'http://127.0.0.1:26500/api/42/envelope/',
    )
  })

  it.each([
    ['empty', ''],
    ['a word', 'none'],
    ['without a key', 'https://o1.ingest.de.sentry.io/42'],
    ['without a project', `https://${KEY}@o1.ingest.de.sentry.io/`],
    ['with a project that is no number', `https://${KEY}@o1.ingest.de.sentry.io/shop`],
    ['with a secret', `https://${KEY}:secret@o1.ingest.de.sentry.io/42`],
    ['without TLS', `http://${KEY}@o1.ingest.de.sentry.io/42`],
    ['of another scheme', `ftp://${KEY}@o1.ingest.de.sentry.io/42`],
    ['with a query', `https://${KEY}@o1.ingest.de.sentry.io/42?to=elsewhere`],
  ])('%s is none', (_, text) => {
    expect(readDsn(text)).toBeUndefined()
  })
})
