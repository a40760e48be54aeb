import { expect, it } from 'vitest'
import { signedClient } from './signed-client'

it('says for whom a call is as app/src/limits/client.test.ts reads it', () => {
  expect(signedClient('203.0.113.7', 1_764_000_000, 'a-secret-of-a-test')).toEqual({
    'x-rr-client':
      '203.0.113.7 1764000000 e2b3434f61d1b70f06ea9109ade5a6ce29400d3fa6bc63ccdaeae5d9b8179877',
  })
})
