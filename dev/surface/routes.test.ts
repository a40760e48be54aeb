import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROUTES as LISTED, type Listed } from './listed.ts'

interface Existing {
  method: string
  path: string
  needsSignIn: boolean
}

/** What Express or Medusa's command serves without a file of a route. */
const WITHOUT_A_FILE = ['GET /health', 'GET /static/*', 'GET /app', 'GET /app/*']

let existing: Existing[]
let plugins: string[]

beforeAll(() => {
  const output = execFileSync('node', [join(import.meta.dirname, 'existing-routes.mjs')], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'development' },
  })
  const found = JSON.parse(output.trim().split('\n').at(-1) ?? '') as {
    routes: Existing[]
    plugins: string[]
  }
  existing = found.routes
  plugins = found.plugins
}, 60_000)

const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

/** Whether a route of Medusa answers a listed one, such as /auth/:actor_type/:auth_provider /auth/user/emailpass. */
function answers(route: Existing, listed: Listed): boolean {
  const segments = route.path.split('/').slice(1)
  return (
    route.method === listed.method &&
    segments.length === listed.segments.length &&
    segments.every((each, at) => each === listed.segments[at] || each.startsWith(':'))
  )
}

describe("Medusa's whole router", () => {
  it('has no route that is in no list', () => {
    const listed = new Set(LISTED.map(name))
    const unknown = existing.map(name).filter((each) => !listed.has(each))
    expect(
      unknown,
      'choose who may reach them in app/src/surface/routes.ts: see docs/api.md',
    ).toEqual([])
  })

  it('has every route that is listed', () => {
    const there = (listed: Listed) =>
      WITHOUT_A_FILE.includes(name(listed)) || existing.some((route) => answers(route, listed))
    const missing = LISTED.filter((listed) => !there(listed)).map(name)
    expect(missing, 'take them out of app/src/surface/routes.ts').toEqual([])
  })

  it('is listed once', () => {
    const names = LISTED.map(name)
    expect(names.filter((each, at) => names.indexOf(each) !== at)).toEqual([])
  })

  it('asks who it is at every route of the admin', () => {
    const asking = new Set(existing.filter((route) => route.needsSignIn).map(name))
    const admin = LISTED.filter(({ access }) => access === 'admin').map(name)
    expect(admin.filter((each) => !asking.has(each))).toEqual([])
  })

  it('is read with its plugins and our own routes', () => {
    expect(plugins).toContain('@medusajs/draft-order')
    for (const wanted of [
      'POST /hooks/btcpay',
      'GET /admin/orders',
      'POST /admin/draft-orders/:id/edit',
      'GET /store/products',
    ])
      expect(existing.map(name)).toContain(wanted)
  })

  it('counts by class', () => {
    const counts: Record<string, number> = {}
    for (const { access } of LISTED) counts[access] = (counts[access] ?? 0) + 1
    console.log(`${existing.length} routes of Medusa; listed by class:`, counts)
    expect(counts.closed).toBeGreaterThan(20)
  })
})
