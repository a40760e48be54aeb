import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { afterEach, describe, expect, it } from 'vitest'
import { openBrowser, visitor } from '../journey/browser.ts'
import { atInvoice, chooseDelivery, fillAddress, payInFull } from '../journey/checkout.ts'
import { endBtcpay, invoiceIds, pay, startBtcpay, webhooks } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { shop, store } from './shop.ts'
import { payableCart, plentifulVariant, region } from './shopper.ts'

const NAMES = ['storefront', 'medusa-server', 'medusa-worker'] as const
type Name = (typeof NAMES)[number]

interface Line {
  time: string
  level: string
  app: string
  message: string
  requestId?: string
  origin?: string
  order?: number
  invoice?: string
  delivery?: string
  event?: string
  job?: string
  route?: string
  status?: number
  durationMs?: number
}

/** What a process has printed since the shop was started; the shop collects it. */
function printed(name: Name): string[] {
  const folder = process.env.SHOP_DATA
  if (!folder) throw new Error('SHOP_DATA is not set: run these tests by "npm test"')
  try {
    return readFileSync(join(folder, 'logs', `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
  } catch {
    return [] // Without Redis there is no worker.
  }
}

/** Every line of all processes, read as docs/logs.md reads them. */
function log(): Line[] {
  return NAMES.flatMap(printed).map((text) => JSON.parse(text) as Line)
}

/** Who does the background work: without Redis the server. */
function worker(): Name {
  return printed('medusa-worker').length > 0 ? 'medusa-worker' : 'medusa-server'
}

/** Waits for a line, which comes a moment after what it tells of. */
function logged(what: string, wanted: (line: Line) => boolean): Promise<Line> {
  return eventually(what, 90, async () => log().find(wanted))
}

afterEach(() => webhooks('deliver'))

describe('the log of the built shop', () => {
  it('joins a purchase, from the storefront to the order, by one id', async () => {
    const email = `night-${Date.now()}@example.org`
    const number = await purchase(email)

    const order = await logged(
      `the line of order ${number}`,
      (line) => line.order === number && line.message === 'btcpay: payment became an order',
    )
    expect(order.origin).toMatch(/^[0-9a-f-]{36}$/)
    expect(['medusa-server', worker()]).toContain(order.app)
    const joined = await eventually('all lines of the purchase', 10, async () => {
      const lines = log().filter((line) =>
        [line.requestId, line.origin].includes(order.origin ?? ''),
      )
      const has = (app: string, message: RegExp) =>
        lines.some((line) => line.app === app && message.test(line.message))
      return (
        has('storefront', /^POST \/\[region\]\/checkout \d+$/) &&
        has('medusa-server', /^POST \/store\/carts\/:id\/payment 200$/) &&
        has('medusa-server', /^btcpay: invoice made$/) &&
        lines
      )
    })
    // And by the invoice, shortened.
    const { invoice } = joined.find((line) => line.message === 'btcpay: invoice made') ?? {}
    expect(invoice).toMatch(/^[0-9a-f]{12}$/)
    expect(order.invoice).toBe(invoice)
    expect(NAMES.flatMap(printed).filter((text) => text.includes(email))).toEqual([])
  })

  it("joins BTCPay's delivery with the worker's job and the order", async () => {
    const cart = await payableCart()
    await pay(cart.invoiceId)
    const ofInvoice = (line: Line) => line.invoice === short(cart.invoiceId)
    const placed = await logged(
      'the order',
      (line) => ofInvoice(line) && line.message === 'btcpay: payment became an order',
    )
    expect(placed.order).toBeGreaterThan(0)
    // Each event of an invoice is a delivery of its own; one of them brought the order.
    const ofDelivery = (line: Line) => ofInvoice(line) && line.delivery === placed.delivery
    const stored = await logged(
      'the delivery',
      (line) => ofDelivery(line) && line.message === 'btcpay: delivery stored',
    )
    const handled = await logged(
      'its handling',
      (line) => ofDelivery(line) && line.message === 'btcpay: delivery handled',
    )
    expect(handled.event ?? handled.job).toMatch(/^(btcpay.webhook_received|drain-webhook-inbox)$/)
    expect(handled.requestId).toBe(placed.requestId)
    // The subscriber goes on with the request's id; a job that takes what is left has one of its own.
    if (handled.event) expect(placed.requestId).toBe(stored.requestId)
  })

  it("takes the storefront's id at Medusa and carries it to the subscribers of the order", async () => {
    await webhooks('drop')
    const cart = await payableCart()
    await pay(cart.invoiceId)
    // As Caddy asks the storefront.
    const id = crypto.randomUUID()
    const asked = await fetch(`${shop.storefront}/api/payments/${cart.token}`, {
      headers: { 'x-request-id': id },
    })
    expect(asked.status).toBe(200)
    for (const wanted of [
      'storefront: GET /api/payments/[token] 200',
      'medusa-server: GET /store/order-pages/:token 200',
      'medusa-server: btcpay: payment became an order',
      `${worker()}: order.placed handled`,
    ]) {
      const is = (line: Line) => line.requestId === id && `${line.app}: ${line.message}` === wanted
      await logged(wanted, is)
    }
  })

  it("does not take a stranger's word for whose request it is", async () => {
    const claimed = crypto.randomUUID()
    const own = crypto.randomUUID()
    const trace = claimed.replaceAll('-', '')
    await fetch(`${shop.api}/auth/user/providers`, {
      headers: {
        'x-request-id': own,
        traceparent: `00-${trace}-${trace.slice(16)}-01`,
        tracestate: `rr=${trace}`,
      },
    })
    await logged('the line of the request', (line) => line.requestId === own)
    expect(log().some((line) => line.requestId === claimed)).toBe(false)
  })

  it('is one JSON object a line, each with time, level, app and message', async () => {
    for (const name of NAMES) {
      for (const text of printed(name)) {
        const line = JSON.parse(text) as Line
        expect(line, text).toMatchObject({ app: name, message: expect.any(String) })
        expect(['error', 'warn', 'info'], text).toContain(line.level)
        expect(new Date(line.time).toISOString(), text).toBe(line.time)
      }
    }
    expect(printed('storefront').length).toBeGreaterThan(5)
    expect(printed('medusa-server').length).toBeGreaterThan(5)
  })

  it('has no query, no id that opens a cart or a page, nothing of a shopper, and no probe', async () => {
    const { id: regionId } = await region('eur')
    const { id: variantId } = await plentifulVariant(regionId)
    const cart = await payableCart()
    await store(`/carts/${cart.cartId}/line-items?fields=id`, {
      variant_id: variantId,
      quantity: 1_000_000_000,
    }).catch(() => undefined)
    await fetch(`${shop.storefront}/eu/search?q=a-secret-wish`)
    await fetch(`${shop.api}/health`)
    // What fails says more: an invoice that BTCPay does not give, a page that is not there.
    await endBtcpay()
    await fetch(`${shop.storefront}/order/${cart.token}`)
    await store(`/carts/${cart.cartId}`, { email: 'x@example.org' }).catch(() => undefined)
    await startBtcpay()
    await logged('the page', (line) => line.route === '/order/[token]')
    await logged('the search', (line) => line.route === '/[region]/search')
    await logged('the refusal', (line) => line.route === '/store/carts/:id/line-items')
    await delay(500)
    for (const secret of [
      /a-secret-wish|region_id=|\?fields/,
      /(?:cart|payses|order|pay_col)_[0-9A-Z]{26}|page_[0-9a-z]{26}/,
      // Every invoice of this shop.
      new RegExp(invoiceIds().join('|')),
      /Lovelace|Analytical Way|@example\.org/,
      // A probe that fails is of interest.
      /"route":"\/(?:api\/)?(?:health|ready)".*"status":200/,
    ]) {
      const found = NAMES.flatMap(printed).filter((text) => secret.test(text))
      expect(found, String(secret)).toEqual([])
    }
  })
})

/** Buys one thing in a browser. Gives the order's number. */
async function purchase(email: string): Promise<number> {
  const browser = await openBrowser()
  try {
    const page = await (await visitor(browser, 'desktop')).newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`${shop.storefront}/eu`)
    await page.getByTestId('product-card').first().click()
    await page.waitForURL(/\/eu\/products\//)
    await page.getByTestId('add-to-cart').waitFor()
    await page.waitForLoadState('networkidle')
    await page.getByTestId('add-to-cart').click()
    await expect
      .poll(() => page.getByTestId('cart-count').first().textContent(), { timeout: 30_000 })
      .toContain('1')
    await page.goto(`${shop.storefront}/eu/checkout`)
    await fillAddress(page, email)
    await chooseDelivery(page)
    await page.getByTestId('pay-with-bitcoin').click()
    await atInvoice(page)
    return Number(/\d+/.exec((await payInFull(page)) ?? '')?.[0])
  } finally {
    await browser.close()
  }
}
