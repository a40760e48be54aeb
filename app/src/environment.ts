import { isAbsolute, relative, resolve } from 'node:path'
import { isLoopback, usesTls } from './environment-address'

/** One variable of the environment, as checks, the `.env` generator and the docs read it. */
export interface Variable {
  name: string
  meaning: string
  /** Unit of a number, such as seconds. */
  unit?: string
  /** A secret is never printed and must be strong in production. */
  secret: boolean
  /** What development uses when the variable is missing; null: there is none, and none is needed. */
  development: string | null
  /** False: production may leave it out. */
  requiredInProduction: boolean
  /** What is checked beyond presence. */
  kind:
    | 'text'
    | 'number'
    | 'port'
    | 'boolean'
    | 'public-url'
    | 'connection'
    | 'list'
    | 'publishable-key'
  /** The only values that it may have. */
  choices?: readonly string[]
  example: string
}

/** Shortest secret that production takes: 32 characters are 128 bits even in hex. */
export const SECRET_MIN_LENGTH = 32

const text = { kind: 'text', secret: false, requiredInProduction: true } as const
const optional = { kind: 'text', secret: false, requiredInProduction: false } as const
const secret = { kind: 'text', secret: true, requiredInProduction: true } as const

/** Every variable that the backend reads; nothing else reads `process.env`. */
export const schema = [
  {
    name: 'NODE_ENV',
    meaning: 'development, test or production',
    ...optional,
    development: 'development',
    example: 'production',
  },
  {
    name: 'GIT_SHA',
    meaning: 'the build that runs, as /ready tells it',
    ...optional,
    development: 'unknown',
    example: '0f3c2a1',
  },
  {
    name: 'LOG_LEVEL',
    meaning: 'the least that is logged: error, warn, info or debug',
    ...optional,
    development: 'info',
    example: 'info',
  },
  {
    name: 'DATABASE_URL',
    meaning: 'PostgreSQL 16',
    ...secret,
    kind: 'connection',
    development: 'postgres://medusa:medusa@127.0.0.1:5442/research-relay',
    example: 'postgres://medusa:PASSWORD@127.0.0.1:5432/research-relay',
  },
  {
    name: 'REDIS_URL',
    meaning:
      'Redis 7: events, workflows, locks, sessions, cache; in memory without it, outside production only',
    ...secret,
    kind: 'connection',
    development: null,
    example: 'redis://127.0.0.1:6379',
  },
  {
    name: 'REDIS_SESSIONS_PORT',
    meaning: "port of the Redis that keeps admins' sessions, else as REDIS_URL; unset: REDIS_URL's",
    ...optional,
    kind: 'port',
    development: null,
    example: '6380',
  },
  {
    name: 'REDIS_CACHE_PORT',
    meaning: "port of the Redis for counters and cache, else as REDIS_URL; unset: REDIS_URL's",
    ...optional,
    kind: 'port',
    development: null,
    example: '6381',
  },
  {
    name: 'MEDUSA_WORKER_MODE',
    meaning: 'server, worker or shared (both in one process)',
    ...text,
    development: 'shared',
    example: 'server',
  },
  {
    name: 'DISABLE_MEDUSA_ADMIN',
    meaning: 'true on a worker: no admin is served',
    ...optional,
    kind: 'boolean',
    development: 'false',
    example: 'false',
  },
  {
    name: 'JWT_SECRET',
    meaning: 'signs the tokens of admins and customers',
    ...secret,
    development: 'development-jwt-secret',
    example: 'openssl rand -hex 32',
  },
  {
    name: 'COOKIE_SECRET',
    meaning: 'signs session cookies; not the same as JWT_SECRET',
    ...secret,
    development: 'development-cookie-secret',
    example: 'openssl rand -hex 32',
  },
  {
    name: 'MEDUSA_BACKEND_URL',
    meaning: 'public address of the API and the admin',
    ...text,
    kind: 'public-url',
    development: 'http://127.0.0.1:9000',
    example: 'https://api.research-relay.com',
  },
  {
    name: 'STOREFRONT_URL',
    meaning: 'public address of the shop',
    ...text,
    kind: 'public-url',
    development: 'http://127.0.0.1:8000',
    example: 'https://research-relay.com',
  },
  {
    name: 'STORE_CORS',
    meaning: 'origins whose pages may call the store API',
    ...text,
    kind: 'list',
    development: 'http://127.0.0.1:8000,http://localhost:8000',
    example: 'https://research-relay.com',
  },
  {
    name: 'ADMIN_CORS',
    meaning: 'origins whose pages may call the admin API',
    ...text,
    kind: 'list',
    development: 'http://127.0.0.1:9000,http://localhost:9000',
    example: 'https://api.research-relay.com',
  },
  {
    name: 'AUTH_CORS',
    meaning: 'origins whose pages may sign in',
    ...text,
    kind: 'list',
    development: 'http://127.0.0.1:8000,http://127.0.0.1:9000,http://localhost:9000',
    example: 'https://research-relay.com,https://api.research-relay.com',
  },
  {
    name: 'STORE_API',
    meaning:
      'closed: only our storefront may ask the store API; open: whoever has the publishable key (docs/api.md)',
    ...optional,
    choices: ['closed', 'open'],
    development: 'closed',
    example: 'closed',
  },
  {
    name: 'TRUSTED_PROXIES',
    meaning:
      'whose X-Forwarded-For counts: a number of hops, or names and ranges as Express takes them',
    ...optional,
    development: 'loopback',
    example: 'loopback',
  },
  {
    name: 'MEDUSA_PUBLISHABLE_KEY',
    meaning: 'public key of the storefront; the seed creates it: pk_ and 64 hex digits',
    ...text,
    kind: 'publishable-key',
    development: `pk_${'0d'.repeat(32)}`,
    example: 'pk_ and openssl rand -hex 32',
  },
  {
    name: 'ADMIN_EMAIL',
    meaning: 'login of the first admin, made by the seed',
    ...optional,
    development: 'admin@research-relay.test',
    example: 'owner@research-relay.com',
  },
  {
    name: 'ADMIN_PASSWORD',
    meaning: 'password of the first admin, made by the seed',
    ...secret,
    requiredInProduction: false,
    development: 'research-relay',
    example: 'openssl rand -hex 32',
  },
  {
    name: 'BTCPAY_URL',
    meaning: 'BTCPay Server as shoppers reach it; its API is called there, too',
    ...optional,
    kind: 'public-url',
    development: 'http://127.0.0.1:14142',
    example: 'https://btcpay.research-relay.com',
  },
  {
    name: 'BTCPAY_STORE_ID',
    meaning:
      'the store at BTCPay; without it and BTCPAY_API_KEY nobody can pay, and the shop says so',
    ...optional,
    development: 'RrDevStore',
    example: '9CiNzKoANXxmk5ayZngSXrHTiVvvgCrwrpFQd4m2K776',
  },
  {
    name: 'BTCPAY_API_KEY',
    meaning: 'Greenfield API key, scoped to that store; both or none',
    ...secret,
    requiredInProduction: false,
    development: '000000000000000000000000000000000000d0de',
    example: '40 hex digits from BTCPay',
  },
  {
    name: 'BTCPAY_WEBHOOK_SECRET',
    meaning: "signs BTCPay's webhooks",
    ...secret,
    requiredInProduction: false,
    development: 'development-btcpay-webhook-secret',
    example: 'openssl rand -hex 32',
  },
  {
    name: 'BTCPAY_RECONCILE_SECONDS',
    meaning: 'how often open invoices are compared with BTCPay, in case a webhook was lost',
    unit: 'seconds',
    ...optional,
    kind: 'number',
    development: '60',
    example: '60',
  },
  {
    name: 'REVALIDATE_SECRET',
    meaning: "signs the backend's calls to the storefront's cache",
    ...secret,
    development: 'development-revalidate-secret',
    example: 'openssl rand -hex 32',
  },
  {
    name: 'S3_ENDPOINT',
    meaning: 'object storage for product files; all S3_ variables or none',
    ...optional,
    kind: 'public-url',
    development: null,
    example: 'https://s3.eu-central-003.backblazeb2.com',
  },
  {
    name: 'S3_REGION',
    meaning: 'region of the bucket',
    ...optional,
    development: null,
    example: 'eu-central-003',
  },
  {
    name: 'S3_BUCKET',
    meaning: 'the public bucket, for pictures',
    ...optional,
    development: null,
    example: 'research-relay-files',
  },
  {
    name: 'S3_PRIVATE_BUCKET',
    meaning: 'another bucket, a private one, for exports and imports',
    ...optional,
    development: null,
    example: 'research-relay-private',
  },
  {
    name: 'S3_ACCESS_KEY_ID',
    meaning: 'key that may read, list, write and delete in both buckets',
    ...optional,
    development: null,
    example: '003a1b2c3d4e5f',
  },
  {
    name: 'S3_SECRET_ACCESS_KEY',
    meaning: 'secret of that key',
    ...optional,
    secret: true,
    development: null,
    example: "from the storage's console",
  },
  {
    name: 'S3_PUBLIC_URL',
    meaning: 'where browsers fetch the files',
    ...optional,
    kind: 'public-url',
    development: null,
    example: 'https://files.research-relay.com',
  },
  {
    name: 'UPLOADS_DIR',
    meaning: 'declared volume for product files when there is no object storage',
    ...optional,
    development: 'static',
    example: '/var/lib/rr-bizops/uploads',
  },
  {
    name: 'PRIVATE_FILES_DIR',
    meaning:
      'declared volume for exports and imports when there is no object storage; outside of UPLOADS_DIR, which everybody may read',
    ...optional,
    development: 'private-files',
    example: '/var/lib/rr-bizops/private-files',
  },
  {
    name: 'SENTRY_DSN',
    meaning: 'where errors of the backend and of the host go; nothing is sent without it',
    ...optional,
    development: null,
    example: 'https://KEY@o0.ingest.de.sentry.io/0',
  },
  {
    name: 'SMTP_URL',
    meaning: 'server that takes mail; no mail is sent without it',
    ...secret,
    kind: 'connection',
    requiredInProduction: false,
    development: 'smtp://127.0.0.1:1025',
    example: 'smtps://USER:PASSWORD@smtp.example.org:465',
  },
  {
    name: 'MAIL_FROM',
    meaning: 'sender of all mail',
    ...optional,
    development: 'Research Relay <shop@research-relay.test>',
    example: 'Research Relay <shop@research-relay.com>',
  },
  {
    name: 'OWNER_EMAIL',
    meaning: 'who is told of orders and alarms',
    ...optional,
    development: 'owner@research-relay.test',
    example: 'owner@research-relay.com',
  },
] as const satisfies readonly Variable[]

