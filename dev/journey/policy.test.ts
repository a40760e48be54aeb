import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shop, store } from '../integration/shop.ts'
import { payableCart } from '../integration/shopper.ts'
import { openBrowser, visitor } from './browser.ts'
import { atInvoice, chooseDelivery, fillAddress } from './checkout.ts'

declare global {
  interface Window {
    /** Set by a script that should not have run. */
    ran?: string
    tellViolation(directive: string): void
  }
}

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

interface Watched {
  context: BrowserContext
  page: Page
  /** What the browser refused since. */
  refused: string[]
}

async function watched(): Promise<Watched> {
  const context = await visitor(browser, 'desktop')
  const refused: string[] = []
  await context.exposeBinding('tellViolation', ({ page }, directive: string) =>
    refused.push(`${directive} on ${page.url()}`),
  )
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      window.tellViolation(effectiveDirective),
    )
  })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  // What is refused before the page can listen is still told to the console.
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refused.push(message.text())
  })
  return { context, page, refused }
}

/** Runs in the page: whether React has taken it over. */
function taken(): boolean {
  return Object.keys(document.body).some((key) => key.startsWith('__reactProps'))
}

/** Opens a page that comes alive and does nothing that its policy refuses. */
async function open({ page, refused }: Watched, path: string): Promise<void> {
  await page.goto(`${shop.storefront}${path}`)
  expect(refused, path).toEqual([])
  await page.waitForFunction(taken)
  expect(refused, path).toEqual([])
}

/** Puts the first product of the catalogue into the visitor's cart. */
async function addToCart(shopper: Watched): Promise<void> {
  const { page } = shopper
  await open(shopper, '/eu')
  await page.getByTestId('product-card').first().click()
  await page.getByTestId('add-to-cart').click()
  const count = page.getByTestId('cart-count').first()
  await expect.poll(() => count.textContent(), { timeout: 30_000 }).toContain('1')
}

it('no page of the shop does what its policy refuses, and each comes alive', async () => {
  const shopper = await watched()
  const { product_categories } = await store<{ product_categories: { handle: string }[] }>(
    '/product-categories',
  )
  const { token, reference } = await payableCart()
  await addToCart(shopper)
  for (const path of [
    new URL(shopper.page.url()).pathname,
    `/eu/categories/${product_categories[0]?.handle}`,
    '/eu/search?q=flask',
    '/eu/cart',
    '/eu/checkout',
    `/order/${token}`,
    `/order/return/${reference}`,
    '/not/there',
    '/eu/products/not-there',
    '/order/not-there',
  ]) {
    await open(shopper, path)
  }
  await shopper.context.close()
})

/** Runs in the page: everything that an injected text could try, each leaving its name. */
async function inject(elsewhere: string): Promise<void> {
  document.body.insertAdjacentHTML(
    'beforeend',
    `<img src="/not-there.png" onerror="window.ran='an event'">
     <a id="address" href="javascript:void(window.ran='an address')">x</a>
     <iframe src="${elsewhere}"></iframe>
     <img src="${elsewhere}/pixel.png">
     <form id="form" action="${elsewhere}"></form>`,
  )
  const run = (script: Partial<HTMLScriptElement>) => {
    document.body.append(Object.assign(document.createElement('script'), script))
  }
  run({ text: "window.ran='an element'" })
  run({ text: "self.__next_f.push([1,'']);window.ran='forged data'" })
  run({ src: `${elsewhere}/script.js` })
  run({ src: `data:text/javascript,window.ran='a data address'` })
  document.getElementById('address')?.click()
  document.querySelector<HTMLFormElement>('#form')?.submit()
  await fetch(elsewhere).catch(() => undefined)
  // In a task of its own: a test's own call may eval.
  // biome-ignore lint/security/noGlobalEval: it is what must not work
  setTimeout(() => window.eval("window.ran='eval'"))
  await new Promise((resolve) => setTimeout(resolve, 1_000))
}

describe('an injected script', () => {
  it.each(['/eu', '/eu/cart'])('does not run on %s', async (path) => {
    const shopper = await watched()
    const { context, page, refused } = shopper
    await open(shopper, path)
    await page.evaluate(inject, shop.api)
    expect(await page.evaluate(() => window.ran)).toBeUndefined()
    expect(page.url()).toBe(`${shop.storefront}${path}`)
    const said = refused.join('\n')
    for (const directive of [
      'script-src-attr',
      'script-src-elem',
      'script-src',
      'frame-src',
      'img-src',
      'form-action',
      'connect-src',
    ]) {
      expect(said).toContain(`${directive} on `)
    }
    await context.close()
  })

  it.each([
    ['dies', true, undefined],
    ['would run without the policy', false, 'it ran'],
  ])('in the text of a page %s', async (_what, keep, ran) => {
    const { context, page } = await watched()
    await page.route(`${shop.storefront}/eu`, async (route) => {
      const response = await route.fetch()
      const html = await response.text()
      const { 'content-security-policy': policy, ...headers } = response.headers()
      expect(policy).toContain('sha256-')
      const body = html.replace('<main>', `<main><script>window.ran='it ran'</script>`)
      expect(body).not.toBe(html)
      if (keep) headers['content-security-policy'] = policy ?? ''
      await route.fulfill({ response, headers, body })
    })
    await page.goto(`${shop.storefront}/eu`)
    await page.waitForFunction(taken)
    expect(await page.evaluate(() => window.ran)).toBe(ran)
    await context.close()
  })
})

it('a shopper without scripts is led to the invoice', async () => {
  const shopper = await watched()
  await addToCart(shopper)
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await shopper.context.storageState(),
  })
  const checkout = await plain.newPage()
  await checkout.goto(`${shop.storefront}/eu/checkout`)
  await fillAddress(checkout, 'ada@example.org')
  await chooseDelivery(checkout)
  await checkout.getByTestId('pay-with-bitcoin').click()
  await atInvoice(checkout)
  await plain.close()
  await shopper.context.close()
})
