import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN } from '../host/caddy.ts'
import { pay } from '../integration/btcpay.ts'
import { eventually } from '../integration/eventually.ts'
import { askStore, shop } from '../integration/shop.ts'
import { orders, payableCart, paymentStatus } from '../integration/shopper.ts'
import { openBrowser } from './browser.ts'

const PICTURES = process.env.RR_PICTURES ?? join(import.meta.dirname, '../../.data/pictures')

/** The declared Caddy in front of the running shop, for the admin's policy. */
const caddy = new DeclaredCaddy(28590)
const API = `api.${DOMAIN}`
let browser: Browser

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  caddy.pointTo('storefront', Number(new URL(shop.storefront).port))
  caddy.pointTo('medusa', Number(new URL(shop.api).port))
  mkdirSync(join(caddy.folder, 'assets'), { recursive: true })
  await caddy.start()
  browser = await openBrowser([
    `--host-resolver-rules=MAP ${DOMAIN} 127.0.0.1, MAP ${API} 127.0.0.1`,
    '--ignore-certificate-errors',
  ])
})
afterAll(async () => {
  await browser?.close()
  await caddy.stop()
})

it('an admin replaces the link of an order page, after being asked, and sees no secret', async () => {
  const cart = await payableCart()
  await pay(cart.invoiceId)
  const number = await eventually('the order', 90, async () => {
    return (await paymentStatus(cart.token)).order_number ?? undefined
  })
  const order = (await orders()).find(({ display_id }) => display_id === number)

  const page = await browser.newPage({
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 1200 },
  })
  page.setDefaultTimeout(60_000)
  const refused: string[] = []
  page.on('console', (message) => {
    // Pictures of the test's shop have an address without TLS; on the host theirs is https.
    const picture = message.text().includes(`${shop.api}/static/`)
    if (!picture && /Content.Security.Policy/i.test(message.text())) refused.push(message.text())
  })
  await page.goto(`https://${API}:${caddy.ports.https}/app/login`)
  await page.getByPlaceholder(/email/i).fill(shop.adminEmail)
  await page.getByPlaceholder(/password/i).fill(shop.adminPassword)
  await page.getByRole('button', { name: /continue/i }).click()
  await page.waitForURL(/\/app\/orders/)
  await page.goto(`https://${API}:${caddy.ports.https}/app/orders/${order?.id}`)

  const button = page.getByRole('button', { name: 'Replace the link' })
  await button.scrollIntoViewIfNeeded()
  await page.screenshot({ path: join(PICTURES, 'admin-order-page-link.png') })
  await button.click()
  await page.getByText('Replace the link?').waitFor()
  await page.screenshot({ path: join(PICTURES, 'admin-order-page-link-question.png') })
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect((await paymentStatus(cart.token)).order_number).toBe(number)

  await button.click()
  await page.getByRole('button', { name: 'Replace and send' }).click()
  await page.getByText('Link replaced').first().waitFor()
  await page.screenshot({ path: join(PICTURES, 'admin-order-page-link-replaced.png') })
  expect((await askStore('GET', `/order-pages/${cart.token}`)).status).toBe(404)
  expect(await page.content()).not.toMatch(/page_[0-9a-z]{26}/)
  expect(refused).toEqual([])
  await page.close()
})
