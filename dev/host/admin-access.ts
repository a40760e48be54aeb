// Run by admin-access.test.ts inside a network namespace whose loopback has the addresses below: tells, as
// JSON, how Caddy answers each of them on each path. RR_ADMIN_FROM is the list, as the unit sets it.
import { DeclaredCaddy, DOMAIN, startEcho } from './caddy.ts'

const [cloudflare = '', home = '', stranger = ''] = process.argv.slice(2)
/** What is asked for, by method and path. */
const ASKED = [
  ...['GET /app', 'GET /app/orders', 'GET /admin/orders', 'POST /admin/invites/accept'],
  ...['POST /auth/user/emailpass', 'POST /auth/session', 'POST /auth/mfa/challenges/x/verify'],
  ...['GET /APP/orders', 'GET /Admin/orders', 'POST /auth/%75ser/emailpass'],
  ...['GET /%61dmin/orders', 'GET //admin/orders', 'GET /store/../admin/orders'],
  ...['GET /static/../admin/orders', 'POST /auth/customer/emailpass', 'POST /auth/token/refresh'],
  ...['GET /store/products', 'POST /hooks/btcpay', 'GET /health', 'GET /static/flask.webp'],
]

const echo = await startEcho('medusa')
const caddy = new DeclaredCaddy(26720)
if (process.env.RR_ADMIN_FROM) caddy.extra = { RR_ADMIN_FROM: process.env.RR_ADMIN_FROM }
caddy.pointTo('medusa', echo.port)
caddy.pointTo('storefront', echo.port)
await caddy.start()

async function answers(from: string, headers: Record<string, string> = {}) {
  const all: Record<string, number> = {}
  for (const asked of ASKED) {
    const [method = '', path = ''] = asked.split(' ')
    const options = { method, from, to: from, headers: { ...headers, 'x-rr-client': 'signed' } }
    all[asked] = (await caddy.get(`api.${DOMAIN}`, path, options)).status
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
