import 'server-only'
import { cookies } from 'next/headers'
import { required } from '@/environment'

/** An invoice is paid within minutes; a week also lets somebody come back to BTCPay's page later. */
const KEEP_SECONDS = 7 * 86_400
const NAME = 'rr_order_page'

/** Where BTCPay sends the shopper back to; whoever else has the address learns nothing by it. */
export function returnPath(reference: string): string {
  return `/order/return/${reference}`
}

/** The secret of the page that this browser is on its way back to; only below `returnPath`. */
export async function readOrderPage(): Promise<string | undefined> {
  return (await cookies()).get(NAME)?.value
}

/** Lets this browser, and no other, find the page when it comes back; only in server functions. */
export async function writeOrderPage(reference: string, token: string): Promise<void> {
  const store = await cookies()
  store.set(NAME, token, {
    httpOnly: true,
    // Lax, not strict: the way back from BTCPay's page is cross-site.
    sameSite: 'lax',
    secure: required('STOREFRONT_URL').startsWith('https://'),
    maxAge: KEEP_SECONDS,
    path: returnPath(reference),
  })
}
