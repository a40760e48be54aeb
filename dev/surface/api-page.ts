import { ADMIN_BODY_KB, ADMIN_FILES, CLOSED, LIMITS, type Listed, ROUTES } from './listed.ts'

const BEGIN = '<!-- Made from app/src/surface/routes.ts by npm run surface. -->'
const END = '<!-- End of what is made. -->'

const minutes = (seconds: number) => (seconds >= 3_600 ? 'hour' : `${seconds / 60} min`)

/** A limit in words, such as "60 in 10 min". */
function limit(name: string | null): string {
  const found = name === null ? undefined : LIMITS[name]
  return found
    ? `${found.requests} in ${minutes(found.seconds)}`
        .replace('in 1 min', 'a minute')
        .replace('in hour', 'an hour')
    : 'none'
}

const size = (kb: number) => (kb >= 1_000 ? `${kb / 1_000} MB` : `${kb} kB`)

function table(routes: readonly Listed[]): string {
  const rows = routes.map(({ method, path, why, limit: name, searchLimit, bodyKb }) => {
    const limits = searchLimit ? `${limit(name)}; a search ${limit(searchLimit)}` : limit(name)
    return `| \`${method} ${path}\` | ${why} | ${limits} | ${size(bodyKb)} |`
  })
  return [
    '| route | why | limit for one client | largest body |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

const of = (access: Listed['access'], admin?: boolean) =>
  ROUTES.filter(
    (route) => route.access === access && (admin === undefined || (route.admin ?? false) === admin),
  )

/** The part of docs/api.md that is made of the list of routes. */
export function apiPage(written: string): string {
  const [before = '', rest = ''] = written.split(BEGIN)
  const after = rest.split(END)[1] ?? ''
  const count = (access: Listed['access']) =>
    ROUTES.filter((route) => route.access === access).length
  const files = ADMIN_FILES.map(({ path, bodyKb }) => `\`${path}\` ${size(bodyKb)}`).join(', ')
  const closed = CLOSED.map(
    ({ why, routes }) => `| ${routes.map((each) => `\`${each}\``).join('<br>')} | ${why} |`,
  )
  const made = `
Counted by method and path: ${count('public')} public, ${count('storefront')} for the storefront, ${count('opened')} more with an open store API, ${count('admin')} for signed-in admins, ${count('closed')} closed by name.

### Anybody

${table(of('public', false))}

### Anybody, or the addresses of rr.admin.allowFrom: the admin's pages and sign-in

${table(of('public', true))}

### Our storefront, by its signature

${table(of('storefront'))}

### With the publishable key, once the store API is open

These and the storefront's.

${table(of('opened'))}

### Signed-in admins

${count('admin')} routes below \`/admin\`, each named in the list: ${limit('admin')} for one client; bodies of ${size(ADMIN_BODY_KB)} at Caddy (${files}) and 100 kB of JSON at Medusa.

### Nobody

| route | why it is closed |
| --- | --- |
${closed.join('\n')}

\`GET /ready\` is this host's own: Medusa answers, Caddy does not pass it on. Everything else is in no list, and closed.

`
  return `${before}${BEGIN}\n${made}${END}${after}`
}
