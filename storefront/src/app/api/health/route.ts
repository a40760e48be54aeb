import { environment } from '@/environment'

export const dynamic = 'force-dynamic'

/** GET /api/health: this process serves, and which build it is. */
export function GET(): Response {
  return Response.json({ status: 'ok', build: environment().GIT_SHA ?? 'unknown' })
}
