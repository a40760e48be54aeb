import { currentCart } from '@/commerce/cart'
import { regionSlug } from '@/commerce/region-slugs'

/** GET /api/cart/REGION: how many pieces this visitor's cart holds. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ region: string }> },
): Promise<Response> {
  const region = regionSlug((await params).region)
  if (!region) return new Response(null, { status: 404 })
  const headers = { 'cache-control': 'private, no-store' }
  try {
    const cart = await currentCart(region)
    return Response.json({ count: cart?.count ?? 0 }, { headers })
  } catch {
    return Response.json({ message: 'The cart does not answer.' }, { status: 503, headers })
  }
}
