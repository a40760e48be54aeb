import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { shop } from '../integration/shop.ts'
import { openBrowser, visitor } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

it('the owner exports orders in the admin and saves the file, by the session alone', async () => {
  const context = await visitor(browser, 'desktop')
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`${shop.api}/app/login`)
  await page.locator('input[name=email]').fill(shop.adminEmail)
  await page.locator('input[name=password]').fill(shop.adminPassword)
  await page.locator('button[type=submit]').click()
  await page.waitForURL(/\/app\/(?!login)/)

  await page.goto(`${shop.api}/app/orders/export`)
  await page.getByRole('button', { name: 'Export' }).last().click()
  await page.waitForURL(/\/app\/orders$/)
  // The worker writes the file, and a notification tells of it.
  const link = page.locator('a[href*="/admin/private-files/"]').first()
  await expect
    .poll(
      async () => {
        await page.reload()
        await page.locator('button:has(svg)').last().waitFor()
        const { notifications } = await page.evaluate(async () => {
          const answer = await fetch('/admin/notifications?channel=feed&limit=5&order=-created_at')
          return (await answer.json()) as { notifications: { data: { file?: object } }[] }
        })
        return notifications.some(({ data }) => data.file)
      },
      { timeout: 60_000, interval: 2_000 },
    )
    .toBe(true)
  await page.goto(`${shop.api}/app/orders`)
  await page.locator('header button, .sticky button, button').last().waitFor()
  for (const button of await page.locator('button:has(svg)').all()) {
    if (await link.isVisible()) break
    const label = await button.getAttribute('aria-haspopup')
    if (label === 'dialog') {
      await button.click()
      await page.waitForTimeout(1_000)
    }
  }
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(/order-exports\.csv$/)
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^Order_ID,/)
  await context.close()
})
