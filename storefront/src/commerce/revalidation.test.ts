import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { staleTags } from './revalidation'

const SECRET = 'a secret of the tests'
const NOW = 1_800_000_000
const BODY = JSON.stringify({ tags: ['catalogue'] })

function signed(body: string, timestamp = String(NOW), secret = SECRET) {
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return { timestamp, signature: `sha256=${digest}` }
}

describe('a message about stale pages', () => {
  it('is taken when the backend signed it', () => {
    expect(staleTags(BODY, signed(BODY), SECRET, NOW)).toEqual(['catalogue'])
  })

  it.each([
    ['another secret', signed(BODY, String(NOW), 'other')],
    ['a changed body', signed('{}')],
    ['no signature', { timestamp: String(NOW), signature: null }],
    ['a short signature', { timestamp: String(NOW), signature: 'sha256=00' }],
    ['no timestamp', { ...signed(BODY), timestamp: null }],
    ['an old timestamp', signed(BODY, String(NOW - 301))],
  ])('is refused with %s', (_case, headers) => {
    expect(staleTags(BODY, headers, SECRET, NOW)).toBeNull()
  })

  it('is refused when it names what is not ours', () => {
    const body = JSON.stringify({ tags: ['everything'] })
    expect(staleTags(body, signed(body), SECRET, NOW)).toBeNull()
  })
})
