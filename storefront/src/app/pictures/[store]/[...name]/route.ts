import type { NextRequest } from 'next/server'
import { pictureSource } from '@/pictures/address'
import { examine } from '@/pictures/examine'
import { fetchPicture } from '@/pictures/fetch'
import { turnFor } from '@/pictures/turn'

/** A file of another content has another name. */
const MAX_AGE_SECONDS = 14_400

function refused(status: number, message: string): Response {
  return new Response(message, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/**
 * GET /pictures/:store/:name: a product's picture as it was uploaded, for `/_next/image` of this process
 * alone. Next draws all widths from here, so what is refused here is never decoded: 404 no such picture,
 * 413 too many bytes or pixels, 415 no picture that the shop draws, 502 its store does not answer, 503 too
 * many wait to be drawn.
 */
export async function GET({ nextUrl, headers }: NextRequest): Promise<Response> {
  // Next asks itself without any; whatever comes from outside has one. Visitors are not to use up turns.
  const outside = headers.has('host')
  const source = outside ? null : pictureSource(nextUrl.pathname)
  if (!source) return refused(404, 'There is no such picture.')
  const fetched = await fetchPicture(source)
  if ('status' in fetched) return refused(fetched.status, fetched.message)
  const examined = await examine(fetched.bytes)
  if ('status' in examined) return refused(examined.status, examined.message)
  if (!(await turnFor(fetched.bytes.length))) {
    return refused(503, 'Too many pictures are being drawn. Please try again.')
  }
  return new Response(new Uint8Array(fetched.bytes), {
    headers: {
      'content-type': examined.type,
      'cache-control': `public, max-age=${MAX_AGE_SECONDS}`,
    },
  })
}
