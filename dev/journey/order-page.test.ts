import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invoiceOf } from '../integration/begin-payment.ts'
import { confirm, pay } from '../integration/btcpay.ts'
import { freeOfCharge } from '../integration/promotions.ts'
import { shop, store } from '../integration/shop.ts'
import { openBrowser, visitor } from './browser.ts'
import { atInvoice, chooseDelivery, fillAddress } from './checkout.ts'

const PICTURES = process.env.RR_PICTURES ?? join(import.meta.dirname, '../../.data/pictures')

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** From the first product to the payment step of the checkout. */
async function toPayment(page: Page): Promise<void> {
  await page.goto(`${shop.storefront}/eu`)
  await page.getByTestId('product-card').first().click()
  await page.waitForURL(/\/eu\/products\//)
  await page.waitForLoadState('networkidle')
  await page.getByTestId('add-to-cart').click()
  await expect
    .poll(() => page.getByTestId('cart-count').first().textContent(), { timeout: 30_000 })
    .toContain('1')
  await page.goto(`${shop.storefront}/eu/checkout`)
  await fillAddress(page, 'ada@example.org')
  await chooseDelivery(page)
  await page.getByTestId('pay-with-bitcoin').waitFor()
}

/** From the first product to BTCPay's page of the invoice; gives the invoice's id. */
async function toInvoice(page: Page): Promise<string> {
  await toPayment(page)
  await page.getByTestId('pay-with-bitcoin').click()
  await atInvoice(page)
  return invoiceOf(page.url())
}

describe('a shopper whose payment was seen', () => {
  it('cannot send the parcel elsewhere, and reads why; pressing "Pay" again leads to the page', async () => {
    const context = await visitor(browser, 'desktop')
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const invoiceId = await toInvoice(page)
    await pay(invoiceId, 'onchain')
    await page.goto(`${shop.storefront}/eu/checkout?step=address`)
    await fillAddress(page, 'eve@example.org')
    await page.getByTestId('submit-address').click()
    const words = 'A payment for this order has been seen, so it can no longer be changed.'
    await page.getByText(words).waitFor()

    await page.goto(`${shop.storefront}/eu/checkout?step=payment`)
    await page.getByTestId('pay-with-bitcoin').click()
    await page.waitForURL(/\/order\/page_/)
    await page.locator('[data-testid=order-status][data-status=seen]').waitFor()
    await confirm(invoiceId)
    await page.locator('[data-testid=order-status][data-status=paid]').waitFor()
    await context.close()
  })
})

describe('a shopper whose discount covers everything', () => {
  it('places the order by one press, and reads nothing of a payment', async () => {
    const context = await visitor(browser, 'desktop')
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await toPayment(page)
    const cartId = (await context.cookies()).find(({ name }) => name === 'rr_cart_eu')?.value
    await store(`/carts/${cartId}`, { promo_codes: await freeOfCharge('JOURNEY') })
    await page.reload()
    expect(await page.getByTestId('pay-with-bitcoin').count()).toBe(0)
    await page.getByTestId('place-order').click()
    await page.waitForURL(/\/order\/page_/)
    await page.locator('[data-testid=order-status][data-status=placed]').waitFor()
    const read = await page.locator('main').textContent()
    expect(read).toMatch(/Your order number is\s*\d+/)
    expect(read).toMatch(/Total with delivery\s*€0\.00/)
    expect(read).not.toMatch(/paid|bitcoin|invoice/i)
    await context.close()
  })
})

describe('the way back from BTCPay', () => {
  it('in another browser is kind and gives nothing away', async () => {
    const context = await visitor(browser, 'desktop')
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    const invoiceId = await toInvoice(page)
    const kept = (await context.cookies()).filter(({ name }) => name === 'rr_order_page')
    expect(kept).toMatchObject([
      {
        httpOnly: true,
        sameSite: 'Lax',
        path: expect.stringMatching(/^\/order\/return\/[0-9a-f]{12}$/),
        value: expect.stringMatching(/^page_[0-9a-z]{26}$/),
      },
    ])
    const path = kept[0]?.path
    await pay(invoiceId)

    const phone = await visitor(browser, 'phone')
    const other = await phone.newPage()
    await other.goto(`${shop.storefront}${path}`)
    await other.getByRole('heading', { name: 'Your payment is being processed' }).waitFor()
    expect(new URL(other.url()).pathname).toBe(path)
    expect(await other.content()).not.toContain(kept[0]?.value ?? '')
    await other.screenshot({ path: join(PICTURES, 'order-return-phone.png') })
    await phone.close()

    await page.goto(`${shop.storefront}${path}`)
    await page.locator('[data-testid=order-status][data-status=paid]').waitFor()
    await context.close()
  })
})
