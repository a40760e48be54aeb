import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'

/** Phone and desktop, in CSS pixels. */
export const SCREENS = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const

/** Chromium of the distribution: no browser is downloaded; `args` are more of its flags. */
export async function openBrowser(args: string[] = []): Promise<Browser> {
  const executablePath = process.env.RR_CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: install the package chromium`)
  }
  return chromium.launch({
    executablePath,
    // Root may not use the sandbox; the other flags keep it from calling out.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
}

/** A fresh visitor on a phone or at a desk. */
export function visitor(browser: Browser, screen: keyof typeof SCREENS): Promise<BrowserContext> {
  return browser.newContext({
    viewport: SCREENS[screen],
    deviceScaleFactor: screen === 'phone' ? 2 : 1,
    hasTouch: screen === 'phone',
    isMobile: screen === 'phone',
    reducedMotion: 'reduce',
  })
}