type Name = (typeof schema)[number]['name']

/** The checked environment; a missing optional variable is undefined. */
export type Environment = { readonly [name in Name]?: string } & {
  readonly production: boolean
}

/** One line that names the variable and what is wrong with it, never its value. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

const S3_NAMES = schema.map(({ name }) => name).filter((name) => name.startsWith('S3_'))
/** Both come from BTCPay; the other two may be there before it is. */
const BTCPAY_OWN = ['BTCPAY_STORE_ID', 'BTCPAY_API_KEY']
const BTCPAY_NAMES = ['BTCPAY_URL', 'BTCPAY_WEBHOOK_SECRET', ...BTCPAY_OWN]
const KNOWN_WEAK = /supersecret|changeme|password|^(.)\1*$/i

function refuse(name: string, problem: string): never {
  throw new EnvironmentError(`${name} ${problem}`)
}

function checkValue(variable: Variable, value: string, production: boolean): void {
  const { name, kind, choices } = variable
  if (choices && !choices.includes(value)) refuse(name, `must be ${choices.join(' or ')}`)
  if (kind === 'number' && !/^[1-9]\d*$/.test(value)) refuse(name, 'must be a whole number above 0')
  if (kind === 'port' && !(/^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65_535)) {
    refuse(name, 'must be a port: 1 to 65535')
  }
  if (kind === 'boolean' && !/^(true|false)$/.test(value)) refuse(name, 'must be true or false')
  if (kind === 'publishable-key' && !/^pk_[0-9a-f]{64}$/.test(value)) {
    refuse(name, 'must be pk_ and 64 hex digits')
  }
  if ((kind === 'public-url' || kind === 'connection') && !URL.canParse(value)) {
    refuse(name, 'is not an address')
  }
  if (!production) return
  const addresses = kind === 'list' ? value.split(',') : [value]
  if (kind === 'public-url' || kind === 'list') {
    if (addresses.some((address) => !usesTls(address.trim())))
      refuse(name, 'must be reached by TLS (https)')
  }
  if (kind === 'connection' && !isLoopback(value) && !usesTls(value)) {
    refuse(name, 'leaves this machine without TLS')
  }
  if (!variable.secret) return
  if (value === variable.development) refuse(name, 'is the development default')
  if (kind === 'connection') return
  if (value.length < SECRET_MIN_LENGTH)
    refuse(name, `is shorter than ${SECRET_MIN_LENGTH} characters`)
  if (KNOWN_WEAK.test(value)) refuse(name, 'is a known weak secret')
}

