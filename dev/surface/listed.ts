import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

/** Who may reach a route; see app/src/surface/routes.ts. */
export type Access = 'public' | 'local' | 'storefront' | 'opened' | 'admin' | 'closed'

/** One route of the API for one method. */
export interface Listed {
  access: Access
  method: string
  path: string
  segments: readonly string[]
  why: string
  limit: string | null
  searchLimit?: string
  bodyKb: number
  cached?: true
  admin?: true
}

/** A group of routes that are closed for one reason. */
export interface ClosedRoutes {
  why: string
  routes: readonly string[]
}

/** The list of routes and limits; the app is compiled by its own rules, so its types stay there. */
async function app<T>(path: string): Promise<T> {
  return (await import(join(ROOT, 'app/src', path))) as T
}

export const { ROUTES } = await app<{ ROUTES: readonly Listed[] }>('surface/find.ts')
export const { ADMIN_BODY_KB, ADMIN_FILES, CLOSED } = await app<{
  ADMIN_BODY_KB: number
  ADMIN_FILES: readonly { path: string; bodyKb: number }[]
  CLOSED: readonly ClosedRoutes[]
}>('surface/routes.ts')
export const { LIMITS } = await app<{
  LIMITS: Record<string, { requests: number; seconds: number }>
}>('limits/limits.ts')
