import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startControl } from './control.ts'
import { findProgram } from './machine.ts'
import { ADMIN, ROOT, shopEnvironment, TEST, type Variables } from './settings.ts'
import { type Shop, startShop } from './start.ts'
import type { Supervisor } from './supervisor.ts'

const LOGS = join(ROOT, '.data/test/logs')

/**
 * Runs work beside a whole built shop of its own, which ends with it.
 * @param work gets the shop, and the variables by which `dev/integration` finds it
 */
export async function withTestShop<Result>(
  work: (shop: Shop, env: Variables) => Promise<Result>,
): Promise<Result> {
  mkdirSync(LOGS, { recursive: true })
  let supervisor: Supervisor | undefined
  try {
    const shop = await startShop(TEST, {
      reset: true,
      began: (begun) => {
        supervisor = begun
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.once(signal, () => void begun.endAll().then(() => process.exit(1)))
        }
      },
      line: (name, line) => appendFileSync(join(LOGS, `${name}.log`), `${line}\n`),
      lost: (name, how) => console.error(`${name} ended by itself (${how}): see ${LOGS}`),
    })
    const address = (port: number) => `http://127.0.0.1:${port}`
    const env = shopEnvironment(TEST, shop.redis)
    return await work(shop, {
      ...env,
      RR_API_URL: address(TEST.ports.server),
      RR_STOREFRONT_URL: address(TEST.ports.storefront),
      RR_BTCPAY_URL: address(TEST.ports.btcpay),
      RR_CONTROL_URL: await startControl(shop),
      RR_PUBLISHABLE_KEY: env.MEDUSA_PUBLISHABLE_KEY,
      RR_ADMIN_EMAIL: ADMIN.email,
      RR_ADMIN_PASSWORD: ADMIN.password,
      RR_REVALIDATE_SECRET: env.REVALIDATE_SECRET,
      RR_CHROMIUM: findProgram('chromium', 'chromium-browser', 'google-chrome'),
    })
  } finally {
    await supervisor?.endAll()
  }
}
