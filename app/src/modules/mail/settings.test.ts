import { describe, expect, it } from 'vitest'
import type { Environment } from '../../environment'
import { GIVE_UP_AFTER_MS, isLastTry, retryDelayMs } from './schedule'
import { bareAddress, mailSettings } from './settings'

const production: Environment = {
  production: true,
  SMTP_URL: 'smtps://user:pass@smtp.example.org:465',
  MAIL_FROM: 'Research Relay <shop@research-relay.com>',
  OWNER_EMAIL: 'owner@research-relay.com',
}

describe('mail', () => {
  it('is sent when server and sender are set', () => {
    expect(mailSettings(production)).toEqual({
      on: true,
      smtpUrl: production.SMTP_URL,
      from: production.MAIL_FROM,
      owner: production.OWNER_EMAIL,
    })
  })

  it('is off without SMTP_URL, and that is no mistake', () => {
    const settings = mailSettings({ ...production, SMTP_URL: undefined })
    expect(settings).toEqual({ on: false, why: 'SMTP_URL is not set', mistake: false })
  })

  it.each([
    [{ SMTP_URL: 'https://smtp.example.org' }, 'SMTP_URL must begin with smtp: or smtps:'],
    [{ MAIL_FROM: undefined }, 'SMTP_URL is set, but MAIL_FROM is not'],
    [{ MAIL_FROM: 'Research Relay' }, 'MAIL_FROM is not an address'],
    // What development fills in belongs to nobody.
    [
      { MAIL_FROM: 'Research Relay <shop@research-relay.test>' },
      'SMTP_URL is set, but MAIL_FROM is not',
    ],
  ])('is off by mistake with %j', (change, why) => {
    expect(mailSettings({ ...production, ...change })).toEqual({ on: false, why, mistake: true })
  })

  it('goes to shoppers also when the owner’s address is missing', () => {
    for (const owner of [undefined, 'owner@research-relay.test', 'not an address']) {
      const settings = mailSettings({ ...production, OWNER_EMAIL: owner })
      expect(settings).toMatchObject({ on: true })
      expect(settings).not.toHaveProperty('owner')
    }
  })

  it('knows the address of a sender with a name', () => {
    expect(bareAddress('Research Relay <shop@research-relay.com>')).toBe('shop@research-relay.com')
    expect(bareAddress(' shop@research-relay.com ')).toBe('shop@research-relay.com')
  })
})

describe('a mail that fails', () => {
  it('is tried again after half a minute, then ever more seldom, at most every 4 hours', () => {
    const minutes = Array.from({ length: 12 }, (_, n) => retryDelayMs(n + 1) / 60_000)
    expect(minutes).toEqual([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240])
  })

  it('is tried for a day and no longer', () => {
    const written = new Date('2026-11-25T00:00:00Z')
    let now = written
    let attempts = 1
    while (!isLastTry(written, attempts, now)) {
      now = new Date(now.getTime() + retryDelayMs(attempts))
      attempts += 1
      expect(attempts).toBeLessThan(30)
    }
    expect(attempts).toBe(14)
    const hours = (now.getTime() - written.getTime()) / 3_600_000
    expect(hours).toBeGreaterThan(20)
    expect(hours).toBeLessThanOrEqual(GIVE_UP_AFTER_MS / 3_600_000)
  })
})
