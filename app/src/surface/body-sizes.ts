import type { MiddlewareRoute } from '@medusajs/framework/http'
import { ROUTES } from './find'

/** Areas whose bodies Medusa bounds as the list says; the admin's are Medusa's own matter. */
const BOUNDED = ['public', 'storefront', 'opened']

/** Largest bodies, as Medusa's configuration of routes has them. */
export function bodySizes(): MiddlewareRoute[] {
  return ROUTES.filter(({ access, method }) => BOUNDED.includes(access) && method !== 'GET').map(
    ({ method, path, bodyKb }) => ({
      matcher: path,
      methods: [method as 'POST' | 'DELETE'],
      bodyParser: { sizeLimit: bodyKb * 1_000, preserveRawBody: path === '/hooks/btcpay' },
    }),
  )
}
