import type { Page } from 'playwright-core'
import { shop } from '../integration/shop.ts'

/** The checkout's first form, of a shopper in Berlin. */
export async function fillAddress(page: Page, email: string): Promise<void> {
  await page.fill('[name=email]', email)
  await page.fill('[name=first_name]', 'Ada')
  await page.fill('[name=last_name]', 'Lovelace')
  await page.fill('[name=address_1]', 'Analytical Way 1')
  await page.fill('[name=postal_code]', '10115')
  await page.fill('[name=city]', 'Berlin')
  await page.selectOption('[name=country_code]', 'de')
}

/** From a filled-in address to the button that leads to BTCPay. */
export async function chooseDelivery(page: Page): Promise<void> {
  await page.getByTestId('submit-address').click()
  await page.getByTestId('shipping-option').first().check()
  await page.getByTestId('submit-delivery').click()
}

/** Goes on from our page of the payment to BTCPay's page of the invoice. */
export async function atInvoice(page: Page): Promise<void> {
  await page.waitForURL(/\/order\/page_/)
  await page.getByTestId('open-invoice').click()
  await page.waitForURL((url) => url.href.startsWith(`${shop.btcpay}/i/`))
}

/** Pays all of the invoice that the page shows; gives the text with the order's number. */
export async function payInFull(page: Page): Promise<string | null> {
  await page.getByTestId('pay-full').click()
  await page
    .getByTestId('return')
    .click()
    .catch(() => undefined)
  await page.waitForURL(/\/order\/page_/)
  await page.locator('[data-testid=order-status][data-status=paid]').waitFor()
  return page.getByTestId('order-number').textContent()
}
