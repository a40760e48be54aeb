import 'server-only'
import { headers } from 'next/headers'
import { environment, required } from '@/environment'
import { signedClient } from './signed-client'

/** Headers that name the shopper whom a call is for, so that Medusa counts each by itself. */
export async function shopperHeader(): Promise<Record<string, string>> {
  // Caddy writes the one true address over whatever a visitor sent.
  const address = (await headers()).get('x-forwarded-for')?.split(',').at(-1)?.trim()
  const seconds = Math.floor(Date.now() / 1_000)
  // Medusa answers nobody but who signs; all shoppers without an address count as one.
  return signedClient(address || 'unknown', seconds, required('REVALIDATE_SECRET'))
}

/** Headers of a call for the cache that all visitors share; always the same, as they are in its key. */
export function cacheHeader(): Record<string, string> {
  const secret = environment().REVALIDATE_SECRET
  return secret ? signedClient('storefront', 0, secret) : {}
}
