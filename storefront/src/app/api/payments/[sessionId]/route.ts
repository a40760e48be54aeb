import { payment } from '@/commerce/payment'

const STATUS = { 'not-found': 404, refused: 400, unavailable: 503 }

/** GET /api/payments/ID: a payment as its page follows it. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ sessionId: string }> },
): Promise<Response> {
  const answer = await payment((await params).sessionId)
  const headers = { 'cache-control': 'private, no-store' }
  if (answer.ok) return Response.json(answer.value, { headers })
  return Response.json(answer.failure, { status: STATUS[answer.failure.kind], headers })
}
