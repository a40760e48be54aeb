import { afterAll, beforeAll, expect, it } from 'vitest'
import { pay } from '../integration/btcpay.ts'
import { eventually } from '../integration/eventually.ts'
import { askStore } from '../integration/shop.ts'
import { orders, payableCart, paymentStatus } from '../integration/shopper.ts'
import { AdminBrowser } from './admin-browser.ts'

const owner = new AdminBrowser(28590)
beforeAll(() => owner.start())
afterAll(() => owner.stop())

it('an admin replaces the link of an order page, after being asked, and sees no secret', async () => {
  const cart = await payableCart()
  await pay(cart.invoiceId)
  const number = await eventually('the order', 90, async () => {
    return (await paymentStatus(cart.token)).order_number ?? undefined
  })
  const order = (await orders()).find(({ display_id }) => display_id === number)

  const page = await owner.open(`/orders/${order?.id}`)
  const button = page.getByRole('button', { name: 'Replace the link' })
  await button.scrollIntoViewIfNeeded()
  await owner.picture(page, 'admin-order-page-link')
  await button.click()
  await page.getByText('Replace the link?').waitFor()
  await owner.picture(page, 'admin-order-page-link-question')
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect((await paymentStatus(cart.token)).order_number).toBe(number)

  await button.click()
  await page.getByRole('button', { name: 'Replace and send' }).click()
  await page.getByText('Link replaced').first().waitFor()
  await owner.picture(page, 'admin-order-page-link-replaced')
  expect((await askStore('GET', `/order-pages/${cart.token}`)).status).toBe(404)
  expect(await page.content()).not.toMatch(/page_[0-9a-z]{26}/)
  expect(owner.refused).toEqual([])
  await page.close()
})
