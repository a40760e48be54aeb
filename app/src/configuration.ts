import type { InputConfigWithArrayModules } from '@medusajs/framework/types'
import { exceptedPassword } from './admin-access/excepted'
import { ABSOLUTE_SECONDS, IDLE_MS, sessionCookie } from './admin-access/session'
import { type Environment, required } from './environment'
import type { GreenfieldOptions } from './modules/btcpay/greenfield'
import { btcpaySettings, NOT_SET_UP } from './modules/btcpay/settings'
import type { FilesOptions } from './modules/files/service'
import { type RedisAddresses, redisAddresses } from './redis-addresses'

type Modules = NonNullable<InputConfigWithArrayModules['modules']>
type WorkerMode = 'server' | 'worker' | 'shared'

/** Days that a failed event stays readable in Redis. */
const FAILED_EVENT_DAYS = 7

/** A store of sessions that hangs holds a request of the admin up for no longer. */
const SESSION_STORE = { commandTimeout: 2_000, maxRetriesPerRequest: 1 }

/** Medusa's configuration, made of nothing but the environment. */
export function configuration(environment: Environment): InputConfigWithArrayModules {
  const redis = redisAddresses(environment)
  return {
    projectConfig: {
      databaseUrl: required(environment, 'DATABASE_URL'),
      // Medusa keeps nothing but sessions at this address; its modules below have their own.
      ...(redis ? { redisUrl: redis.sessions, redisOptions: SESSION_STORE } : {}),
      redisPrefix: 'rr:',
      workerMode: required(environment, 'MEDUSA_WORKER_MODE') as WorkerMode,
      // Each answer prolongs the cookie, up to the absolute end that admin-access/session.ts holds.
      sessionOptions: { resave: false, saveUninitialized: false, rolling: true, ttl: IDLE_MS },
      cookieOptions: sessionCookie(environment.production),
      http: {
        storeCors: required(environment, 'STORE_CORS'),
        adminCors: required(environment, 'ADMIN_CORS'),
        authCors: required(environment, 'AUTH_CORS'),
        jwtSecret: required(environment, 'JWT_SECRET'),
        cookieSecret: required(environment, 'COOKIE_SECRET'),
        jwtExpiresIn: `${ABSOLUTE_SECONDS}s`,
      },
    },
    admin: {
      disable: environment.DISABLE_MEDUSA_ADMIN === 'true',
      path: '/app',
      // Its own origin, whatever the build's environment says: the page's policy allows no other.
      backendUrl: '/',
      storefrontUrl: required(environment, 'STOREFRONT_URL'),
    },
    modules: [
      ...payments(environment),
      signIn(environment),
      files(environment),
      { resolve: './src/modules/webhook-inbox' },
      { resolve: './src/modules/ledger' },
      { resolve: './src/modules/ledger' },
      { resolve: './src/modules/order-page' },
      { resolve: './src/modules/mail' },
      ...(redis ? onRedis(redis) : []),
    ],
  }
}

function payments(environment: Environment): Modules {
  return [
    {
      resolve: '@medusajs/medusa/payment',
      options: {
        providers: [
          {
            resolve: './src/modules/btcpay/provider',
            id: 'btcpay',
            options: {
              // Registered in any case: regions name it, and Medusa would switch it off for good.
              ...connectionOf(btcpaySettings(environment) ?? NOT_SET_UP),
              storefrontUrl: required(environment, 'STOREFRONT_URL'),
            },
          },
        ],
      },
    },
  ]
}

/** Without the webhook's secret, which the provider has no use for. */
function connectionOf({ url, storeId, apiKey }: GreenfieldOptions): GreenfieldOptions {
  return { url, storeId, apiKey }
}

/** Sign-in by e-mail and password, stricter than Medusa's own. */
function signIn(environment: Environment): Modules[number] {
  return {
    resolve: '@medusajs/medusa/auth',
    options: {
      providers: [
        {
          resolve: './src/admin-access/provider',
          id: 'emailpass',
          options: { except: exceptedPassword(environment) },
        },
      ],
    },
  }
}

/** Files: object storage, or two declared volumes, of which backups cover the public one. */
function files(environment: Environment): Modules[number] {
  const api = required(environment, 'MEDUSA_BACKEND_URL')
  const storage: FilesOptions['storage'] = environment.S3_BUCKET
    ? {
        kind: 'buckets',
        publicUrl: required(environment, 'S3_PUBLIC_URL'),
        endpoint: required(environment, 'S3_ENDPOINT'),
        region: required(environment, 'S3_REGION'),
        bucket: environment.S3_BUCKET,
        privateBucket: required(environment, 'S3_PRIVATE_BUCKET'),
        accessKeyId: required(environment, 'S3_ACCESS_KEY_ID'),
        secretAccessKey: required(environment, 'S3_SECRET_ACCESS_KEY'),
      }
    : {
        kind: 'folders',
        publicFolder: required(environment, 'UPLOADS_DIR'),
        publicUrl: `${api}/static`,
        privateFolder: required(environment, 'PRIVATE_FILES_DIR'),
      }
  const options: FilesOptions = { downloadUrl: `${api}/admin/private-files`, storage }
  return {
    resolve: '@medusajs/medusa/file',
    options: {
      providers: [{ resolve: './src/modules/files', id: 'shop', options: { ...options } }],
    },
  }
}

/** What several processes must share: events, workflows, locks and cache. */
function onRedis({ queue: redisUrl, cache }: RedisAddresses): Modules {
  return [
    {
      resolve: '@medusajs/medusa/event-bus-redis',
      options: {
        redisUrl,
        jobOptions: {
          attempts: 5,
          backoff: { type: 'exponential', delay: 1000 },
          removeOnComplete: true,
          removeOnFail: { age: FAILED_EVENT_DAYS * 86_400 },
        },
      },
    },
    { resolve: '@medusajs/medusa/workflow-engine-redis', options: { redis: { redisUrl } } },
    {
      resolve: '@medusajs/medusa/locking',
      options: {
        providers: [
          {
            resolve: '@medusajs/medusa/locking-redis',
            id: 'locking-redis',
            is_default: true,
            options: { redisUrl },
          },
        ],
      },
    },
    {
      resolve: '@medusajs/medusa/caching',
      options: {
        providers: [
          {
            resolve: '@medusajs/caching-redis',
            id: 'caching-redis',
            is_default: true,
            options: { redisUrl: cache },
          },
        ],
      },
    },
  ]
}
