import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../integration/eventually.ts'
import { admin, shop } from '../integration/shop.ts'
import { openBrowser, type SCREENS, visitor } from './browser.ts'
import { atInvoice, chooseDelivery, fillAddress, payInFull } from './checkout.ts'

/** Where the journey leaves its pictures; the README shows the first. */
const PICTURES = process.env.RR_PICTURES ?? join(import.meta.dirname, '../../.data/pictures')

let browser: Browser

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  browser = await openBrowser()
})
afterAll(() => browser?.close())

interface AdminOrder {
  display_id: number
  email: string
  payment_status: string
}

/** Collects what a visitor would see as broken: script errors and failed answers of our own. */
function watch(page: Page): string[] {
  const troubles: string[] = []
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`))
  page.on('console', (message) => {
    // A failed request is told below, with its address.
    const failed = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !failed) troubles.push(`console: ${message.text()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${response.status()} ${response.url()}`)
  })
  return troubles
}

/** Runs in the page: the top of it, with every picture that a visitor sees there. */
async function picturesShown(): Promise<void> {
  window.scrollTo({ top: 0, behavior: 'instant' })
  const seen = [...document.images].filter(
    (image) => image.getBoundingClientRect().top < window.innerHeight,
  )
  await Promise.all(seen.map((image) => image.decode().catch(() => undefined)))
}

it.each(['desktop', 'phone'] as const)('a shopper buys with Bitcoin: %s', async (screen) => {
  const context = await visitor(browser, screen as keyof typeof SCREENS)
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const troubles = watch(page)
  const picture = async (name: string) => {
    await page.evaluate(picturesShown)
    await page.screenshot({ path: join(PICTURES, `${name}-${screen}.png`) })
  }
  const email = `journey-${screen}-${Date.now()}@example.org`

  await page.goto(shop.storefront)
  expect(new URL(page.url()).pathname).toBe('/eu')
  await page.getByTestId('product-card').first().waitFor()
  await page.waitForLoadState('networkidle')
  await picture('home')

  await page.getByTestId('product-card').first().click()
  await page.waitForURL(/\/eu\/products\//)
  await page.getByTestId('add-to-cart').waitFor()
  await page.waitForLoadState('networkidle')
  await picture('product')
  await page.getByTestId('add-to-cart').click()
  await expect
    .poll(() => page.getByTestId('cart-count').first().textContent(), { timeout: 30_000 })
    .toContain('1')

  await page.goto(`${shop.storefront}/eu/cart`)
  expect(await page.getByTestId('cart-line').count()).toBe(1)
  await picture('cart')
  await page.getByTestId('go-to-checkout').click()

  await page.waitForURL(/\/eu\/checkout/)
  await fillAddress(page, email)
  await picture('checkout')
  await chooseDelivery(page)
  await page.getByTestId('pay-with-bitcoin').waitFor()
  await picture('checkout-payment')
  await page.getByTestId('pay-with-bitcoin').click()

  await atInvoice(page)
  await picture('invoice')
  const back = page.waitForResponse((response) => response.url().includes('/order/return/'))
  const number = await payInFull(page)
  // BTCPay knows an address that opens nothing; this browser is led on to the secret one.
  expect((await back).status()).toBe(307)
  expect(new URL(page.url()).pathname).toMatch(/^\/order\/page_[0-9a-z]{26}$/)
  await page.waitForLoadState('networkidle')
  await picture('order')

  const placed = await eventually('the order in the admin', 30, async () => {
    const { orders } = await admin<{ orders: AdminOrder[] }>(
      `/orders?limit=50&order=-display_id&fields=display_id,email,payment_status`,
    )
    return orders.filter((order) => order.email === email)
  })
  expect(placed).toHaveLength(1)
  expect(placed[0]).toMatchObject({ payment_status: 'captured' })
  expect(number).toContain(String(placed[0]?.display_id))

  await page.goto(`${shop.storefront}/eu/cart`)
  expect(await page.getByTestId('cart-line').count()).toBe(0)
  expect(troubles).toEqual([])
  await context.close()
})
