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
    '/app',
    '/app/orders',
    '/admin/orders',
    '/auth/user/emailpass',
    '/APP/orders',
    '/Admin/orders',
    '/auth/%75ser/emailpass',
    '/%61dmin/orders',
    '//admin/orders',
    '/store/../admin/orders',
  ]
  const SHOP = ['/store/products', '/hooks/btcpay', '/health', '/auth/customer/emailpass']

  it.each(['home', 'homeV6ByCloudflare', 'homeByCloudflare'])('lets %s in', (who) => {
    for (const path of [...ADMIN.slice(0, 4), ...SHOP]) expect(seen[who]?.[path], path).toBe(200)
  })

  it.each(['stranger', 'strangerByCloudflare', 'strangerWhoSaysHome'])('keeps out %s', (who) => {
    for (const path of ADMIN) expect(seen[who]?.[path], path).toBe(403)
  })

  it.each(['stranger', 'strangerByCloudflare'])('leaves shop and webhooks open to %s', (who) => {
    for (const path of SHOP) expect(seen[who]?.[path], path).toBe(200)
  })

  it('without a list lets everybody through to the password', () => {
    for (const path of ADMIN.slice(0, 4)) expect(open[path], path).toBe(200)
  })
})
