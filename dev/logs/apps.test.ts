import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

interface Ids {
  requestFacts(headers: Record<string, string>, secret: string): { requestId?: string }
  traceHeaders(): Record<string, string>
}
interface Context {
  inContext<T>(facts: { requestId: string }, work: () => T): T
}

/** A module of an app; each app is compiled by its own rules, so their types stay there. */
async function load<T>(path: string): Promise<T> {
  return (await import(join(ROOT, path))) as T
}

describe('the log of the two apps', () => {
  // Two images, built each from its own folder: the same files lie in both.
  it.each(['context', 'redact', 'record', 'console', 'requests'])(
    'is written by the same %s',
    (name) => {
      const [app, storefront] = ['app', 'storefront'].map((workspace) =>
        readFileSync(join(ROOT, workspace, `src/logging/${name}.ts`), 'utf8'),
      )
      expect(storefront).toBe(app)
    },
  )

  it("has one id for a visitor's request: Medusa takes what the storefront signs", async () => {
    const { traceHeaders } = await load<Ids>('storefront/src/logging/request-id.ts')
    const { inContext } = await load<Context>('storefront/src/logging/context.ts')
    const { requestFacts } = await load<Ids>('app/src/logging/request-id.ts')
    const requestId = crypto.randomUUID()
    const headers = inContext({ requestId }, traceHeaders)
    const secret = 'development-revalidate-secret'
    expect(requestFacts(headers, secret)).toMatchObject({ requestId })
    expect(requestFacts(headers, 'another').requestId).not.toBe(requestId)
  })
})
