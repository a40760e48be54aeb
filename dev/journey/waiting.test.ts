import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { invoiceOf } from '../integration/begin-payment.ts'
import { confirm, expire, pay } from '../integration/btcpay.ts'
import { shop } from '../integration/shop.ts'
import { type PayableCart, payableCart } from '../integration/shopper.ts'
import { openBrowser, visitor } from './browser.ts'

const PICTURES = process.env.RR_PICTURES ?? join(import.meta.dirname, '../../.data/pictures')
/** The clocks of this test's shoppers are wrong by as much. */
const WRONG_BY_MS = 40 * 60_000

let browser: Browser
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** A page that follows a payment, and what it did on the way there. */
interface Open {
  context: BrowserContext
  page: Page
  /** Documents that were loaded: one more is a reload. */
  documents: string[]
  refused: string[]
}

/** Opens the page of an order on a device that knows nothing but its link, and whose clock is wrong. */
async function open(cart: PayableCart, screen: 'desktop' | 'phone'): Promise<Open> {
  const context = await visitor(browser, screen)
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.clock.install({ time: Date.now() + WRONG_BY_MS })
  const documents: string[] = []
  const refused: string[] = []
  page.on('request', (request) => {
    const isPage = request.isNavigationRequest() && request.frame() === page.mainFrame()
    if (isPage) documents.push(request.url())
  })
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text())
  })
  await page.goto(`${shop.storefront}/order/${cart.token}`)
  return { context, page, documents, refused }
}

/** Runs in the page. Without windows, the browser itself never hides a tab. */
function lookedAtAgain(): void {
  document.dispatchEvent(new Event('visibilitychange'))
}

const at = (page: Page, state: string) =>
  page.locator(`[data-testid=order-status][data-status=${state}]`).waitFor()

it('a payment is made in a frame, and its page follows without a reload', async () => {
  const cart = await payableCart()
  const { context, page, documents, refused } = await open(cart, 'desktop')
  await at(page, 'waiting')
  expect(await page.getByTestId('due').textContent()).toMatch(/^€\d+\.\d\d$/)
  expect(await page.getByTestId('due-bitcoin').textContent()).toMatch(
    /^0\.\d+ BTC \([\d,.]+ sats\)$/,
  )
  expect(await page.getByTestId('countdown').textContent()).toMatch(/^1[0-5]:\d\d$/)
  const lightning = page.getByTestId('way-lightning')
  expect(await lightning.locator('a').getAttribute('href')).toMatch(/^lightning:lnbcrt/)
  await page.screenshot({ path: join(PICTURES, 'order-waiting-desktop.png'), fullPage: true })
  await page.getByText('On-chain').click()
  await lightning.waitFor({ state: 'hidden' })
  const chain = await page.getByTestId('way-on-chain').locator('a').getAttribute('href')
  expect(chain).toMatch(/^bitcoin:bcrt1\w+\?amount=0\.\d{8}$/)

  await page.getByTestId('pay-here').click()
  const frame = page.frameLocator('[data-testid=payment-frame]')
  await frame.getByTestId('pay-part').click()
  await at(page, 'underpaid')
  await frame.getByTestId('pay-onchain').click()
  await at(page, 'seen')
  await page.getByRole('status').filter({ hasText: 'waiting for confirmation' }).waitFor()
  await confirm(cart.invoiceId)
  await at(page, 'paid')
  await page.getByTestId('order-number').waitFor()
  expect(documents).toHaveLength(1)
  expect(refused).toEqual([])
  await context.close()
})

it('a fresh invoice takes the place of one that expired, on another device and in two tabs', async () => {
  const cart = await payableCart()
  const { context, page, documents } = await open(cart, 'phone')
  await at(page, 'waiting')
  const other = await context.newPage()
  await other.goto(page.url())
  await expire(cart.invoiceId)
  await at(page, 'expired')
  await page.screenshot({ path: join(PICTURES, 'order-expired-phone.png') })
  await page.getByTestId('pay-again').click()
  await at(page, 'waiting')
  expect(documents).toHaveLength(1)
  const link = await page.getByTestId('open-invoice').getAttribute('href')
  const fresh = invoiceOf(link ?? '')
  expect(fresh).not.toBe(cart.invoiceId)

  // The other tab was not looked at meanwhile; "back" from BTCPay's page leads to what is so now.
  await other.evaluate(lookedAtAgain)
  await other
    .getByTestId('open-invoice')
    .and(other.locator(`[href$="${fresh}"]`))
    .click()
  await other.waitForURL(`${shop.btcpay}/i/${fresh}`)
  await pay(fresh)
  await other.goBack()
  await at(other, 'paid')
  await at(page, 'paid')
  const numbers = [page, other].map((each) => each.getByTestId('order-number').textContent())
  expect(new Set(await Promise.all(numbers)).size).toBe(1)
  await context.close()
})
