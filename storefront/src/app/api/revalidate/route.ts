import { revalidateTag } from 'next/cache'
import { staleTags } from '@/commerce/revalidation'
import { required } from '@/environment'

/** A message names a few tags; nobody may make us hash more. */
const MAX_BYTES = 4_096

/** POST /api/revalidate: the backend's signed word that catalogue pages are stale. */
export async function POST(request: Request): Promise<Response> {
  if (Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY) > MAX_BYTES) {
    return Response.json({ message: 'too big' }, { status: 413 })
  }
  const tags = staleTags(
    await request.text(),
    {
      timestamp: request.headers.get('x-rr-timestamp'),
      signature: request.headers.get('x-rr-signature'),
    },
    required('REVALIDATE_SECRET'),
  )
  if (!tags) return Response.json({ message: 'not signed by the backend' }, { status: 401 })
  // The next visitor still gets the page at once; it is made anew behind them.
  for (const tag of tags) revalidateTag(tag, 'max')
  return Response.json({ tags })
}
