import { appendFileSync, chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { takeFolder } from '../shop/lease.ts'
import { ROOT } from '../shop/settings.ts'
import { answers } from '../shop/steps.ts'
import { Supervisor } from '../shop/supervisor.ts'
import { API, BTCPAY, PORTS } from './addresses.ts'
import { appEnvironment } from './app-host.ts'

/** Folders of the machines, their logs, and the load balancer's. */
export const FOLDER = join(ROOT, '.data/growth')
const LOGS = join(FOLDER, 'logs')

/** An empty stage with a supervisor that leaves no process behind. */
export async function openStage(): Promise<Supervisor> {
  const note = await takeFolder(FOLDER)
  for (const name of ['postgresql-', 'redis-']) {
    for (const last of [1, 2]) {
      rmSync(join(FOLDER, `${name}127.0.0.${last}`), { recursive: true, force: true })
    }
  }
  for (const name of ['btcpay', 'logs', 'maintenance', 'uploads-a', 'uploads-b']) {
    rmSync(join(FOLDER, name), { recursive: true, force: true })
  }
  mkdirSync(LOGS, { recursive: true })
  // PostgreSQL may run as another user.
  chmodSync(FOLDER, 0o755)
  return new Supervisor({
    line: (name, line) => appendFileSync(join(LOGS, `${name}.log`), `${line}\n`),
    lost: (name, how) => console.error(`${name} ended by itself (${how}): see ${LOGS}`),
    changed: note,
  })
}

/** Starts BTCPay's stand-in anew, with its webhooks going to `base`. */
export async function startBtcpay(supervisor: Supervisor, base: string = API): Promise<void> {
  const env = appEnvironment('127.0.0.1')
  await supervisor.end('btcpay')
  supervisor.start({
    name: 'btcpay',
    command: ['node', 'dev/btcpay/main.ts'],
    cwd: ROOT,
    env: {
      ...env,
      BTCPAY_STANDIN_PORT: String(PORTS.btcpay),
      BTCPAY_STANDIN_DATA: join(FOLDER, 'btcpay'),
      BTCPAY_STANDIN_STORE_ID: env.BTCPAY_STORE_ID,
      BTCPAY_STANDIN_API_KEY: env.BTCPAY_API_KEY,
      BTCPAY_STANDIN_WEBHOOK_URL: `${base}/hooks/btcpay`,
      BTCPAY_STANDIN_WEBHOOK_SECRET: env.BTCPAY_WEBHOOK_SECRET,
    },
  })
  await answers(`${BTCPAY}/api/v1/health`, 30, () => supervisor.has('btcpay'))
}
