import { decodedSegments } from '../limits/doors'

/**
 * What a request wants to change: a cart by its id, or the cart that a payment collection pays for; `lines`:
 * what is bought.
 */
export type CartChange = { cart: string; lines?: boolean } | { collection: string }

const READS = ['GET', 'HEAD', 'OPTIONS']

/**
 * The cart that a request would change, whatever of it; undefined: none, or a new one.
 * @param body as parsed; a collection is asked for by the cart in it
 */
export function changeOf(method: string, path: string, body: unknown): CartChange | undefined {
  if (READS.includes(method)) return undefined
  const segments = decodedSegments(path)
  const [area, first, , third, ...more] = segments.map((segment) => segment.toLowerCase())
  if (area !== 'store') return undefined
  // Ids keep their case.
  const id = segments[2]
  if (first === 'carts' && id) {
    // Begins a payment or finds the one under way; it asks BTCPay itself and changes nothing that is paid.
    const begins = third === 'payment' && more.length === 0 && method === 'POST'
    if (begins) return undefined
    return third === 'line-items' ? { cart: id, lines: true } : { cart: id }
  }
  if (first !== 'payment-collections') return undefined
  if (id) return { collection: id }
  const cart = (body as Record<string, unknown> | undefined)?.cart_id
  return typeof cart === 'string' ? { cart } : undefined
}
