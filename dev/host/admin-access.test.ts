import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from './nix.ts'

const CLOUDFLARE = '173.245.48.9'
const HOME = '203.0.113.7'
const STRANGER = '203.0.113.9'

const closed = hostFacts('tests/hosts/closed-admin.nix')

describe('the list of who may reach the admin', () => {
  it('is not there as long as nobody wrote one: everybody may', () => {
    const { services } = hostFacts('tests/hosts/tested.nix')
    expect(services.caddy?.environment).not.toHaveProperty('RR_ADMIN_FROM')
  })

  it('is told to Caddy', () => {
    expect(closed.failed).toEqual([])
    expect(closed.services.caddy?.environment?.RR_ADMIN_FROM).toBe(
      '203.0.113.7/32 2001:db8:1:2::/64',
    )
  })
})

describe('Caddy with that list', () => {
  let seen: Record<string, Record<string, number>>
  let open: Record<string, number>

  beforeAll(() => {
    const addresses = [CLOUDFLARE, HOME, STRANGER]
      .map((address) => `ip addr add ${address}/32 dev lo`)
      .join(' && ')
    const inside = `ip link set lo up && ${addresses} && exec node ${join(ROOT, 'dev/host/admin-access.ts')} ${CLOUDFLARE} ${HOME} ${STRANGER}`
    const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user']
    const run = (from?: string) => {
      const env = { ...process.env, ...(from ? { RR_ADMIN_FROM: from } : {}) }
      const output = execFileSync('unshare', [...asRoot, '--net', 'sh', '-c', inside], {
        encoding: 'utf8',
        timeout: 60_000,
        env,
      })
      return JSON.parse(output)
    }
    seen = run(closed.services.caddy?.environment?.RR_ADMIN_FROM)
    open = run().stranger
  })

  const ADMIN = [
    'GET /app',
    'GET /app/orders',
    'GET /admin/orders',
    'POST /admin/invites/accept',
    'POST /auth/user/emailpass',
    'POST /auth/session',
    'POST /auth/mfa/challenges/x/verify',
  ]
  /** Other ways to write them, and other ways to try the owner's password. */
  const NOWHERE = [
    'GET /APP/orders',
    'GET /Admin/orders',
    'POST /auth/%75ser/emailpass',
    'GET /%61dmin/orders',
    'GET //admin/orders',
    'GET /store/../admin/orders',
    'GET /static/../admin/orders',
    'POST /auth/customer/emailpass',
    'POST /auth/token/refresh',
  ]
  const SHOP = [
    'GET /store/products',
    'POST /hooks/btcpay',
    'GET /health',
    'GET /static/flask.webp',
  ]

  it.each(['home', 'homeV6ByCloudflare', 'homeByCloudflare'])('lets %s in', (who) => {
    for (const asked of [...ADMIN, ...SHOP]) expect(seen[who]?.[asked], asked).toBe(200)
    for (const asked of NOWHERE) expect(seen[who]?.[asked], asked).toBe(404)
  })

  it.each(['stranger', 'strangerByCloudflare', 'strangerWhoSaysHome'])('keeps out %s', (who) => {
    for (const asked of ADMIN) expect(seen[who]?.[asked], asked).toBe(403)
    for (const asked of NOWHERE) expect(seen[who]?.[asked], asked).toBe(404)
  })

  it.each(['stranger', 'strangerByCloudflare'])('leaves shop and webhooks open to %s', (who) => {
    for (const asked of SHOP) expect(seen[who]?.[asked], asked).toBe(200)
  })

  it('without a list lets everybody through to the password', () => {
    for (const asked of ADMIN) expect(open[asked], asked).toBe(200)
  })
})
