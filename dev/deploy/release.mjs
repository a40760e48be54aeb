// A release of an app as a server: node release.mjs APP SHA BEHAVIOUR PORT NAME. It answers what visitors
// and probes ask; BEHAVIOUR says what is wrong with it. Drains at SIGTERM as the real ones do.
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'

const [app, sha, behaviour, port, name] = process.argv.slice(2)
if (behaviour === 'dies') process.exit(1)
const worker = name?.endsWith('worker')
const started = Date.now()

/** Whether the storefront asks, as app/src/limits/client.ts reads it; the secret is dev/deploy/world.ts's. */
function signed(header = '') {
  const [subject, seconds, signature] = header.split(' ')
  const wanted = createHmac('sha256', 'secret-of-a-test')
    .update(`client ${subject} ${seconds}`)
    .digest('hex')
  return signature === wanted && Math.abs(Date.now() / 1_000 - Number(seconds)) < 300
}

function body(path, headers) {
  if (path === '/ready' || path === '/api/health') {
    if (behaviour === 'never-ready') return [503, { status: 'failed', build: sha }]
    const build = behaviour === 'other-build' ? '0'.repeat(40) : sha
    return [200, { status: app === 'medusa' ? 'ready' : 'ok', build }]
  }
  if (path === '/health') return [200, 'OK']
  if (behaviour === 'answers-500') return [500, { message: 'broken' }]
  if (path.startsWith('/store/') && !signed(headers['x-rr-client']))
    return [404, { type: 'not_found', message: 'The address was not found.' }]
  if (path.startsWith('/store/regions')) return [200, { regions: [{ id: 'reg_1' }] }]
  if (path.startsWith('/store/products')) return [200, { products: [] }]
  if (path.startsWith('/store/carts')) return [200, { cart: { id: 'cart_1' } }]
  if (path.startsWith('/sitemap.xml')) return [200, '<loc>https://shop.test/eu</loc>']
  return [200, `<a href="/eu/products/flask">${app} ${sha}</a>`]
}

const server = createServer((request, response) => {
  request.resume()
  // A visitor's request takes a moment: one that is cut off shows.
  setTimeout(() => {
    const [status, text] = body(request.url ?? '', request.headers)
    response.writeHead(status, { 'content-type': 'application/json', 'x-release': sha })
    response.end(typeof text === 'string' ? text : JSON.stringify(text))
  }, 20)
})
server.listen(Number(port), '127.0.0.1')
if (behaviour === 'dies-later' && !worker) setTimeout(() => process.exit(137), 2_500)
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
server.keepAliveTimeout = Date.now() - started + 60_000