function checkFolders(values: { [name: string]: string | undefined }, production: boolean): void {
  const names = ['UPLOADS_DIR', 'PRIVATE_FILES_DIR']
  for (const name of names) {
    if (production && !isAbsolute(values[name] ?? ''))
      refuse(name, 'must be an absolute path when there is no object storage')
  }
  const [uploads = '', kept = ''] = names.map((name) => resolve(values[name] ?? ''))
  const way = relative(uploads, kept)
  const within = way === '' || !(way === '..' || way.startsWith('../'))
  if (within)
    refuse('PRIVATE_FILES_DIR', 'must lie outside of UPLOADS_DIR, which everybody may read')
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
      checkValue(variable, given, production)
      values[variable.name] = given
    } else if (production && variable.requiredInProduction) {
      refuse(variable.name, 'is missing')
    } else if (!production || !(variable.secret || BTCPAY_NAMES.includes(variable.name))) {
      values[variable.name] = variable.development ?? undefined
    }
  }
  if (production && values.JWT_SECRET === values.COOKIE_SECRET) {
    refuse('COOKIE_SECRET', 'must differ from JWT_SECRET')
  }
  const isBtcpaySetUp = BTCPAY_OWN.some((name) => values[name])
  for (const name of BTCPAY_NAMES)
    if (isBtcpaySetUp && !values[name])
      refuse(name, `is missing: ${BTCPAY_NAMES.join(', ')}, or neither of the last two`)
  const someS3 = S3_NAMES.some((name) => values[name])
  for (const name of S3_NAMES)
    if (someS3 && !values[name]) refuse(name, 'is missing: all S3_ or none')
  if (someS3 && values.S3_PRIVATE_BUCKET === values.S3_BUCKET) {
    refuse('S3_PRIVATE_BUCKET', 'must differ from S3_BUCKET, which everybody may read')
  }
  if (!someS3) checkFolders(values, production)
  return { ...(values as { [name in Name]?: string }), production }
}

let cached: Environment | undefined

/** The process's environment, checked once. */
export function environment(): Environment {
  cached ??= readEnvironment(process.env)
  return cached
}

/** A variable that has a default in development and is required in production. */
export function required(values: Environment, name: Name): string {
  return values[name] ?? refuse(name, 'is missing')
}
