import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { DeclaredCaddy, DOMAIN } from '../host/caddy.ts'
import { shop } from '../integration/shop.ts'
import { openBrowser } from './browser.ts'

const API = `api.${DOMAIN}`
const PICTURES = process.env.RR_PICTURES ?? join(import.meta.dirname, '../../.data/pictures')

/** The admin of the running shop in a browser, behind the declared Caddy and its policy. */
export class AdminBrowser {
  private readonly caddy: DeclaredCaddy
  private browser: Browser | undefined
  /** What the content security policy has refused. */
  readonly refused: string[] = []

  /** @param port the first of Caddy's free ports */
  constructor(port: number) {
    this.caddy = new DeclaredCaddy(port)
  }

  async start(): Promise<void> {
    mkdirSync(PICTURES, { recursive: true })
    this.caddy.pointTo('storefront', Number(new URL(shop.storefront).port))
    this.caddy.pointTo('medusa', Number(new URL(shop.api).port))
    mkdirSync(join(this.caddy.folder, 'assets'), { recursive: true })
    await this.caddy.start()
    this.browser = await openBrowser([
      `--host-resolver-rules=MAP ${DOMAIN} 127.0.0.1, MAP ${API} 127.0.0.1`,
      '--ignore-certificate-errors',
    ])
  }

  async stop(): Promise<void> {
    await this.browser?.close()
    await this.caddy.stop()
  }

  /** A page of the admin below /app, signed in as the seeded owner. */
  async open(path: string): Promise<Page> {
    if (!this.browser) throw new Error('the browser is not started')
    const page = await this.browser.newPage({
      ignoreHTTPSErrors: true,
      viewport: { width: 1440, height: 1200 },
    })
    page.setDefaultTimeout(60_000)
    page.on('console', (message) => {
      // Pictures of the test's shop have an address without TLS; on the host theirs is https.
      const picture = message.text().includes(`${shop.api}/static/`)
      if (!picture && /Content.Security.Policy/i.test(message.text()))
        this.refused.push(message.text())
    })
    const front = `https://${API}:${this.caddy.ports.https}/app`
    await page.goto(`${front}/login`)
    await page.getByPlaceholder(/email/i).fill(shop.adminEmail)
    await page.getByPlaceholder(/password/i).fill(shop.adminPassword)
    await page.getByRole('button', { name: /continue/i }).click()
    await page.waitForURL(/\/app\/orders/)
    await page.goto(`${front}${path}`)
    return page
  }

  /** A picture for whoever looks at what the tests saw. */
  async picture(page: Page, name: string): Promise<void> {
    await page.screenshot({ path: join(PICTURES, `${name}.png`) })
  }
}
