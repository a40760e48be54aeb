import type { LimitName } from './limits'

/** Scheme and host: HTTP allows them before the path, and Express takes them off, too. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i

/** The parts of a path as Express gives them to a route: decoded, in their own case. */
export function decodedSegments(path: string): string[] {
  return (path.replace(ORIGIN, '').split('?')[0] ?? '')
    .split('/')
    .filter(Boolean)
    .map((segment) => {
      try {
        return decodeURIComponent(segment)
      } catch {
        return segment
      }
    })
}

/**
 * A path as Express matches it: case and a slash at the end mean nothing, and a parameter may be
 * percent-encoded. Without this, /auth/user/%65mailpass would be a sign-in that nobody counts.
 */
export function segmentsOf(path: string): string[] {
  return decodedSegments(path).map((segment) => segment.toLowerCase())
}

/** What someone wants of Medusa's password provider, whatever the kind of account. */
export type PasswordDoor = 'signIn' | 'registration' | 'passwordReset' | 'passwordUpdate'

const PASSWORD_DOORS: Record<string, PasswordDoor> = {
  register: 'registration',
  'reset-password': 'passwordReset',
  update: 'passwordUpdate',
}

/** The password door of a path; GET is one, too, since Medusa signs in by either method. */
export function passwordDoor(segments: string[]): PasswordDoor | undefined {
  const [area, , provider, action, ...more] = segments
  if (area !== 'auth' || provider !== 'emailpass' || more.length > 0) return undefined
  return action === undefined ? 'signIn' : PASSWORD_DOORS[action]
}

const CATALOGUE = ['products', 'product-categories', 'collections', 'product-tags', 'regions']

/** The limit that a request falls under; undefined: none, as it costs nothing or needs a session. */
export function limitOf(
  method: string,
  segments: string[],
  search: boolean,
): LimitName | undefined {
  const [area, first = '', second, third] = segments
  const reads = method === 'GET' || method === 'HEAD'
  if (method === 'OPTIONS') return undefined
  if (area === 'auth') {
    const door = passwordDoor(segments)
    if (door) return door
    if (third === 'callback' || (first === 'mfa' && !reads)) return 'signIn'
    return second === 'user' ? 'registration' : undefined
  }
  if (area === 'admin')
    return first === 'invites' && second === 'accept' ? 'registration' : undefined
  if (area !== 'store') return undefined
  if (first === 'order-pages') return 'paymentStatus'
  if (reads) {
    if (first === 'products' && search) return 'search'
    return CATALOGUE.includes(first) ? 'catalogue' : 'store'
  }
  if (first === 'customers' && second === undefined) return 'registration'
  if (first === 'payment-collections') return 'checkout'
  if (first !== 'carts') return 'store'
  if (second === undefined) return 'cartCreation'
  return third === 'complete' || third === 'payment' ? 'checkout' : 'cartChange'
}
