import { afterAll, beforeAll, expect, it } from 'vitest'
import { expire, pay } from '../integration/btcpay.ts'
import { eventually } from '../integration/eventually.ts'
import { shop } from '../integration/shop.ts'
import { payableCart, paymentStatus } from '../integration/shopper.ts'
import { AdminBrowser } from './admin-browser.ts'
import { openBrowser, visitor } from './browser.ts'

const owner = new AdminBrowser(28600)
beforeAll(() => owner.start())
afterAll(() => owner.stop())

it('the owner finds money without an order, and closes it once it was sent back', async () => {
  const ordered = await payableCart()
  await pay(ordered.invoiceId)
  await payableCart()
  const late = await payableCart()
  await expire(late.invoiceId)
  await pay(late.invoiceId, 'onchain')
  await eventually('a review and an order', 90, async () => {
    const [first, second] = [await paymentStatus(late.token), await paymentStatus(ordered.token)]
    return first.status === 'review' && second.order_number
  })

  const page = await owner.open('/bitcoin-payments')
  await page.getByText(late.reference).waitFor()
  await owner.picture(page, 'admin-bitcoin-payments')
  await page.getByPlaceholder(/reference/).fill(late.reference)
  await page.getByText(ordered.reference).waitFor({ state: 'detached' })
  await page.getByText(/Paid after the invoice had expired/).waitFor()
  await page.getByRole('button', { name: 'Check now' }).click()
  await page.getByText('BTCPay was asked').first().waitFor()

  await page.getByRole('button', { name: 'Refunded' }).click()
  await page.getByText('Was this money sent back?').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect((await paymentStatus(late.token)).status).toBe('review')
  await page.getByRole('button', { name: 'Refunded' }).click()
  await page.getByRole('button', { name: 'Yes, it was refunded' }).click()
  await page.getByText('Closed as refunded').first().waitFor()
  await owner.picture(page, 'admin-bitcoin-payments-refunded')
  expect((await paymentStatus(late.token)).status).toBe('refunded')
  expect(owner.refused).toEqual([])
  await page.close()
})

it('the shopper reads on the order page why there is no order, and what happens next', async () => {
  const late = await payableCart()
  await expire(late.invoiceId)
  await pay(late.invoiceId, 'onchain')
  const browser = await openBrowser()
  try {
    for (const screen of ['desktop', 'phone'] as const) {
      const page = await (await visitor(browser, screen)).newPage()
      await page.goto(`${shop.storefront}/order/${late.token}`)
      await page.getByRole('heading', { name: 'Your payment arrived late' }).waitFor()
      expect(await page.getByTestId('order-status').textContent()).toMatch(
        /We received .*Nothing is lost/,
      )
      expect(await page.getByTestId('order-status').textContent()).toContain(late.reference)
      await owner.picture(page, `order-review-${screen}`)
    }
  } finally {
    await browser.close()
  }
})
