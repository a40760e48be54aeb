// Run by client-address.test.ts inside a network namespace whose loopback has the addresses below:
// tells, as JSON, which client address each side of Cloudflare's border can make Medusa see.
import { DeclaredCaddy, DOMAIN, type Echo, startEcho } from './caddy.ts'

const [cloudflare = '', stranger = ''] = process.argv.slice(2)
const FORGED = {
  'x-forwarded-for': '9.9.9.9',
  'x-real-ip': '9.9.9.9',
  'cf-connecting-ip': '9.9.9.9',
  'true-client-ip': '9.9.9.9',
  'x-client-ip': '9.9.9.9',
  forwarded: 'for=9.9.9.9',
}

const echo = await startEcho('medusa')
const caddy = new DeclaredCaddy(28440)
caddy.pointTo('medusa', echo.port)
caddy.pointTo('storefront', echo.port)
await caddy.start()

async function seen(from: string, headers: Record<string, string>): Promise<Echo['headers']> {
  const answer = await caddy.get(`api.${DOMAIN}`, '/health', { from, to: from, headers })
  return (JSON.parse(answer.body) as Echo).headers
}

const result = {
  byCloudflare: await seen(cloudflare, { 'cf-connecting-ip': '198.51.100.7' }),
  byCloudflareV6: await seen(cloudflare, { 'cf-connecting-ip': '2001:db8::7' }),
  byCloudflareWithForgery: await seen(cloudflare, {
    'cf-connecting-ip': '198.51.100.7',
    'x-forwarded-for': '9.9.9.9, 198.51.100.7',
  }),
  byStranger: await seen(stranger, FORGED),
}
console.log(JSON.stringify(result))
echo.stop()
await caddy.stop()
process.exit(0)
