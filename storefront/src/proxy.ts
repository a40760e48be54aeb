import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { ONE_SPELLING } from './pictures/address'
import { POLICY, pagePolicy } from './policy/policy'

// Next reads this without running it: literals only.
export const config = {
  matcher: [
    '/',
    // Every page that is made for one visitor.
    '/:region/cart',
    '/:region/checkout',
    '/:region/search',
    '/order/:token',
    '/order/return/:reference',
    // Pictures are drawn and kept by address: see ./pictures/address.
    '/_next/image',
    // And who sends what only this file may say.
    { source: '/:path*', has: [{ type: 'header', key: 'content-security-policy' }] },
    { source: '/:path*', has: [{ type: 'header', key: 'content-security-policy-report-only' }] },
  ],
}

const IMAGES = '/_next/image'

const OWN_PAGES = config.matcher
  .filter((each): each is string => typeof each === 'string' && each !== IMAGES)
  .map((path) => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`))

/**
 * Leads `/` to a region, gives every page of one visitor a policy with a nonce, and lets a picture have one
 * spelling.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl
  if (pathname === '/') return toRegion(request)
  if (pathname === IMAGES && !ONE_SPELLING.test(request.nextUrl.searchParams.get('url') ?? '')) {
    return new NextResponse('There is no such picture.', { status: 400 })
  }
  const headers = new Headers(request.headers)
  // Next takes nonces from here, and would keep a visitor's in a cached page.
  headers.delete(POLICY)
  headers.delete(`${POLICY}-report-only`)
  const own = OWN_PAGES.some((page) => page.test(pathname))
  if (!own) return NextResponse.next({ request: { headers } })
  const policy = pagePolicy([`'nonce-${randomBytes(16).toString('base64')}'`])
  headers.set(POLICY, policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set(POLICY, policy)
  return response
}

/** The bare address leads to the shopper's region; Cloudflare tells the country. */
function toRegion(request: NextRequest): NextResponse {
  const region = request.headers.get('cf-ipcountry') === 'US' ? 'us' : 'eu'
  const response = NextResponse.redirect(new URL(`/${region}`, request.url), 307)
  // Another visitor may belong to the other region.
  response.headers.set('cache-control', 'private, no-store')
  return response
}
