import { createHmac } from 'node:crypto'
import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { environment, required } from '../environment'

const TIMEOUT_MS = 5_000

/** Tells the storefront that catalogue pages are stale; the event bus repeats it when it throws. */
export default async function storefrontRevalidation(_: SubscriberArgs<unknown>): Promise<void> {
  const values = environment()
  const body = JSON.stringify({ tags: ['catalogue'] })
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', required(values, 'REVALIDATE_SECRET'))
    .update(`${timestamp}.${body}`)
    .digest('hex')
  const response = await fetch(`${required(values, 'STOREFRONT_URL')}/api/revalidate`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-rr-timestamp': timestamp,
      'x-rr-signature': `sha256=${signature}`,
    },
    body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) throw new Error(`storefront revalidation: ${response.status}`)
}

export const config: SubscriberConfig = {
  event: [
    'product.created',
    'product.updated',
    'product.deleted',
    'product-variant.updated',
    'product-category.created',
    'product-category.updated',
    'product-category.deleted',
    'product-collection.created',
    'product-collection.updated',
    'product-collection.deleted',
    'order.placed',
  ],
}
