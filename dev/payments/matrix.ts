// npm run payments -- --matrix: payments of several kinds, under faults of BTCPay and of its deliveries, while
// the server or the worker of a whole shop is killed at a chosen moment. Writes docs/payments-matrix.md, and ends
// with 1 unless every payment is one order or shown, and nobody is left untold.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ModulesSdkUtils } from '@medusajs/framework/utils'
import type { Misbehaviour } from '../btcpay/faults.ts'
import { build } from '../shop/build.ts'
import { ROOT, shopEnvironment, TEST, type Variables } from '../shop/settings.ts'
import { buildTelemetry, type Shop } from '../shop/start.ts'
import { answers, step } from '../shop/steps.ts'
import { withTestShop } from '../shop/test-shop.ts'
import { whatIsWrong } from './reckoning.ts'
import { type Place, Trap } from './trap.ts'

const SEED = Number(process.env.RR_PAYMENTS_SEED ?? 1)
const LONGEST_WAIT_TO_BE_CAUGHT_MS = 8_000
/** Medusa's own lock on a cart whose completion was killed lasts for two minutes. */
const HEALED_WITHIN_MS = 240_000
const MAILED_WITHIN_MS = 90_000

type Process = 'medusa-server' | 'medusa-worker'
interface Moment {
  name: string
  process: Process
  place: Place
  /** Which of a payment's names the trap tells. */
  by: 'invoice' | 'session' | 'cart' | 'email'
}
const MOMENTS: Moment[] = [
  {
    name: 'server, as it stores the delivery',
    process: 'medusa-server',
    place: { when: 'INSERT', table: 'webhook_delivery', column: 'invoice_id' },
    by: 'invoice',
  },
  {
    name: 'worker, as it writes down what BTCPay said',
    process: 'medusa-worker',
    place: { when: 'UPDATE', table: 'btcpay_invoice', column: 'session_id' },
    by: 'session',
  },
  {
    name: 'worker, between order and cart',
    process: 'medusa-worker',
    place: { when: 'INSERT', table: 'order_cart', column: 'cart_id' },
    by: 'cart',
  },
  {
    name: 'worker, between order and payment',
    process: 'medusa-worker',
    place: { when: 'INSERT', table: 'payment', column: 'payment_session_id' },
    by: 'session',
  },
  {
    name: 'worker, before the mail',
    process: 'medusa-worker',
    place: { when: 'INSERT', table: 'mail_message', column: 'recipient' },
    by: 'email',
  },
]

const FAULTS: { name: string; plan: Partial<Misbehaviour> }[] = [
  { name: 'lost', plan: { deliveries: { lose: 1 } } },
  { name: 'doubled', plan: { deliveries: { double: 1 } } },
  {
    name: 'out of order, forged before',
    plan: { deliveries: { reorder: 0.5, forge: 0.5 } },
  },
  {
    name: 'late; BTCPay fails now and then',
    plan: {
      deliveries: { delay: 0.7 },
      answers: { error: 0.2, truncate: 0.2, 'rate-limit': 0.1, away: 0.1 },
      delay_ms: 300,
    },
  },
]

interface Kind {
  name: string
  /** What happens at BTCPay: controls of the stand-in, one after the other. */
  acts: [action: string, body?: object][]
  expected: string
}
const KINDS: Kind[] = [
  { name: 'Lightning', acts: [['pay']], expected: 'order' },
  {
    name: 'on chain, then confirmed',
    acts: [['pay', { method: 'onchain' }], ['confirm']],
    expected: 'order',
  },
  { name: '5.00 too much', acts: [['pay', { more: 5 }]], expected: 'order, surplus' },
  { name: 'half, then expired', acts: [['pay-part'], ['expire']], expected: 'review, partial' },
]

interface Payment {
  kind: Kind
  fault: string
  moment: string
  wasCaught: boolean
  email: string
  cart: string
  invoice: string
  session: string
}
interface Row {
  session_id: string
  outcome: string
  reason: string | null
  received: string
  for_order: string
  owed: string
  refunded: string
}

