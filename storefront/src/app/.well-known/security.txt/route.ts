import { securityText } from './text'

export const dynamic = 'force-static'

/** Where to report a weakness, as RFC 9116 has it. */
export function GET(): Response {
  return new Response(securityText, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
