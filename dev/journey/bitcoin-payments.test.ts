import { afterAll, beforeAll, expect, it } from 'vitest'
import { confirm, expire, pay, permit } from '../integration/btcpay.ts'
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

it('the owner reads beside an order what was paid for it, and proves the webhook in the settings', async () => {
  const cart = await payableCart()
  const { amount } = await paymentStatus(cart.token)
  await pay(cart.invoiceId, 'lightning', (Number(amount) / 2).toFixed(2))
  await pay(cart.invoiceId, 'onchain', (Number(amount) / 2 + 3).toFixed(2))
  await confirm(cart.invoiceId)
  const number = await eventually('the order', 90, async () => {
    return (await paymentStatus(cart.token)).order_number ?? undefined
  })
  const page = await owner.open('/orders')
  await page.getByText(`#${number}`, { exact: true }).first().click()
  const payment = page.getByLabel(`Payment ${cart.reference}`)
  await payment.getByText('On-chain').waitFor()
  await payment.getByText('confirmed').nth(1).waitFor()
  await payment.getByText(/webhooks?, the last on/).click()
  await payment.getByText(/InvoiceSettled/).waitFor()
  await payment.scrollIntoViewIfNeeded()
  await owner.picture(page, 'admin-order-bitcoin-payments')
  await payment.getByRole('button', { name: 'Offer back' }).click()
  await page.getByRole('button', { name: 'Yes, offer it' }).click()
  await payment.getByText('claim link').waitFor()

  await page.goto(page.url().replace(/orders.*/, 'settings/bitcoin'))
  await page.getByText('complete', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Send a test delivery' }).click()
  await page.getByText(/InvoiceInvalid of the test invoice .* arrived/).waitFor()
  await page.getByText('Another key').click()
  await owner.picture(page, 'admin-bitcoin-settings')
  const names = (await page.locator('ul code').allTextContents()).map(
    (name) => `${name}:${process.env.BTCPAY_STORE_ID}`,
  )
  await permit([...names.slice(1), 'btcpay.server.canviewusers'])
  try {
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByText('btcpay.server.canviewusers').waitFor()
    await owner.picture(page, 'admin-bitcoin-settings-wrong-key')
  } finally {
    await permit(names)
  }
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
