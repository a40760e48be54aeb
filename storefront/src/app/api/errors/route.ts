import { readDsn } from '@rr-bizops/telemetry/errors/dsn'
import { connection } from 'next/server'
import { environment, publicAddress } from '@/environment'
import { MAX_BYTES, takeEnvelope } from '@/errors/tunnel'

function ownDsn() {
  return readDsn(environment().NEXT_PUBLIC_SENTRY_DSN ?? '')
}

/** GET /api/errors: where a page's errors belong; 204 when nothing is sent. Asked after the first error. */
export async function GET(): Promise<Response> {
  await connection()
  const dsn = ownDsn()
  if (!dsn) return new Response(null, { status: 204 })
  const answer = { dsn: dsn.text, environment: process.env.NODE_ENV }
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } })
}

/** POST /api/errors: one error of one of our pages, as Sentry's envelope. */
export async function POST(request: Request): Promise<Response> {
  const origin = request.headers.get('origin')
  if (origin && origin !== publicAddress().origin) return new Response(null, { status: 403 })
  const length = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY)
  if (length > MAX_BYTES) return new Response(null, { status: 413 })
  const body = Buffer.from(await request.arrayBuffer())
  const { headers } = request
  const status = takeEnvelope(
    body,
    {
      // Caddy writes the one true address over whatever a visitor sent.
      address: headers.get('x-forwarded-for')?.split(',').at(-1)?.trim(),
      userAgent: headers.get('user-agent') ?? '',
      origin: publicAddress().origin,
    },
    ownDsn(),
  )
  return new Response(null, { status })
}
