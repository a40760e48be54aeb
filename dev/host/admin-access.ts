// Run by admin-access.test.ts inside a network namespace whose loopback has the addresses below: tells, as
// JSON, how Caddy answers each of them on each path. RR_ADMIN_FROM is the list, as the unit sets it.
import { DeclaredCaddy, DOMAIN, startEcho } from './caddy.ts'

const [cloudflare = '', home = '', stranger = ''] = process.argv.slice(2)
const PATHS = [
  ...['/app', '/app/orders', '/admin/orders', '/auth/user/emailpass', '/APP/orders'],
  ...['/Admin/orders', '/auth/%75ser/emailpass', '/%61dmin/orders', '//admin/orders'],
  ...['/store/../admin/orders', '/store/products', '/hooks/btcpay', '/health'],
  '/auth/customer/emailpass',
]

const echo = await startEcho('medusa')
const caddy = new DeclaredCaddy(26720)
if (process.env.RR_ADMIN_FROM) caddy.extra = { RR_ADMIN_FROM: process.env.RR_ADMIN_FROM }
caddy.pointTo('medusa', echo.port)
caddy.pointTo('storefront', echo.port)
await caddy.start()

async function answers(from: string, headers: Record<string, string> = {}) {
  const all: Record<string, number> = {}
  for (const path of PATHS) {
    all[path] = (await caddy.get(`api.${DOMAIN}`, path, { from, to: from, headers })).status
  }
  return all
}

console.log(
  JSON.stringify({
    home: await answers(home),
    homeByCloudflare: await answers(cloudflare, { 'cf-connecting-ip': home }),
    homeV6ByCloudflare: await answers(cloudflare, { 'cf-connecting-ip': '2001:db8:1:2::9' }),
    stranger: await answers(stranger),
    strangerByCloudflare: await answers(cloudflare, { 'cf-connecting-ip': '198.51.100.7' }),
    strangerWhoSaysHome: await answers(stranger, {
      'cf-connecting-ip': home,
      'x-forwarded-for': home,
      'x-real-ip': home,
    }),
  }),
)
echo.stop()
await caddy.stop()
process.exit(0)
