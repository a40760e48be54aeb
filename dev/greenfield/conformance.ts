import { Ajv2019, type AnySchema } from 'ajv/dist/2019.js'
import { readApi } from './files.ts'
import { OPERATIONS } from './operations.ts'
import type { Api } from './reduce.ts'

/** A call as it went over the wire. */
export interface Exchange {
  method: string
  url: URL
  body: unknown
  status: number
  /** Undefined when it has no body. */
  answer: unknown
}

interface Described {
  parameters?: { $ref?: string; name?: string; in?: string }[]
  requestBody?: { content: { 'application/json': { schema: AnySchema } } }
  responses: Record<string, { content?: { 'application/json'?: { schema: AnySchema } } }>
}

/** Holds calls to the API as BTCPay publishes it: path, query, body, answer. */
export class Published {
  private readonly api: Api = readApi()
  private readonly schemas: Ajv2019
  /** Operations that were seen. */
  readonly seen = new Set<string>()

  constructor() {
    // Formats such as `decimal` and `int32` are OpenAPI's own.
    this.schemas = new Ajv2019({ strict: false, validateFormats: false, allErrors: true })
    this.schemas.addSchema(jsonSchemaOf({ components: this.api.components }) as AnySchema, 'api')
  }

  /** What of a call is not as published, in words; empty when all is. */
  errorsOf(exchange: Exchange): string[] {
    const { method, url, body, status, answer } = exchange
    const operation = OPERATIONS.find((each) => matches(each, method, url.pathname))
    if (!operation) return [`${method} ${url.pathname} is not published`]
    this.seen.add(operation)
    const [verb = '', path = ''] = operation.split(' ')
    const whole = this.api.paths[path] as Record<string, unknown>
    const described = whole[verb] as Described
    const parameters = [...(described.parameters ?? []), ...((whole.parameters as []) ?? [])]
    const names = new Set(parameters.map((each) => this.resolved(each).name))
    const errors = [...url.searchParams.keys()]
      .filter((name) => !names.has(name))
      .map((name) => `${operation} takes no ${name}`)
    if (body !== undefined) {
      const schema = described.requestBody?.content['application/json'].schema
      errors.push(...this.mismatches(`${operation} is sent`, schema, body))
    }
    const schema =
      status < 300
        ? described.responses[String(status)]?.content?.['application/json']?.schema
        : problemOf(status)
    if (schema || answer !== undefined)
      errors.push(...this.mismatches(`${operation} ${status}`, schema, answer))
    return errors
  }

  private mismatches(what: string, schema: AnySchema | undefined, value: unknown): string[] {
    if (!schema) return [`${what}: nothing is published`]
    const validate = this.schemas.compile(closed(this.listed(schema)))
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${what}: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    )
  }

  /** The schema behind a reference to a list, so that its items can be closed. */
  private listed(schema: AnySchema): AnySchema {
    const target = this.resolved(schema as { $ref?: string })
    return (target as { type?: string }).type === 'array' ? (target as AnySchema) : schema
  }

  resolved<T extends { $ref?: string }>(value: T): T {
    if (!value.$ref) return value
    const [kind = '', name = ''] = value.$ref.replace('#/components/', '').split('/')
    return this.api.components[kind]?.[name] as T
  }
}

/** BTCPay's code is the same everywhere, where the description of each operation is not. */
function problemOf(status: number): AnySchema {
  const name = { 403: 'PermissionProblemDetails', 422: 'ValidationProblemDetails' }[status]
  return { $ref: `#/components/schemas/${name ?? 'ProblemDetails'}` }
}

/** A schema that takes no field which is not published. */
function closed(schema: AnySchema): AnySchema {
  const { type, items } = schema as { type?: string; items?: AnySchema }
  if (type === 'array' && items) return { type, items: closed(items) }
  return { allOf: [jsonSchemaOf(schema)], unevaluatedProperties: false }
}

function matches(operation: string, method: string, pathname: string): boolean {
  const [verb, path = ''] = operation.split(' ')
  const pattern = path.replace(/\{\w+\}/g, '[^/]+')
  return verb === method.toLowerCase() && new RegExp(`^${pattern}$`).test(pathname)
}

/** OpenAPI 3.0's `nullable` in the words of JSON Schema; references lead to the registered components. */
function jsonSchemaOf(value: unknown): object {
  return rewritten(value) as object
}

function rewritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewritten)
  if (typeof value !== 'object' || value === null) return value
  const { nullable, example: _, ...rest } = value as Record<string, unknown>
  const schema = Object.fromEntries(
    Object.entries(rest).map(([key, each]) => [
      key,
      key === '$ref' ? `api${String(each)}` : rewritten(each),
    ]),
  )
  return nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema
}
