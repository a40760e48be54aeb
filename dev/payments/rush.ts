// npm run payments:rush [-- SHOPPERS]: so many shoppers pay in one moment, through two servers and a worker;
// then in turn, ten at a time. Says how many orders there are, and how long each took. Ends with 1 unless every
// payment is exactly one order.
import { setTimeout as delay } from 'node:timers/promises'
import { build } from '../shop/build.ts'
import { shopEnvironment, TEST, type Variables } from '../shop/settings.ts'
import { buildTelemetry, type Shop } from '../shop/start.ts'
import { answers, step } from '../shop/steps.ts'
import { withTestShop } from '../shop/test-shop.ts'

const SHOPPERS = Number(process.argv[2] ?? 200)
const AT_A_TIME = 10
const SECOND_PORT = 19_002
/** A payment without an order after so long has none. */
const PATIENCE_SECONDS = 300

/** Another server like the first, as a release and the one before run beside each other. */
async function startSecond({ supervisor, processes }: Shop): Promise<string> {
  const first = processes.find(({ name }) => name === 'medusa-server')
  if (!first) throw new Error('there is no server')
  const command = first.command.map((word) =>
    word.replace(String(TEST.ports.server), String(SECOND_PORT)),
  )
  supervisor.start({ ...first, name: 'medusa-second', command })
  const address = `http://127.0.0.1:${SECOND_PORT}`
  await step('second server', () =>
    answers(`${address}/ready`, 180, () => supervisor.has('medusa-second')),
  )
  return address
}

/** What a shopper saw of one payment, in seconds after paying. */
interface Seen {
  seen: number
  ordered: number
  order: number
}

const at = (sorted: number[], share: number) =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1)

function line(name: string, values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  return `${name}: half within ${at(sorted, 0.5)} s, p99 ${at(sorted, 0.99)} s, longest ${at(sorted, 1)} s`
}

async function rush(shop: Shop, env: Variables): Promise<boolean> {
  Object.assign(process.env, env)
  const second = await startSecond(shop)
  // They find the shop by the variables above.
  const { orders } = await import('../integration/shopper.ts')
  const { payable, product } = await import('../integration/own-product.ts')
  const { pay } = await import('../integration/btcpay.ts')
  const { storefrontSignature } = await import('../integration/storefront-signature.ts')
  // All want the same goods: the worst case for what reserves them.
  const { variant } = await product(2 * SHOPPERS)

  const pages = [String(env.RR_API_URL), second]
  /** Follows the page as a browser does, at one of the two servers. */
  const follow = async (token: string, turn: number): Promise<Seen> => {
    const began = Date.now()
    let seen = Number.NaN
    while (Date.now() - began < PATIENCE_SECONDS * 1_000) {
      const answer = await fetch(`${pages[turn % 2]}/store/order-pages/${token}`, {
        headers: {
          'x-publishable-api-key': String(env.RR_PUBLISHABLE_KEY),
          ...storefrontSignature('127.0.0.1'),
        },
        signal: AbortSignal.timeout(30_000),
      }).catch(() => undefined)
      const page = answer?.ok
        ? ((await answer.json()) as { order_page: { status: string; order_number: number | null } })
            .order_page
        : undefined
      const seconds = (Date.now() - began) / 1_000
      if (page && page.status !== 'waiting' && Number.isNaN(seen)) seen = seconds
      if (page?.order_number) return { seen, ordered: seconds, order: page.order_number }
      await delay(1_000)
    }
    return { seen, ordered: Number.NaN, order: Number.NaN }
  }

  // Medusa makes one customer of an address, and refuses a second one at the same moment.
  let shopper = 0
  const someCarts = () =>
    Promise.all(
      Array.from({ length: AT_A_TIME }, () =>
        payable(variant, 1, `shopper-${++shopper}@example.org`),
      ),
    )
  type Carts = Awaited<ReturnType<typeof someCarts>>
  const payAll = (some: Carts) =>
    Promise.all(
      some.map(async ({ invoiceId, token }, turn) => {
        await pay(invoiceId)
        return follow(token, turn)
      }),
    )
  const carts: Carts = []
  await step(`${SHOPPERS} carts with an invoice`, async () => {
    while (carts.length < SHOPPERS) carts.push(...(await someCarts()))
  })
  const before = (await orders()).length
  const began = Date.now()
  const all = await step(`${SHOPPERS} payments in one moment`, () => payAll(carts))
  const seconds = (Date.now() - began) / 1_000
  const made = (await orders()).length - before
  const distinct = new Set(all.map(({ order }) => order).filter((order) => !Number.isNaN(order)))
    .size
  console.log(
    `${made} orders, ${distinct} of them seen by their shoppers, in ${seconds.toFixed(1)} s: ${(made / seconds).toFixed(1)} a second`,
  )
  console.log(
    line(
      'the page says that the payment is there',
      all.map(({ seen }) => seen),
    ),
  )
  console.log(
    line(
      'the order is there',
      all.map(({ ordered }) => ordered),
    ),
  )

  const rest: Seen[] = []
  await step(`${SHOPPERS / 2} payments, ${AT_A_TIME} at a time`, async () => {
    for (let done = 0; done < SHOPPERS / 2; done += AT_A_TIME) {
      rest.push(...(await payAll(await someCarts())))
    }
  })
  console.log(
    line(
      `ten at a time: the order is there`,
      rest.map(({ ordered }) => ordered),
    ),
  )
  return (
    made === SHOPPERS && distinct === SHOPPERS && rest.every(({ order }) => !Number.isNaN(order))
  )
}

if (!process.env.NO_BUILD) {
  await buildTelemetry()
  await build(shopEnvironment(TEST, true))
}
process.exit((await withTestShop(rush)) ? 0 : 1)
