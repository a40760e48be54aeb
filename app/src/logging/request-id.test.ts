import { signatureOf } from '@rr-bizops/telemetry/logging/request-id'
import { describe, expect, it } from 'vitest'
import { requestFacts } from './request-id'

const SECRET = 'a-secret-of-the-tests-and-of-nothing-else'
const CADDY = '11111111-2222-4333-8444-555555555555'
const VISITOR = '6f1c2a34-0b5d-4e7f-8a90-123456789abc'
const trace = `00-${VISITOR.replaceAll('-', '')}-8a90123456789abc-01`

describe('the id of a request at Medusa', () => {
  it("is Caddy's", () => {
    expect(requestFacts({ 'x-request-id': CADDY }, SECRET)).toEqual({ requestId: CADDY })
  })

  it("is that of the visitor when the storefront signs for it; Caddy's is kept beside", () => {
    const tracestate = `rr=${signatureOf(VISITOR, SECRET)}`
    const headers = { 'x-request-id': CADDY, traceparent: trace, tracestate }
    expect(requestFacts(headers, SECRET)).toEqual({ requestId: VISITOR, hop: CADDY })
  })

  it.each([
    ['no signature', undefined],
    ['a signature of another id', `rr=${signatureOf(CADDY, SECRET)}`],
    ['a signature by another secret', `rr=${signatureOf(VISITOR, 'another')}`],
    ['half a signature', `rr=${signatureOf(VISITOR, SECRET).slice(0, 16)}`],
    ['the state of another system', 'vendor=1'],
  ])("is not a stranger's, who has %s", (_what, tracestate) => {
    const headers = { 'x-request-id': CADDY, traceparent: trace, tracestate }
    expect(requestFacts(headers, SECRET)).toEqual({ requestId: CADDY })
  })

  it('is a new one where there is none, or no id at all', () => {
    for (const given of [undefined, '', 'x', '../../x']) {
      const { requestId } = requestFacts({ 'x-request-id': given }, SECRET)
      expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
    }
  })
})
