import { type NextRequest, NextResponse } from 'next/server'

export const config = { matcher: '/' }

/** The bare address leads to the shopper's region; Cloudflare tells the country. */
export function proxy(request: NextRequest): NextResponse {
  const region = request.headers.get('cf-ipcountry') === 'US' ? 'us' : 'eu'
  const response = NextResponse.redirect(new URL(`/${region}`, request.url), 307)
  // Another visitor may belong to the other region.
  response.headers.set('cache-control', 'private, no-store')
  return response
}
