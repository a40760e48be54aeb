import { dirname, join } from 'node:path'
import { findRoute } from './find'

/** Medusa's finder of a route's settings, asked several times for each request. */
interface Finder {
  find(url: string, method: string): unknown
}

/**
 * Medusa keeps the answer for each path that was ever asked for, so that anybody could fill its memory with
 * paths. From now on it is asked for the pattern instead, of which there are a few hundred.
 */
export function boundLookups(): void {
  // Not among the framework's exports: by its file.
  const file = join(dirname(require.resolve('@medusajs/framework/http')), 'routes-finder.js')
  const { RoutesFinder } = require(file) as { RoutesFinder: { prototype: Finder } }
  const { find } = RoutesFinder.prototype
  RoutesFinder.prototype.find = function (this: Finder, url, method) {
    return find.call(this, findRoute(method, url)?.route.path ?? '/', method)
  }
}
