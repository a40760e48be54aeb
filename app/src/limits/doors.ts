import { findRoute, ORIGIN } from '../surface/find'
import type { LimitName } from './limits'

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

/** The limit that a request falls under; undefined: none, as it costs nothing. */
export function limitOf(method: string, url: string, search: boolean): LimitName | undefined {
  const route = findRoute(method, url)?.route
  return (search ? route?.searchLimit : undefined) ?? route?.limit ?? undefined
}
