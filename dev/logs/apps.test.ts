import { join } from 'node:path'
import { inContext } from '@rr-bizops/telemetry/logging/context'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

interface Ids {
  requestFacts(headers: Record<string, string>, secret: string): { requestId?: string }
  traceHeaders(): Record<string, string>
}

/** A module of an app; each app is compiled by its own rules, so their types stay there. */
async function load<T>(path: string): Promise<T> {
  return (await import(join(ROOT, path))) as T
}

describe('the log of the two apps', () => {
  it("has one id for a visitor's request: Medusa takes what the storefront signs", async () => {
    const { traceHeaders } = await load<Ids>('storefront/src/logging/request-id.ts')
    const { requestFacts } = await load<Ids>('app/src/logging/request-id.ts')
    const requestId = crypto.randomUUID()
    const headers = inContext({ requestId }, traceHeaders)
    const secret = 'development-revalidate-secret'
    expect(requestFacts(headers, secret)).toMatchObject({ requestId })
    expect(requestFacts(headers, 'another').requestId).not.toBe(requestId)
  })
})
