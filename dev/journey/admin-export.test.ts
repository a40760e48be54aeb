import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../integration/eventually.ts'
import { shop } from '../integration/shop.ts'
import { openBrowser, visitor } from './browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Runs in the page: starts an export as the page's own button does. */
async function startExport(): Promise<number> {
  const answer = await fetch('/admin/products/export', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  return answer.status
}

/** Runs in the page: how many files the owner was told of. */
async function announced(): Promise<number> {
  const answer = await fetch('/admin/notifications?channel=feed&limit=100')
  const { notifications } = (await answer.json()) as {
    notifications: { data: { file?: object } }[]
  }
  return notifications.filter(({ data }) => data.file).length
}

it('the owner saves an export from the admin, by the session alone', async () => {
  const context = await visitor(browser, 'desktop')
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`${shop.api}/app/login`)
  await page.locator('input[name=email]').fill(shop.adminEmail)
  await page.locator('input[name=password]').fill(shop.adminPassword)
  await page.locator('button[type=submit]').click()
  await page.waitForURL(/\/app\/(?!login)/)

  const before = await page.evaluate(announced)
  expect(await page.evaluate(startExport)).toBe(202)
  await eventually('the file is announced', 60, async () => {
    return (await page.evaluate(announced)) > before
  })
  // The bell opens a drawer with the newest first.
  await page.locator('button[aria-haspopup=dialog]').first().click()
  const link = page.locator('a[href*="/admin/private-files/"]').first()
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()])
  expect(download.suggestedFilename()).toMatch(/product-exports\.csv$/)
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^"?Product Id/)
  await context.close()
})
