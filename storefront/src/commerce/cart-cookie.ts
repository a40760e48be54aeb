import 'server-only'
import { cookies } from 'next/headers'
import { required } from '@/environment'
import type { RegionSlug } from './region-slugs'

/** A cart is kept for a month after its last change. */
const KEEP_SECONDS = 30 * 86_400

/** One cart per region: a cart has one currency. */
function name(region: RegionSlug): string {
  return `rr_cart_${region}`
}

/** Id of this visitor's cart. */
export async function readCartId(region: RegionSlug): Promise<string | undefined> {
  return (await cookies()).get(name(region))?.value
}

/** Keeps the cart's id; only in server functions and route handlers. */
export async function writeCartId(region: RegionSlug, id: string): Promise<void> {
  const store = await cookies()
  store.set(name(region), id, {
    httpOnly: true,
    // Lax, not strict: the way back from BTCPay's page is cross-site.
    sameSite: 'lax',
    secure: required('STOREFRONT_URL').startsWith('https://'),
    maxAge: KEEP_SECONDS,
    path: '/',
  })
}
