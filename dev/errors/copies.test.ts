import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const read = (app: string, name: string) =>
  readFileSync(join(import.meta.dirname, '../..', app, 'src/errors', `${name}.ts`), 'utf8')

// The two apps share no package; what both need stands in both, and must stay the same.
it.each(['budget', 'current', 'dsn', 'kind', 'post', 'process', 'reporter', 'scrub'])(
  'both apps have the same %s.ts',
  (name) => {
    const ofStorefront = read('storefront', name).replaceAll('@sentry/nextjs', '@sentry/node')
    expect(ofStorefront).toBe(read('app', name))
  },
)
