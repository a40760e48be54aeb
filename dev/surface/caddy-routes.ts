import { ADMIN_BODY_KB, ADMIN_FILES, type Listed, ROUTES } from './listed.ts'

/** A value in a path at the edge: ids and tokens of ours are written so. */
const PARAMETER = '[\\w-]+'
/** Files below a folder, none of them hidden, and no way up. */
const FILES = '[^/?.][^/?]*(/[^/?.][^/?]*)*'

const HEAD = `# Made from app/src/surface/routes.ts by npm run surface.
# Who may reach a request's route, {access}, and its largest body, {body}. Method and path count as they are
# written: another case, an encoded letter or a slash too many is another address. The first line counts.
`

/** Caddy's way to write a size: KB are 1,000 bytes. */
const size = (kb: number) => (kb >= 1_000 ? `${kb / 1_000}MB` : `${kb}KB`)

function pattern(path: string): string {
  if (path === '/app/*') return '/app/[^?]*'
  return path.replace('/*', `/${FILES}`).replace(/:\w+/g, PARAMETER)
}

/** One line of the table; a route of several methods is one line. */
function line(methods: readonly string[], path: string, access: string, kb: number): string {
  const all = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const verbs = all.length > 1 ? `(${all.join('|')})` : all[0]
  return `\t\t"~^${verbs} ${path}(\\?|$)" ${access} ${size(kb)}`
}

/** Routes of one path together. */
function byPath(routes: readonly Listed[]): Listed[][] {
  const groups = new Map<string, Listed[]>()
  for (const route of routes) groups.set(route.path, [...(groups.get(route.path) ?? []), route])
  return [...groups.values()]
}

function lines(access: Listed['access']): string[] {
  return byPath(ROUTES.filter((route) => route.access === access)).map((group) => {
    const [{ path, admin }] = group as [Listed]
    const kb = Math.max(...group.map(({ bodyKb }) => bodyKb))
    const methods = group.map(({ method }) => method)
    return line(methods, pattern(path), admin ? 'admin' : access, kb)
  })
}

/** The snippet `api_routes` of Caddy's configuration. */
export function caddyRoutes(): string {
  const table = [
    ...lines('public'),
    ...ADMIN_FILES.map(({ path, bodyKb }) => line(['POST'], path, 'admin', bodyKb)),
    // Before the line that lets all of the admin pass.
    ...ROUTES.filter(({ access, path }) => access === 'closed' && path.startsWith('/admin/')).map(
      ({ method, path }) => line([method], pattern(path), 'closed', 1),
    ),
    line(['GET', 'POST', 'DELETE'], '/admin/[^?]*', 'admin', ADMIN_BODY_KB),
    ...lines('storefront'),
    ...lines('opened'),
    // Of which route a preflight is, Medusa reads in its headers.
    line(['OPTIONS'], '/store/[^?]*', 'opened', 1),
  ]
  const sizes = [...new Set(table.map((each) => each.split(' ').at(-1) ?? ''))]
  const bodies = sizes.map(
    (each) =>
      `\t@body_${each} vars {body} ${each}\n\trequest_body @body_${each} {\n\t\tmax_size ${each}\n\t}\n`,
  )
  return `${HEAD}(api_routes) {
	map "{http.request.method} {http.request.uri}" {access} {body} {
${table.join('\n')}
		default closed 1KB
	}
${bodies.join('')}}
`
}
