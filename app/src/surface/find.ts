import {
  ADMIN,
  ADMIN_BODY_KB,
  ADMIN_FILES,
  ADMIN_LIMIT,
  CLOSED,
  LOCAL,
  OPENED,
  type OpenRoute,
  PUBLIC,
  STOREFRONT,
} from './routes'

/** Who may reach a route; see routes.ts. */
export type Access = 'public' | 'local' | 'storefront' | 'opened' | 'admin' | 'closed'

/** One route of the list for one method. */
export interface Listed extends Omit<OpenRoute, 'route'> {
  access: Access
  method: string
  /** As Express writes it, such as `/store/carts/:id`. */
  path: string
  segments: readonly string[]
}

/** A request that a route of the list answers. */
export interface Found {
  route: Listed
  /** Written as the list has it: no other case, no percent-encoded letter, no slash too many. */
  exact: boolean
}

/** No id, name of a file or token of ours is longer. */
const MAX_PARAMETER_LENGTH = 256

/** Scheme and host: HTTP allows them before the path, and Express takes them off, too. */
export const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i

/** Inside of a decoded parameter nothing may lead to another path, or be no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const UNSAFE = /[/\\\u0000-\u001f\u007f]/

function listed(access: Access, { route, ...rest }: OpenRoute): Listed[] {
  const words = route.split(' ')
  const path = words.pop() ?? ''
  const segments = path.split('/').slice(1)
  return words.map((method) => ({ access, method, path, segments, ...rest }))
}

function adminRoute(route: string): OpenRoute {
  const path = route.split(' ').at(-1)
  const files = ADMIN_FILES.find((each) => each.path === path)
  return {
    route,
    why: 'the admin',
    limit: ADMIN_LIMIT,
    bodyKb: files?.bodyKb ?? ADMIN_BODY_KB,
    admin: true,
  }
}

/** The whole list, one entry for each method and path. */
export const ROUTES: readonly Listed[] = [
  ...PUBLIC.flatMap((route) => listed('public', route)),
  ...LOCAL.flatMap((route) => listed('local', route)),
  ...STOREFRONT.flatMap((route) => listed('storefront', route)),
  ...OPENED.flatMap((route) => listed('opened', route)),
  ...ADMIN.flatMap((route) => listed('admin', adminRoute(route))),
  ...CLOSED.flatMap(({ why, routes }) =>
    routes.flatMap((route) => listed('closed', { route, why, limit: null, bodyKb: 0 })),
  ),
]

/** Routes by method and number of segments; those that end in `*` by method alone. */
const byShape = new Map<string, Listed[]>()
const prefixes = ROUTES.filter(({ path }) => path.endsWith('/*'))

/** A literal stands before a parameter, at the first segment where two routes differ. */
function compare(a: Listed, b: Listed): number {
  for (const [at, segment] of a.segments.entries()) {
    const difference = Number(segment.startsWith(':')) - Number(b.segments[at]?.startsWith(':'))
    if (difference !== 0) return difference
  }
  return 0
}

for (const route of ROUTES) {
  if (route.path.endsWith('/*')) continue
  const shape = `${route.method} ${route.segments.length}`
  byShape.set(shape, [...(byShape.get(shape) ?? []), route].sort(compare))
}

/** The segment as text; undefined when it cannot be decoded. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

function safeParameter(segment: string): boolean {
  const text = decoded(segment)
  if (!text || text === '.' || text === '..' || UNSAFE.test(text)) return false
  return segment.length <= MAX_PARAMETER_LENGTH
}

/**
 * The route of the list that Express would answer a request by. It is found however the path is written,
 * since Express does not mind case, a slash at the end and encoded letters; `exact` says how it was.
 * @param method of the request; HEAD is GET
 * @param url path and query, as the request line has them
 */
export function findRoute(method: string, url: string): Found | undefined {
  const verb = method === 'HEAD' ? 'GET' : method
  const [path = ''] = url.split('?')
  const raw = path.replace(ORIGIN, '').split('/').slice(1)
  const given = raw.filter(Boolean)
  const plain = given.map((segment) => (decoded(segment) ?? segment).toLowerCase())
  const below = raw.length > 1 ? plain[0] : undefined
  const route =
    prefixes.find(({ method: of, segments }) => of === verb && segments[0] === below) ??
    byShape
      .get(`${verb} ${given.length}`)
      ?.find(({ segments }) =>
        segments.every((each, at) => each.startsWith(':') || each.toLowerCase() === plain[at]),
      )
  if (!route || given.length === 0) return undefined
  return { route, exact: path.startsWith('/') && isExact(route, raw) }
}

function isExact({ segments, path }: Listed, raw: string[]): boolean {
  if (path.endsWith('/*')) {
    const [first, ...below] = raw
    const last = below.at(-1) === '' ? below.slice(0, -1) : below
    return first === segments[0] && below.length > 0 && last.every(safeParameter)
  }
  if (raw.length !== segments.length) return false
  return segments.every((each, at) =>
    each.startsWith(':') ? safeParameter(raw[at] ?? '') : each === raw[at],
  )
}
