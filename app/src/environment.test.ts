import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configuration } from './configuration'
import { EnvironmentError, readEnvironment, schema } from './environment'
import { environmentExample } from './environment-example'
import { btcpaySettings } from './modules/btcpay/settings'

const strong = (seed: string) => seed.repeat(32).slice(0, 64)
const production = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://medusa:pw@127.0.0.1:5432/research-relay',
  REDIS_URL: 'redis://127.0.0.1:6379',
  MEDUSA_WORKER_MODE: 'server',
  JWT_SECRET: strong('a1'),
  COOKIE_SECRET: strong('b2'),
  MEDUSA_BACKEND_URL: 'https://api.research-relay.com',
  STOREFRONT_URL: 'https://research-relay.com',
  STORE_CORS: 'https://research-relay.com',
  ADMIN_CORS: 'https://api.research-relay.com',
  AUTH_CORS: 'https://research-relay.com,https://api.research-relay.com',
  MEDUSA_PUBLISHABLE_KEY: `pk_${strong('c3')}`,
  BTCPAY_URL: 'https://btcpay.research-relay.com',
  BTCPAY_STORE_ID: 'store',
  BTCPAY_API_KEY: strong('d4'),
  BTCPAY_WEBHOOK_SECRET: strong('e5'),
  REVALIDATE_SECRET: strong('f6'),
  UPLOADS_DIR: '/var/lib/rr-bizops/uploads',
  PRIVATE_FILES_DIR: '/var/lib/rr-bizops/private-files',
}

function refusal(changes: Record<string, string | undefined>): string {
  try {
    readEnvironment({ ...production, ...changes })
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message
    throw error
  }
  return 'accepted'
}

describe('the environment in production', () => {
  it('is taken when it is complete and strong', () => {
    expect(refusal({})).toBe('accepted')
  })

  it.each(schema.filter((variable) => variable.requiredInProduction).map(({ name }) => name))(
    'is refused without %s',
    (name) => {
      expect(refusal({ [name]: undefined })).toBe(`${name} is missing`)
      expect(refusal({ [name]: '' })).toBe(`${name} is missing`)
    },
  )

  it.each([
    ['JWT_SECRET', 'supersecret'],
    ['JWT_SECRET', 'supersecretsupersecretsupersecretsupersecret'],
    ['COOKIE_SECRET', 'a'.repeat(64)],
    ['COOKIE_SECRET', 'tiny-one'],
    ['BTCPAY_WEBHOOK_SECRET', 'development-btcpay-webhook-secret'],
    ['BTCPAY_API_KEY', '000000000000000000000000000000000000d0de'],
    ['MEDUSA_BACKEND_URL', 'http://api.research-relay.com'],
    ['STOREFRONT_URL', 'http://127.0.0.1:8000'],
    ['STORE_CORS', 'https://research-relay.com,http://research-relay.com'],
    ['BTCPAY_URL', 'http://btcpay.research-relay.com'],
    ['DATABASE_URL', 'postgres://medusa:pw@10.0.0.2:5432/research-relay'],
    ['REDIS_URL', 'redis://10.0.0.2:6379'],
    ['MEDUSA_PUBLISHABLE_KEY', 'pk_tiny'],
    ['BTCPAY_RECONCILE_SECONDS', '-3.5'],
    ['UPLOADS_DIR', 'static'],
    ['PRIVATE_FILES_DIR', 'private-files'],
    ['PRIVATE_FILES_DIR', '/var/lib/rr-bizops/uploads'],
    ['PRIVATE_FILES_DIR', '/var/lib/rr-bizops/uploads/private'],
  ])('is refused with a bad %s, in one line, without its value', (name, value) => {
    const message = refusal({ [name]: value })
    expect(message).toMatch(new RegExp(`^${name} `))
    expect(message).not.toContain('\n')
    expect(message).not.toContain(value)
  })

  it('is taken without BTCPay, whose development values are not taken for it', () => {
    const without = { ...production, BTCPAY_STORE_ID: '', BTCPAY_API_KEY: undefined }
    const values = readEnvironment(without)
    expect([values.BTCPAY_STORE_ID, values.BTCPAY_API_KEY]).toEqual([undefined, undefined])
    expect(values.BTCPAY_URL).toBe(production.BTCPAY_URL)
    expect(btcpaySettings(values)).toBeUndefined()
    const none = readEnvironment({ ...without, BTCPAY_URL: '', BTCPAY_WEBHOOK_SECRET: '' })
    expect(none.BTCPAY_URL).toBeUndefined()
    expect(() => configuration(none)).not.toThrow()
    expect(btcpaySettings(readEnvironment(production))).toMatchObject({ storeId: 'store' })
  })

  it.each(['BTCPAY_URL', 'BTCPAY_WEBHOOK_SECRET', 'BTCPAY_STORE_ID', 'BTCPAY_API_KEY'])(
    'is refused when BTCPay is set but for %s, which is named',
    (name) => {
      expect(refusal({ [name]: '' })).toMatch(new RegExp(`^${name} is missing: BTCPAY_URL, `))
    },
  )

  it('is refused when one secret serves twice', () => {
    expect(refusal({ COOKIE_SECRET: production.JWT_SECRET })).toBe(
      'COOKIE_SECRET must differ from JWT_SECRET',
    )
  })

  it('is refused with half of an object storage', () => {
    expect(refusal({ S3_BUCKET: 'files' })).toMatch(/^S3_ENDPOINT is missing/)
  })

  it('is refused with one bucket for public and private files', () => {
    const storage = {
      S3_ENDPOINT: 'https://s3.example',
      S3_REGION: 'eu',
      S3_BUCKET: 'files',
      S3_PRIVATE_BUCKET: 'private',
      S3_ACCESS_KEY_ID: 'key',
      S3_SECRET_ACCESS_KEY: strong('a7'),
      S3_PUBLIC_URL: 'https://files.example',
    }
    expect(refusal(storage)).toBe('accepted')
    expect(refusal({ ...storage, S3_PRIVATE_BUCKET: 'files' })).toMatch(/^S3_PRIVATE_BUCKET must/)
    expect(refusal({ ...storage, S3_PRIVATE_BUCKET: '' })).toMatch(/^S3_PRIVATE_BUCKET is missing/)
  })

  it('takes a database elsewhere by TLS', () => {
    expect(
      refusal({ DATABASE_URL: 'postgres://medusa:pw@db.example/rr?sslmode=verify-full' }),
    ).toBe('accepted')
  })
})

describe('the environment in development', () => {
  it('needs nothing', () => {
    expect(readEnvironment({}).DATABASE_URL).toMatch(/^postgres:/)
  })

  it('is written down in .env.example', () => {
    const written = readFileSync(join(__dirname, '../../.env.example'), 'utf8')
    expect(written, 'run: npm run env:example -w app').toBe(environmentExample())
  })
})
