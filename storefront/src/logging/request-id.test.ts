import { inContext } from '@rr-bizops/telemetry/logging/context'
import { describe, expect, it } from 'vitest'
import { requestId, traceHeaders } from './request-id'

const ID = '6f1c2a34-0b5d-4e7f-8a90-123456789abc'

describe('the id of a request at the storefront', () => {
  it("is Caddy's, and a new one where there is none that is an id", () => {
    expect(requestId({ 'x-request-id': ID })).toBe(ID)
    for (const given of [undefined, '', 'x', `${ID}\n{"level":"error"}`]) {
      expect(requestId({ 'x-request-id': given })).toMatch(/^[0-9a-f-]{36}$/)
      expect(requestId({ 'x-request-id': given })).not.toBe(given)
    }
  })

  it('goes to Medusa, signed, in the two headers that Next leaves out of its cache keys', () => {
    const headers = inContext({ requestId: ID }, traceHeaders)
    expect(headers).toEqual({
      traceparent: `00-${ID.replaceAll('-', '')}-8a90123456789abc-01`,
      tracestate: expect.stringMatching(/^rr=[0-9a-f]{32}$/),
    })
    const other = inContext({ requestId: ID.replace('6', '7') }, traceHeaders)
    expect(other.tracestate).not.toBe(headers.tracestate)
  })

  it('is nothing outside of a request, as in a build', () => {
    expect(traceHeaders()).toEqual({})
  })
})
