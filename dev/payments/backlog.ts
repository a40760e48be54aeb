// npm run payments -- --backlog [--runs N]: BTCPay is away for two hours, meanwhile N invoices are paid and all webhooks
// are lost; then BTCPay is there again, and one run of reconciliation has to make the orders. Prints the run's
// time and memory; ends with 1 unless every payment is exactly one order.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModulesSdkUtils } from '@medusajs/framework/utils'
import { build } from '../shop/build.ts'
import { ROOT, shopEnvironment, TEST, type Variables } from '../shop/settings.ts'
import { buildTelemetry, type Shop } from '../shop/start.ts'
import { run, step } from '../shop/steps.ts'
import { withTestShop } from '../shop/test-shop.ts'
import { whatIsWrong } from './reckoning.ts'

const INVOICES = Number(process.env.RR_PAYMENTS_BACKLOG ?? 500)
const AT_A_TIME = 10
const BUILT = join(ROOT, 'app/.medusa/server')
/** The reconciliation of a process of its own, as a worker runs it; says what it took. */
const RUN = `
const { reconcile } = require(${JSON.stringify(join(BUILT, 'src/workflows/btcpay/reconcile.js'))})
exports.default = async ({ container }) => {
  const before = process.memoryUsage.rss()
  const began = Date.now()
  const done = await reconcile(container)
  const seconds = (Date.now() - began) / 1000
  console.log('MEASURED ' + JSON.stringify({ done, seconds, before, most: process.resourceUsage().maxRSS * 1024 }))
}
`

interface Measured {
  done: { asked: number; settled: number; failed: number }
  seconds: number
  before: number
  most: number
}

async function measure(env: Variables): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'rr-backlog-'))
  const script = join(folder, 'run.js')
  writeFileSync(script, RUN)
  try {
    const said = await run(['medusa', 'exec', script], { cwd: BUILT, env })
    const line = /MEASURED (.*)$/m.exec(said)?.[1]
    if (!line) throw new Error(`the run said nothing:\n${said.slice(-2_000)}`)
    return JSON.parse(line) as Measured
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function play(shop: Shop, env: Variables): Promise<boolean> {
  Object.assign(process.env, env)
  const { payable, product } = await import('../integration/own-product.ts')
  const connection = ModulesSdkUtils.createPgConnection({ clientUrl: String(env.DATABASE_URL) })
  const { variant, item } = await product(2 * INVOICES)
  const toStandIn = async (path: string, body: object = {}): Promise<void> => {
    const response = await fetch(`${env.RR_BTCPAY_URL}/standin/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }

  const carts: { cartId: string; invoiceId: string; email: string }[] = []
  await step(`${INVOICES} invoices`, async () => {
    while (carts.length < INVOICES)
      carts.push(
        ...(await Promise.all(
          Array.from({ length: AT_A_TIME }, async (_, n) => {
            const email = `shopper-${carts.length + n}@example.org`
            return { ...(await payable(variant, 1, email)), email }
          }),
        )),
      )
  })
  await step('BTCPay is away, and all are paid', async () => {
    await toStandIn('faults', { answers: { away: 1 }, deliveries: { lose: 1 } })
    for (const { invoiceId } of carts) await toStandIn(`invoices/${invoiceId}/pay`)
    // The worker has tried in vain, and two hours go by.
    await shop.supervisor.end('medusa-worker')
    await connection.raw(
      `UPDATE btcpay_invoice SET next_ask_at = least(next_ask_at, now()) - interval '2 hours',
         asked_at = asked_at - interval '2 hours', created_at = created_at - interval '2 hours'`,
    )
  })
  const away = await step('a run while it is away', () => measure(env))
  console.log(
    `  ${away.done.asked} asked in ${away.seconds.toFixed(1)} s, and the run ends: BTCPay is away`,
  )
  await toStandIn('faults')
  const { done, seconds, before, most } = await step('a run when it is back', () => measure(env))
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
  console.log(
    `one run asked ${done.asked}, settled ${done.settled}, ${done.failed} failed, in ${seconds.toFixed(1)} s (${(done.settled / seconds).toFixed(1)} a second); memory ${mib(before)} before, ${mib(most)} at its peak`,
  )
  const worker = shop.processes.find(({ name }) => name === 'medusa-worker')
  if (worker) shop.supervisor.start(worker)
  const wrong = await step('all is compared', () =>
    whatIsWrong(
      connection,
      {
        emails: carts.map(({ email }) => email),
        carts: carts.map(({ cartId }) => cartId),
        items: [item],
      },
      120_000,
    ),
  )
  await connection.destroy()
  for (const each of wrong.slice(0, 20)) console.log(`! ${each}`)
  return wrong.length === 0 && done.settled === INVOICES
}

if (!process.env.NO_BUILD) {
  await buildTelemetry()
  await build(shopEnvironment(TEST, true))
}
process.exit((await withTestShop(play)) ? 0 : 1)
