import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import Redis from 'ioredis'
import { environment, required } from '../../environment'
import { btcpayAnswers } from './btcpay-probe'
import { type Check, check, overall } from './checks'
import { neededMigrations } from './migrations'

let redis: Redis | undefined

function redisAnswers(): Promise<Check> {
  const url = environment().REDIS_URL
  if (!url) return Promise.resolve({ ok: true, ms: 0, skipped: true })
  // One connection for all probes; the check's own time limit bounds a Redis that is away.
  redis ??= new Redis(url, { maxRetriesPerRequest: 1 }).on('error', () => undefined)
  const connection = redis
  return check(async () => (await connection.ping()) === 'PONG')
}

/**
 * GET /ready: may this process take traffic?
 * 200 ready or degraded (BTCPay does not answer), 503 failed. Says which build runs.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const connection = req.scope.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const [postgresql, migrations, redisCheck, btcpay] = await Promise.all([
    check(async () => (await connection.raw('select 1')).rows.length === 1),
    check(async () => {
      const needed = neededMigrations()
      const rows = await connection('mikro_orm_migrations').whereIn('name', needed).select('name')
      return rows.length === needed.length
    }),
    redisAnswers(),
    check(() => btcpayAnswers(required(environment(), 'BTCPAY_URL'))),
  ])
  const checks = { postgresql, redis: redisCheck, migrations, btcpay }
  const status = overall(checks)
  res.setHeader('cache-control', 'no-store')
  res
    .status(status === 'failed' ? 503 : 200)
    .json({ status, build: environment().GIT_SHA ?? 'unknown', checks })
}
