import 'server-only'
import Medusa, { FetchError } from '@medusajs/js-sdk'
import { environment, required } from '@/environment'
import { traceHeaders } from '@/logging/request-id'
import { cacheHeader, shopperHeader } from './client-header'
import { failure, type Result, success } from './result'

/** A shopper waits no longer for Medusa. */
const TIMEOUT_MS = 8_000

/** Making an invoice asks BTCPay, too. */
const PAYMENT_TIMEOUT_MS = 20_000

/** Cached catalogue data is asked for again after an hour, even if no event came. */
const CATALOGUE_SECONDS = 3_600

/** The one tag that the backend revalidates. */
export const CATALOGUE_TAG = 'catalogue'

let client: Medusa | undefined

/** Medusa for this server: it holds no shopper's token, so all requests may share it. */
function medusa(): Medusa {
  client ??= new Medusa({
    baseUrl: environment().MEDUSA_BACKEND_URL ?? required('NEXT_PUBLIC_MEDUSA_BACKEND_URL'),
    publishableKey: required('NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY'),
    auth: { type: 'jwt', jwtTokenStorageMethod: 'nostore' },
  })
  return client
}

type Query = Record<string, unknown>

/**
 * Reads catalogue data through the cache that every visitor shares.
 * @throws when Medusa does not answer, or not this storefront: a cached page stays as it is
 */
export async function readCatalogue<T>(path: string, query: Query): Promise<T> {
  try {
    return await medusa().client.fetch<T>(`/store${path}`, {
      query,
      headers: { ...traceHeaders(), ...cacheHeader() },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: 'force-cache',
      next: { tags: [CATALOGUE_TAG], revalidate: CATALOGUE_SECONDS },
    })
  } catch (error) {
    // Lists are always there: it did not take this storefront for its own.
    if (error instanceof FetchError && error.status === 404) {
      throw new Error(
        'Medusa refuses this storefront: REVALIDATE_SECRET must be the same at both, and MEDUSA_BACKEND_URL its address',
        { cause: error },
      )
    }
    throw error
  }
}

/** Calls the store API for one shopper; never cached. */
export async function callStore<T>(
  path: string,
  options: { method?: 'GET' | 'POST' | 'DELETE'; query?: Query; body?: Query } = {},
): Promise<Result<T>> {
  const paying = path.endsWith('/payment')
  try {
    const value = await medusa().client.fetch<T>(`/store${path}`, {
      ...options,
      headers: { ...traceHeaders(), ...(await shopperHeader()) },
      signal: AbortSignal.timeout(paying ? PAYMENT_TIMEOUT_MS : TIMEOUT_MS),
      cache: 'no-store',
    })
    return success(value)
  } catch (error) {
    return refusal(error)
  }
}

function refusal<T>(error: unknown): Result<T> {
  if (error instanceof FetchError && error.status === 404) {
    return failure('not-found', 'This is not there any more.')
  }
  if (error instanceof FetchError && error.status === 429) {
    return failure('refused', 'That was a little fast. Please wait a minute and try again.')
  }
  if (error instanceof FetchError && error.status && error.status < 500) {
    return failure('refused', sentence(error.message))
  }
  console.error('store API:', error)
  if (error instanceof FetchError && OWN_WORDS.test(error.message)) {
    return failure('unavailable', error.message)
  }
  return failure('unavailable', 'The shop cannot do this right now. Please try again in a minute.')
}

/**
 * Sentences of our backend's own that are written for shoppers: the cart's guard and bounds, the checkout,
 * the provider.
 */
const OWN_WORDS =
  /can no longer be changed\.$|so nothing was changed\.|cannot be checked right now|^Payment is not possible at the moment|^Please (?:enter your address|choose a delivery method) first\.$|payment for this cart is under way|^A cart can hold up to|^Your cart |^This product is not sold here\.$/

/** Medusa's own words where they help a shopper. */
function sentence(message: string): string {
  if (/inventory/i.test(message)) return 'There are not enough of these left.'
  if (OWN_WORDS.test(message)) return message
  return 'The shop could not accept this. Please check what you have entered.'
}
