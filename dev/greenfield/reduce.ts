import { OPERATIONS } from './operations.ts'

type Json = { [key: string]: unknown }

/** An OpenAPI document, as far as it is cut down. */
export interface Api {
  openapi: string
  info: Json & { 'x-source': { repository: string; commit: string; btcpayVersion: string } }
  paths: Record<string, Json>
  components: Record<string, Record<string, unknown>>
}

/** Said of the copy, since its licence asks for it. */
const ORIGIN =
  "A part of BTCPay Server's Greenfield API, cut down to what the shop uses by dev/greenfield/reduce.ts. Under BTCPay Server's MIT licence, see license and x-source."

/**
 * The part of an API that `OPERATIONS` name, with the components that they refer to.
 * @throws Error naming an operation that the API lacks
 */
export function reduce(api: Api): Api {
  const paths: Api['paths'] = {}
  for (const operation of OPERATIONS) {
    const [method = '', path = ''] = operation.split(' ')
    const whole = api.paths[path]
    if (!whole?.[method]) throw new Error(`the API has no ${operation}`)
    const kept = paths[path] ?? (whole.parameters ? { parameters: whole.parameters } : {})
    paths[path] = { ...kept, [method]: whole[method] }
  }
  const components: Api['components'] = {}
  const wanted = [...referencesOf(paths)]
  for (let name = wanted.pop(); name; name = wanted.pop()) {
    const [kind = '', key = ''] = name.split('/')
    const component = api.components[kind]?.[key]
    if (!component) throw new Error(`the API has no component ${name}`)
    if (components[kind]?.[key]) continue
    components[kind] = { ...components[kind], [key]: component }
    wanted.push(...referencesOf(component))
  }
  return {
    openapi: api.openapi,
    info: {
      ...pick(api.info, ['title', 'version', 'license']),
      'x-source': api.info['x-source'],
      description: ORIGIN,
    },
    paths: sorted(paths),
    components: sorted(mapped(components, sorted)),
  }
}

function* referencesOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) {
    if (key === '$ref') yield String(each).replace('#/components/', '')
    else yield* referencesOf(each)
  }
}

const pick = (from: Json, keys: string[]): Json =>
  Object.fromEntries(keys.map((key) => [key, from[key]]))

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))

const mapped = <T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