async function play(shop: Shop, env: Variables): Promise<boolean> {
  Object.assign(process.env, env)
  const { payable, product } = await import('../integration/own-product.ts')
  const databaseUrl = String(env.DATABASE_URL)
  const connection = ModulesSdkUtils.createPgConnection({ clientUrl: databaseUrl })
  const { variant, item } = await product(1_000)

  const toStandIn = async (path: string, body: object = {}): Promise<Record<string, unknown>> => {
    const response = await fetch(`${env.RR_BTCPAY_URL}/standin/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }

  const sessionOf = async (invoice: string): Promise<string> => {
    const { rows } = await connection.raw<{ rows: { session_id: string }[] }>(
      'SELECT session_id FROM btcpay_invoice WHERE invoice_id = ?',
      [invoice],
    )
    return rows[0]?.session_id ?? ''
  }

  const act = async ({ kind, invoice }: Payment): Promise<void> => {
    for (const [action, body = {}] of kind.acts) {
      const { more, ...rest } = body as { more?: number }
      const { amount } = await toStandIn(`invoices/${invoice}`)
      const pays = more ? { amount: (Number(amount) + more).toFixed(2) } : {}
      await toStandIn(`invoices/${invoice}/${action}`, { ...rest, ...pays })
    }
  }

  const restart = async (name: Process): Promise<void> => {
    const definition = shop.processes.find((each) => each.name === name)
    if (!definition) throw new Error(`there is no ${name}`)
    shop.supervisor.start(definition)
    await answers(definition.ready, 180, () => shop.supervisor.has(name))
  }

  let shoppers = 0
  /** Payments of all kinds that are under way when a process is killed. */
  const cycle = async (moment: Moment, fault: (typeof FAULTS)[number]): Promise<Payment[]> => {
    const payments: Payment[] = []
    for (const kind of KINDS) {
      const email = `shopper-${++shoppers}@example.org`
      const made = await payable(variant, 1, email)
      payments.push({
        kind,
        fault: fault.name,
        moment: moment.name,
        wasCaught: false,
        email,
        cart: made.cartId,
        invoice: made.invoiceId,
        session: await sessionOf(made.invoiceId),
      })
    }
    const trap = await Trap.set(databaseUrl, moment.place)
    await toStandIn('faults', { seed: SEED + shoppers, ...fault.plan })
    await Promise.all(payments.map(act))
    const until = Date.now() + LONGEST_WAIT_TO_BE_CAUGHT_MS
    const names = payments.map((payment) => payment[moment.by])
    let caught: string[] = []
    while (caught.length < payments.length && Date.now() < until) {
      caught = await trap.caught(names)
      await delay(50)
    }
    await shop.supervisor.end(moment.process, 'SIGKILL')
    await trap.open()
    await toStandIn('faults')
    await restart(moment.process)
    return payments.map((payment) => ({
      ...payment,
      wasCaught: caught.includes(payment[moment.by]),
    }))
  }

  const began = Date.now()
  const payments: Payment[] = []
  for (const moment of MOMENTS)
    for (const fault of FAULTS)
      payments.push(
        ...(await step(`killed: ${moment.name}; deliveries: ${fault.name}`, () =>
          cycle(moment, fault),
        )),
      )

  const read = async (): Promise<Row[]> => {
    const sum = (account: string) =>
      `coalesce((SELECT sum(amount) FROM btcpay_entry e WHERE e.session_id = i.session_id AND e.account = '${account}'), 0) AS ${account}`
    const { rows } = await connection.raw<{ rows: Row[] }>(
      `SELECT i.session_id, i.outcome, i.reason, ${['received', 'for_order', 'owed', 'refunded'].map(sum).join(', ')}
       FROM btcpay_invoice i WHERE i.session_id = ANY(?)`,
      [payments.map(({ session }) => session)],
    )
    return rows
  }
  const rows = await step('what is left is mended', async () => {
    const until = Date.now() + HEALED_WITHIN_MS
    let all = await read()
    while (all.some(({ outcome }) => outcome === 'open') && Date.now() < until) {
      await delay(1_000)
      all = await read()
    }
    return all
  })
  const bought = {
    emails: payments.map(({ email }) => email),
    carts: payments.map(({ cart }) => cart),
    items: [item],
  }
  const wrong = await step('all is compared', () =>
    whatIsWrong(connection, bought, MAILED_WITHIN_MS),
  )
  const atBtcpay = new Map<string, string>()
  for (const { invoice } of payments)
    atBtcpay.set(invoice, String((await toStandIn(`invoices/${invoice}`)).paidAmount))
  await connection.destroy()

  const lines = payments.map((payment) => {
    const row = rows.find(({ session_id }) => session_id === payment.session)
    const paid = atBtcpay.get(payment.invoice) ?? ''
    const outcome = [row?.outcome, row?.reason].filter(Boolean).join(', ')
    if (outcome !== payment.kind.expected) wrong.push(`${payment.session}: ${outcome}`)
    if (Number(row?.received) !== Number(paid))
      wrong.push(`${payment.session}: ${paid} is not there`)
    const money = (value: string | undefined) => Number(value ?? Number.NaN).toFixed(2)
    return `| ${payment.kind.name} | ${payment.fault} | ${payment.moment}${payment.wasCaught ? '' : ' (was elsewhere)'} | ${outcome} | ${money(paid)} | ${money(row?.for_order)} | ${money(row?.owed)} |`
  })
  const total = (of: (row: Row) => string) =>
    rows.reduce((sum, row) => sum + Number(of(row)), 0).toFixed(2)
  const paid = [...atBtcpay.values()].reduce((sum, value) => sum + Number(value), 0).toFixed(2)
  const caught = payments.filter(({ wasCaught }) => wasCaught).length
  const sums = `${payments.length} payments, ${caught} of them held in just that moment: ${paid} EUR came in, ${total(({ for_order }) => for_order)} are for orders, ${total(({ owed }) => owed)} are shown for refund, ${total(({ refunded }) => refunded)} were sent back. Lost, doubled or silent: ${wrong.length}.`
  writeFileSync(
    join(ROOT, 'docs/payments-matrix.md'),
    `# Payments, faults and kills

What \`npm run payments -- --matrix\` saw on ${new Date().toISOString().slice(0, 10)} (${cpus().length} cores, seed ${SEED}, ${Math.round((Date.now() - began) / 60_000)} minutes): a whole shop, built, with server, worker and storefront; the process is killed by SIGKILL when a payment is about to write the row that the moment names, and started again. "Was elsewhere": the payment does not come by that moment, or another process had done that work.

${sums}

| payment | deliveries | SIGKILL of | became | came in | for the order | owed |
| --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`,
  )
  console.log(sums)
  for (const each of wrong) console.log(`! ${each}`)
  return wrong.length === 0
}

if (!process.env.NO_BUILD) {
  await buildTelemetry()
  await build(shopEnvironment(TEST, true))
}
process.exit((await withTestShop(play)) ? 0 : 1)
