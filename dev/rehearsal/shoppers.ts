// Shoppers who browse, fill carts and pay, until SIGTERM: a process of its own, so that what it measures is
// not slowed by who supervises. Writes one JSON line for each request, and for each payment and order.
import { Agent, request } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import { pay } from '../integration/btcpay.ts'
import { shop, store } from '../integration/shop.ts'
import {
  type PayableCart,
  payableCart,
  paymentStatus,
  plentifulVariant,
  region,
} from '../integration/shopper.ts'

/** One request: when it began, in ms since 1970, and how long it took. */
export interface Sample {
  at: number
  ms: number
  kind: string
  ok: boolean
  what: string
}

/** A payment that a shopper has made, and the order that came of it. */
export interface Payment {
  /** Names it. */
  reference: string
  /** The order's number. */
  order: number | null
}

const write = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
let going = true
process.on('SIGTERM', () => {
  going = false
})

const kept = new Agent({ keepAlive: true, maxSockets: 20 })
const PATIENCE_MS = 30_000

/** One page; `fresh` opens a connection of its own, as a new visitor does. */
function page(path: string, fresh: boolean): Promise<string> {
  const at = Date.now()
  return new Promise((resolve) => {
    const end = (ok: boolean, what: string, body = '') => {
      write({ sample: { at, ms: Date.now() - at, kind: 'page', ok, what } satisfies Sample })
      resolve(body)
    }
    const asked = request(
      `${shop.storefront}${path}`,
      { agent: fresh ? false : kept, timeout: PATIENCE_MS },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => {
          const status = response.statusCode ?? 0
          end(status >= 200 && status < 400, `${status} ${path}`, body)
        })
        response.on('error', (error) => end(false, `${error.message} ${path}`))
      },
    )
    asked.once('timeout', () => asked.destroy(new Error('no answer within 30 s')))
    // A kept connection that the server has just closed is opened anew, as every browser does.
    asked.once('error', (error: NodeJS.ErrnoException) => {
      if (asked.reusedSocket && error.code === 'ECONNRESET') page(path, true).then(resolve)
      else end(false, `${error.message} ${path}`)
    })
    asked.end()
  })
}

/** Calls of the API go through fetch; each is measured here. */
const plainFetch = globalThis.fetch
globalThis.fetch = async (...args) => {
  const url = String(args[0])
  if (!url.startsWith(shop.api)) return plainFetch(...args)
  const at = Date.now()
  const what = url.slice(shop.api.length).split('?')[0]
  const note = (ok: boolean, why: string) =>
    write({ sample: { at, ms: Date.now() - at, kind: 'api', ok, what: `${why} ${what}` } })
  try {
    const response = await plainFetch(...args)
    note(response.status < 500, String(response.status))
    return response
  } catch (error) {
    note(false, error instanceof Error ? `${error.message} ${error.cause ?? ''}` : 'failed')
    throw error
  }
}

/**
 * Does something, then rests for twice as long as it took, and for the least time at least: shoppers read
 * what came, so a slow machine is not asked for more than it can do.
 */
async function calmly<Result>(leastMs: number, work: () => Promise<Result>): Promise<Result> {
  const began = Date.now()
  const result = await work()
  await delay(Math.max(leastMs, 2 * (Date.now() - began)))
  return result
}

async function browse(turn: number): Promise<void> {
  while (going) {
    const home = await calmly(300, () => page('/eu', turn % 2 === 0))
    const links = [...home.matchAll(/href="(\/eu\/(?:products|categories)\/[^"?#]+)/g)].map(
      ([, path]) => path ?? '',
    )
    const asset = /\/_next\/static\/[^"]+\.(?:js|css)/.exec(home)?.[0]
    if (asset) await page(asset, false)
    for (let i = 0; i < 3 && going && links.length > 0; i++) {
      const link = links[(turn * 7 + i * 3) % links.length] ?? '/eu'
      await calmly(300, () => page(link, i === 0))
    }
    await calmly(300, () => page('/eu/cart', false))
    if (turn % 4 === 0) await page('/eu/search?q=flask', false)
    turn++
  }
}

async function fillCart(regionId: string, variantId: string): Promise<void> {
  try {
    const { cart } = await store<{ cart: { id: string } }>('/carts', { region_id: regionId })
    await store(`/carts/${cart.id}/line-items`, { variant_id: variantId, quantity: 1 })
    await store(`/carts/${cart.id}`)
  } catch {
    // It is in the samples.
  }
}

async function fillCarts(): Promise<void> {
  const { id: regionId } = await region('eur')
  const variant = await plentifulVariant(regionId)
  while (going) await calmly(1_000, () => fillCart(regionId, variant.id))
}

async function payCart(): Promise<void> {
  try {
    const cart = await payableCart('eur')
    await pay(cart.invoiceId)
    write({ payment: { reference: cart.reference, order: null } satisfies Payment })
    void follow(cart)
  } catch {
    // Before the payment: the shopper tries again with another cart.
  }
}

async function buy(): Promise<void> {
  while (going) await calmly(3_000, payCart)
}

/** Looks at the order page's data until the order is there. */
async function follow({ token, reference }: PayableCart): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const status = await paymentStatus(token).catch(() => null)
    if (status?.order_number) {
      write({ payment: { reference, order: status.order_number } satisfies Payment })
      return
    }
    await delay(1_000)
  }
}

await Promise.all([browse(0), browse(1), browse(2), fillCarts(), buy()])
process.exit(0)
