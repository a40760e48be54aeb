import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { environment } from '../../environment'
import { btcpaySettings } from '../../modules/btcpay/settings'
import { btcpayAnswers } from './btcpay-probe'
import { BTCPAY_NOT_SET_UP, check, overall } from './checks'
import { neededMigrations } from './migrations'
import { probeRedis } from './redis-probe'

/**
 * GET /ready: may this process take traffic?
 * 200 ready or degraded (BTCPay does not answer, or a Redis takes no writes), 503 failed. Says which build
 * runs, and names each check.
 */
export async function GET(req: MedusaRequest, res: MedusaResponse): Promise<void> {
  const settings = btcpaySettings()
  const connection = req.scope.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const [postgresql, migrations, redis, btcpay] = await Promise.all([
    check(async () => (await connection.raw('select 1')).rows.length === 1),
    check(async () => {
      const needed = neededMigrations()
      const rows = await connection('mikro_orm_migrations').whereIn('name', needed).select('name')
      return rows.length === needed.length
    }),
    probeRedis(),
    settings ? check(() => btcpayAnswers(settings.url)) : BTCPAY_NOT_SET_UP,
  ])
  const checks = { postgresql, ...redis, migrations, btcpay }
  const status = overall(checks)
  res.setHeader('cache-control', 'no-store')
  res
    .status(status === 'failed' ? 503 : 200)
    .json({ status, build: environment().GIT_SHA ?? 'unknown', checks })
}
