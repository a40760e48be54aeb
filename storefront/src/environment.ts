/** One variable of the storefront, as checks and docs read it. */
export interface Variable {
  name: string
  meaning: string
  secret: boolean
  /** What development uses when the variable is missing; null: there is none, and none is needed. */
  development: string | null
  requiredInProduction: boolean
  kind: 'text' | 'address' | 'publishable-key'
  example: string
}

/** Every variable that the storefront reads; nothing else reads `process.env`. */
export const schema = [
  {
    name: 'NEXT_PUBLIC_MEDUSA_BACKEND_URL',
    meaning: 'public address of the API; product files are there when there is no object storage',
    kind: 'address',
    secret: false,
    development: 'http://127.0.0.1:9000',
    requiredInProduction: true,
    example: 'https://api.research-relay.com',
  },
  {
    name: 'MEDUSA_BACKEND_URL',
    meaning: 'address of the API as this server reaches it; the public one when it is missing',
    kind: 'address',
    secret: false,
    development: null,
    requiredInProduction: false,
    example: 'https://api.research-relay.com',
  },
  {
    name: 'NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY',
    meaning: 'names the sales channel: pk_ and 64 hex digits',
    kind: 'publishable-key',
    secret: false,
    development: `pk_${'0d'.repeat(32)}`,
    requiredInProduction: true,
    example: 'pk_ and openssl rand -hex 32',
  },
  {
    name: 'NEXT_PUBLIC_FILES_URL',
    meaning: 'public address of the object storage with product files',
    kind: 'address',
    secret: false,
    development: null,
    requiredInProduction: false,
    example: 'https://files.research-relay.com',
  },
  {
    name: 'STOREFRONT_URL',
    meaning: 'public address of the shop',
    kind: 'address',
    secret: false,
    development: 'http://127.0.0.1:8000',
    requiredInProduction: true,
    example: 'https://research-relay.com',
  },
  {
    name: 'BTCPAY_URL',
    meaning: 'BTCPay Server as shoppers reach it',
    kind: 'address',
    secret: false,
    development: 'http://127.0.0.1:14142',
    requiredInProduction: true,
    example: 'https://btcpay.research-relay.com',
  },
  {
    name: 'REVALIDATE_SECRET',
    meaning: "signs the backend's calls to /api/revalidate",
    kind: 'text',
    secret: true,
    development: 'development-revalidate-secret',
    requiredInProduction: true,
    example: 'openssl rand -hex 32',
  },
  {
    name: 'NEXT_PUBLIC_SENTRY_DSN',
    meaning: 'where errors of the storefront go; nothing is sent without it',
    kind: 'text',
    secret: false,
    development: null,
    requiredInProduction: false,
    example: 'https://KEY@o0.ingest.de.sentry.io/0',
  },
  {
    name: 'LOG_LEVEL',
    meaning: 'the least that is logged: error, warn, info or debug',
    kind: 'text',
    secret: false,
    development: 'info',
    requiredInProduction: false,
    example: 'info',
  },
  {
    name: 'GIT_SHA',
    meaning: 'the build that runs, as /api/health tells it',
    kind: 'text',
    secret: false,
    development: 'unknown',
    requiredInProduction: false,
    example: '0f3c2a1',
  },
] as const satisfies readonly Variable[]

type Name = (typeof schema)[number]['name']

/** The checked environment; a missing optional variable is undefined. */
export type Environment = { readonly [name in Name]?: string }

/** Shortest secret that production takes: 32 characters are 128 bits even in hex. */
export const SECRET_MIN_LENGTH = 32

/** One line that names the variable and what is wrong with it, never its value. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

function isLoopback(address: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)
}

function problem(variable: Variable, value: string, production: boolean): string | undefined {
  if (variable.kind === 'publishable-key') {
    return /^pk_[0-9a-f]{64}$/.test(value) ? undefined : 'must be pk_ and 64 hex digits'
  }
  if (variable.kind === 'address') {
    if (!URL.canParse(value)) return 'is not an address'
    if (production && !value.startsWith('https://') && !isLoopback(value)) {
      return 'must be reached by TLS (https)'
    }
  }
  if (!production || !variable.secret) return undefined
  if (value === variable.development) return 'is the development default'
  if (value.length < SECRET_MIN_LENGTH) return `is shorter than ${SECRET_MIN_LENGTH} characters`
  return undefined
}

/**
 * Checks the environment against the schema and fills in development's defaults.
 * @param source such as `process.env`; an empty string counts as missing
 * @throws EnvironmentError for the first variable that may not stay as it is
 */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const production = source.NODE_ENV === 'production'
  const values: { [name: string]: string | undefined } = {}
  for (const variable of schema as readonly Variable[]) {
    const given = source[variable.name]
    if (given) {
      const found = problem(variable, given, production)
      if (found) throw new EnvironmentError(`${variable.name} ${found}`)
      values[variable.name] = given
    } else if (production && variable.requiredInProduction) {
      throw new EnvironmentError(`${variable.name} is missing`)
    } else {
      values[variable.name] = variable.development ?? undefined
    }
  }
  return values
}

let read: Environment | undefined

/** The environment of this process, checked once. */
export function environment(): Environment {
  read ??= readEnvironment(process.env)
  return read
}

/** A variable that the schema guarantees. @throws EnvironmentError when it is missing after all */
export function required(name: Name): string {
  const value = environment()[name]
  if (!value) throw new EnvironmentError(`${name} is missing`)
  return value
}

/** Whether sources reload in this process (`next dev`). */
export function inDevelopment(): boolean {
  return process.env.NODE_ENV === 'development'
}

/** The shop's public address for links in a page; the build itself knows none. */
export function publicAddress(): URL {
  return new URL(process.env.STOREFRONT_URL || 'http://127.0.0.1:8000')
}

/** Where product pictures are: at the backend, and in object storage if there is any. */
export function fileAddresses(): string[] {
  const defaults = schema.find(({ name }) => name === 'NEXT_PUBLIC_MEDUSA_BACKEND_URL')
  const backend = process.env.NEXT_PUBLIC_MEDUSA_BACKEND_URL || (defaults?.development ?? '')
  const files = process.env.NEXT_PUBLIC_FILES_URL
  return [backend, ...(files ? [files] : [])]
}
