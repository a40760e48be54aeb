import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Facts } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { z } from 'zod'
import { isReference } from '../commerce/order-page-address'

const page = z.object({ page: z.string(), regex: z.string() })
const manifestSchema = z.object({ dynamicRoutes: z.array(page), staticRoutes: z.array(page) })

/** A page and the paths that it answers. */
export interface Route {
  page: string
  path: RegExp
}

/** Next's own list of pages, as the build has written it; they are matched in its order. */
export function readRoutes(folder = join(process.cwd(), '.next')): Route[] {
  const text = readFileSync(join(folder, 'routes-manifest.json'), 'utf8')
  const { staticRoutes, dynamicRoutes } = manifestSchema.parse(JSON.parse(text))
  return [...staticRoutes, ...dynamicRoutes].map(({ page, regex }) => ({
    page,
    path: new RegExp(regex),
  }))
}

/** The page of a request, and the order page or payment that its path names. */
export function routeOf(routes: Route[], url: string): Facts & { route: string } {
  const path = url.split('?')[0] ?? ''
  if (path === '/') return { route: '/' }
  const files = /^\/_next\/(?:static|image)(?=\/|$)/.exec(path)
  if (files) return { route: `${files[0]}/*` }
  for (const { page, path: pattern } of routes) {
    const found = pattern.exec(path)
    if (!found) continue
    const [, named = ''] = found
    if (page.endsWith('/[token]')) return { route: page, page: short(named) }
    // The reference is what the log calls a payment already.
    if (page.endsWith('/[reference]') && isReference(named)) return { route: page, payment: named }
    return { route: page }
  }
  return { route: '*' }
}

/** Probes of this host and files: many, and of no interest. */
export function isQuiet(route: string): boolean {
  return route === '/api/health' || route.startsWith('/_next/') || route === '/icon.svg'
}
