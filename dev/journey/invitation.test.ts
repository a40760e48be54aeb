import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { invite, register, strongPassword } from '../integration/admins.ts'
import { shop } from '../integration/shop.ts'
import { openBrowser, visitor } from './browser.ts'

/** Pages of the admin are large; a busy machine takes its time. */
const TIMEOUT = 60_000

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

it("an invited admin comes in by the mail's link, whoever was at the address before", async () => {
  const invited = await invite(`${randomUUID()}@example.org`)
  // A login of the address that nobody has: Medusa would answer that it exists.
  expect((await register(invited.token, invited.email, strongPassword())).status).toBe(200)
  const password = strongPassword()
  const context = await visitor(browser, 'desktop')
  const page = await context.newPage()
  page.setDefaultTimeout(TIMEOUT)
  await page.goto(`${shop.api}/app/invite?token=${invited.token}`, { timeout: TIMEOUT })
  await page.locator('input[name=first_name]').fill('Grace')
  await page.locator('input[name=last_name]').fill('Hopper')
  await page.locator('input[name=password]').fill(password)
  await page.locator('input[name=repeat_password]').fill(password)
  const registered = page.waitForResponse((answer) => answer.url().endsWith('/emailpass/register'))
  const accepted = page.waitForResponse((answer) => answer.url().includes('/invites/accept'))
  await page.locator('button[type=submit]').click()
  expect((await registered).status()).toBe(200)
  expect((await accepted).status()).toBe(200)

  await page.goto(`${shop.api}/app/login`, { timeout: TIMEOUT })
  await page.locator('input[name=email]').fill(invited.email)
  await page.locator('input[name=password]').fill(password)
  const session = page.waitForResponse((answer) => answer.url().endsWith('/auth/session'))
  await page.locator('button[type=submit]').click()
  expect((await session).status()).toBe(200)
  await page.waitForURL(/\/app\/(?!login)/, { timeout: TIMEOUT })
  await page.goto(`${shop.api}/app/settings/profile`, { timeout: TIMEOUT })
  await page.getByText(invited.email).first().waitFor()
  await context.close()
}, 300_000)
