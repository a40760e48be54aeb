import { orderPage } from '@/commerce/payment'

const STATUS = { 'not-found': 404, refused: 400, unavailable: 503 }

/** GET /api/payments/TOKEN: a payment as its page follows it. */
export async function GET(
  _request: Request,
  { params }: { params: Promise<{ token: string }> },
): Promise<Response> {
  const answer = await orderPage((await params).token)
  const headers = { 'cache-control': 'private, no-store' }
  if (answer.ok) return Response.json(answer.value.payment, { headers })
  return Response.json(answer.failure, { status: STATUS[answer.failure.kind], headers })
}
