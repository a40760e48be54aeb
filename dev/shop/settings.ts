import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import ports from './ports.json' with { type: 'json' }

/** Root of the repository. */
export const ROOT = join(import.meta.dirname, '../..')

/** Variables of a process. */
export type Variables = Record<string, string | undefined>

/** Where one local shop listens (all on 127.0.0.1) and keeps its data. */
export interface Settings {
  nodeEnvironment: 'development' | 'test'
  /** Built artefacts, as the images carry them, instead of sources that reload. */
  built: boolean
  data: string
  ports: Record<
    'postgresql' | 'redis' | 'server' | 'worker' | 'storefront' | 'btcpay' | 'smtp' | 'mail',
    number
  > & {
    /** Redis servers of their own for sessions and cache, as on the host; else the one has all. */
    redisSessions?: number
    redisCache?: number
  }
  /** Values of the developer's own, above ours; the file may be missing. */
  envFile?: string
  /** How often open invoices are compared with BTCPay. */
  reconcileSeconds: number
  revalidateSecret: string
}

/** The shop of `npm run dev`. */
export const DEVELOPMENT: Settings = {
  nodeEnvironment: 'development',
  built: false,
  data: join(ROOT, '.data/dev'),
  ports,
  envFile: join(ROOT, '.env'),
  reconcileSeconds: 60,
  revalidateSecret: 'development-revalidate-secret',
}

/** The shop of `npm test`: its own ports and data, so that both can run at once. */
export const TEST: Settings = {
  nodeEnvironment: 'test',
  built: true,
  data: join(ROOT, '.data/test'),
  ports: {
    postgresql: 15442,
    redis: 16389,
    redisSessions: 16390,
    redisCache: 16391,
    server: 19000,
    worker: 19001,
    storefront: 18000,
    btcpay: 24142,
    smtp: 11025,
    mail: 18025,
  },
  reconcileSeconds: 5,
  // The built storefront runs as in production, which refuses the development default.
  revalidateSecret: 'a-secret-of-the-tests-and-of-nothing-else',
}

/** The first admin that the seed makes. */
export const ADMIN = { email: 'admin@research-relay.test', password: 'research-relay' }

/** Who is told of new orders. */
export const OWNER = 'owner@research-relay.test'

/**
 * Every variable of the shop's processes: the machine's environment below, the shop's own above.
 * @param redis whether a Redis server runs; without one a single Medusa process does all work
 */
export function shopEnvironment(settings: Settings, redis: boolean): Variables {
  const { ports } = settings
  const storefront = `http://127.0.0.1:${ports.storefront}`
  const api = `http://127.0.0.1:${ports.server}`
  const publishableKey = `pk_${'0d'.repeat(32)}`
  return {
    ...process.env,
    NODE_ENV: settings.nodeEnvironment,
    SHOP_DATA: settings.data,
    DATABASE_URL: `postgres://medusa:medusa@127.0.0.1:${ports.postgresql}/research-relay`,
    REDIS_URL: redis ? `redis://127.0.0.1:${ports.redis}` : undefined,
    REDIS_SESSIONS_PORT: redis ? ports.redisSessions?.toString() : undefined,
    REDIS_CACHE_PORT: redis ? ports.redisCache?.toString() : undefined,
    SERVER_MODE: redis ? 'server' : 'shared',
    SERVER_PORT: String(ports.server),
    WORKER_PORT: String(ports.worker),
    STOREFRONT_PORT: String(ports.storefront),
    BTCPAY_PORT: String(ports.btcpay),
    MAIL_SMTP_PORT: String(ports.smtp),
    MAIL_WEB_PORT: String(ports.mail),
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    MAIL_FROM: 'Research Relay <shop@research-relay.test>',
    OWNER_EMAIL: OWNER,
    MEDUSA_BACKEND_URL: api,
    STOREFRONT_URL: storefront,
    STORE_CORS: origins(ports.storefront),
    ADMIN_CORS: origins(ports.server),
    AUTH_CORS: `${origins(ports.storefront)},${origins(ports.server)}`,
    MEDUSA_PUBLISHABLE_KEY: publishableKey,
    NEXT_PUBLIC_MEDUSA_BACKEND_URL: api,
    NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: publishableKey,
    REVALIDATE_SECRET: settings.revalidateSecret,
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    BTCPAY_URL: `http://127.0.0.1:${ports.btcpay}`,
    BTCPAY_STORE_ID: 'RrDevStore',
    BTCPAY_API_KEY: '000000000000000000000000000000000000d0de',
    BTCPAY_WEBHOOK_SECRET: 'development-btcpay-webhook-secret',
    BTCPAY_RECONCILE_SECONDS: String(settings.reconcileSeconds),
    MEDUSA_DISABLE_TELEMETRY: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
    ...own(settings.envFile),
  }
}

function own(file: string | undefined): Variables {
  return file && existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
}

function origins(port: number): string {
  return `http://127.0.0.1:${port},http://localhost:${port}`
}
