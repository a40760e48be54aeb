import { describe, expect, it } from 'vitest'
import type { Language } from './content'
import { formatMoment, formatMoney, oneLine } from './format'
import { languageOf } from './language'
import { escapeHtml, safeLink } from './layout/escape'
import { MAIL_KINDS, type MailKind, type Mails, renderMail } from './render'
import { samples } from './samples'

const LANGUAGES: Language[] = ['en', 'de']
const all = MAIL_KINDS.flatMap((kind) => LANGUAGES.map((language) => ({ kind, language })))

function render<Kind extends MailKind>(
  kind: Kind,
  language: Language = 'en',
  change: Partial<Mails[Kind]> = {},
) {
  return renderMail(kind, { ...samples[kind], ...change }, language)
}

/** What a reader sees of a page, without its tags. */
function visible(html: string): string {
  return html
    .replace(/<style>.*?<\/style>|<[^>]+>/gs, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
}

/** Every link of a page. */
function links(html: string): string[] {
  return [...html.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link)
}

describe('every mail in both languages', () => {
  it.each(all)('$kind ($language) is a page of that language', ({ kind, language }) => {
    const { html } = render(kind, language)
    expect(html).toMatch(new RegExp(`^<!doctype html>\n<html lang="${language}">`))
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html).toContain('<main')
  })

  it.each(all)('$kind ($language) differs from the other language', ({ kind, language }) => {
    const other = render(kind, language === 'en' ? 'de' : 'en')
    const mail = render(kind, language)
    expect(mail.text).not.toBe(other.text)
    // A heading that was forgotten in translation would be the same.
    const heading = /<h1[^>]*>([^<]*)</
    expect(heading.exec(mail.html)?.[1]).not.toBe(heading.exec(other.html)?.[1])
  })

  it.each(all)('$kind ($language) loads nothing from elsewhere', ({ kind, language }) => {
    const { html } = render(kind, language)
    expect(html).not.toMatch(/<(img|script|link|iframe|object|form|svg|base)\b/i)
    expect(html).not.toMatch(/\ssrc=|url\(|@import|@font-face|\son\w+=/i)
  })

  it.each(all)('$kind ($language) can be read in the dark', ({ kind, language }) => {
    const { html } = render(kind, language)
    expect(html).toContain('<meta name="color-scheme" content="light dark">')
    const dark = /@media \(prefers-color-scheme: dark\) \{(.*?)\n\}/s.exec(html)?.[1] ?? ''
    const classes = new Set([...html.matchAll(/class="([^"]+)"/g)].flatMap((m) => m[1]?.split(' ')))
    expect(classes.size).toBeGreaterThan(3)
    // Whatever has a colour has one in the dark, too.
    for (const name of classes) expect(dark, name).toMatch(new RegExp(`\\.${name} \\{`))
    for (const [tag] of html.matchAll(/<[^>]*style="[^"]*(?:[^-]color|background):[^"]*"[^>]*>/g)) {
      expect(tag).toMatch(/class="/)
    }
  })

  it.each(all)('$kind ($language) says the same in both forms', ({ kind, language }) => {
    const { html, text } = render(kind, language)
    const seen = visible(html)
    for (const link of new Set(links(html))) expect(text).toContain(link.replaceAll('&amp;', '&'))
    const words = text.split(/\s+/).filter((word) => /^[\p{L}\d.,€#]{3,}$/u.test(word))
    expect(words.length).toBeGreaterThan(15)
    for (const word of words) expect(seen, word).toContain(word)
  })

  it.each(all)('$kind ($language) has a subject and no gap', ({ kind, language }) => {
    const { subject, html, text } = render(kind, language)
    expect(subject.length).toBeGreaterThan(8)
    expect(subject.length).toBeLessThan(80)
    expect(`${subject}${html}${text}`).not.toMatch(/undefined|null|NaN|\[object|Invalid Date/)
    expect(html.length).toBeLessThan(15_000)
  })

  it.each(all)('$kind ($language) is stored as it is', ({ kind, language }) => {
    expect(render(kind, language)).toEqual(render(kind, language))
  })
})

describe('a payment that the owner has settled by hand', () => {
  it.each(LANGUAGES)('is not said to have been received (%s)', (language) => {
    const { text } = render('payment-paid', language, { paid: '0' })
    expect(text).not.toMatch(/0[.,]00|received|erhalten|Eingegangen/)
    expect(text).toMatch(
      language === 'en' ? /marked your order #1042 as paid/ : /als bezahlt vermerkt/,
    )
  })
})

describe('amounts', () => {
  it('are written as the reader writes them', () => {
    const space = (text: string) => text.replace(/\u00a0/g, ' ')
    const euro = { amount: '1234.5', currency: 'eur' }
    expect(space(formatMoney(euro, 'de'))).toBe('1.234,50 €')
    expect(formatMoney(euro, 'en')).toBe('€1,234.50')
    expect(formatMoney({ amount: '12', currency: 'USD' }, 'en')).toBe('$12.00')
    expect(space(formatMoney({ amount: '12', currency: 'usd' }, 'de'))).toBe('12,00 $')
  })

  it('have no digits after the point where the currency has none, and three where it has three', () => {
    expect(formatMoney({ amount: '1500', currency: 'JPY' }, 'en')).toMatch(/1,500$/)
    expect(formatMoney({ amount: '1499.5', currency: 'JPY' }, 'en')).toMatch(/1,500$/)
    expect(formatMoney({ amount: '1.2345', currency: 'KWD' }, 'en')).toMatch(/1\.235$/)
  })

  it('lose nothing on their way and survive a code that nobody knows', () => {
    expect(formatMoney({ amount: '90071992547409931.25', currency: 'USD' }, 'en')).toBe(
      '$90,071,992,547,409,931.25',
    )
    expect(formatMoney({ amount: '12.5', currency: 'points' }, 'en')).toBe('12.50 POINTS')
  })

  it('stand in the mail in the order’s currency', () => {
    const order = { ...samples['order-placed'], currency: 'JPY', total: '7520' }
    expect(renderMail('order-placed', order, 'de').text.replace(/\u00a0/g, ' ')).toMatch(
      /^Gesamt +7\.520 ¥$/m,
    )
    const { text, subject } = render('payment-underpaid', 'de')
    expect(text.replace(/\u00a0/g, ' ')).toContain('Noch offen: 5,20 €')
    expect(subject.replace(/\u00a0/g, ' ')).toBe('Es fehlen noch 5,20 €')
    expect(render('payment-overpaid').text).toContain('That is €4.80 more than')
  })
})

describe('what strangers typed', () => {
  const evil = '<b onmouseover="alert(1)">Ada</b>\r\nBcc: everyone@example.org\u202e'

  it('stays text in HTML', () => {
    const line = { title: evil, variant: evil, quantity: 1, amount: '1' }
    const { html } = render('order-placed', 'en', { lines: [line], address: [evil, evil] })
    expect(html).not.toContain('<b ')
    expect(html.match(/&lt;b onmouseover=&quot;alert\(1\)&quot;&gt;Ada/g)).toHaveLength(4)
  })

  it('cannot begin a line of its own', () => {
    const line = { title: evil, variant: '', quantity: 1, amount: '1' }
    const { text } = render('order-placed', 'en', { lines: [line], address: [evil] })
    expect(text).not.toMatch(/^Bcc:/m)
    expect(text).not.toContain('\u202e')
    const { subject } = render('owner-order', 'en', {
      order: { ...samples['owner-order'].order, currency: 'x\r\nBcc: a@b' },
    })
    expect(subject).not.toMatch(/[\r\n]/)
  })

  it('is shortened in a subject', () => {
    const order = { ...samples['owner-order'].order, currency: 'é'.repeat(500) }
    expect([...render('owner-order', 'en', { order }).subject]).toHaveLength(150)
  })

  it('may be missing altogether', () => {
    const line = { title: '', variant: '', quantity: 1, amount: '0' }
    const { html, text } = render('order-placed', 'en', {
      lines: [line],
      address: [],
      shippingName: '',
      link: undefined,
    })
    expect(text).not.toContain('Delivery to')
    expect(links(html)).toEqual([])
    expect(render('order-placed', 'en', { address: ['\u200b'] }).text).not.toContain('Delivery to')
  })

  it('keeps the names of the world', () => {
    const names = ['Zoë Ångström', '山田太郎', 'Ғалия', 'O’Brien & Søn', 'María José']
    const { html, text } = render('order-placed', 'de', { address: names })
    for (const name of names) {
      expect(text).toContain(name)
      expect(html).toContain(escapeHtml(name))
    }
    expect(oneLine(' a\t b\u0000c ')).toBe('a b c')
  })

  it('names the country in the reader’s language', () => {
    expect(render('order-placed', 'de').text).toMatch(/^Deutschland$/m)
    expect(render('shipped', 'en').text).toMatch(/^Germany$/m)
    // A code that is no country stays what it is.
    expect(render('order-placed', 'en', { address: ['QQ'] }).text).toMatch(/^QQ$/m)
  })

  it('cannot become a link that runs', () => {
    expect(() => safeLink('javascript:alert(1)')).toThrow(/a link by javascript:/)
    expect(() => safeLink('no address')).toThrow()
    expect(() => render('refund-ready', 'en', { claimLink: 'data:text/html,x' })).toThrow()
  })
})

describe('a long order', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      title: `Pipette ${n}`,
      variant: 'x'.repeat(80),
      quantity: n + 1,
      amount: '1',
    }))

  it('shows fifty lines and says how many more there are', () => {
    const mail = render('order-placed', 'en', { lines: lines(500) })
    expect(mail.text).toContain('Pipette 49')
    expect(mail.text).not.toContain('Pipette 50 ')
    expect(mail.text).toContain('and 450 more lines')
    expect(visible(mail.html)).toContain('and 450 more lines')
    // Some mail programs cut a message there.
    expect(Buffer.byteLength(mail.html)).toBeLessThan(100_000)
    expect(render('order-placed', 'de', { lines: lines(51) }).text).toContain(
      'und eine weitere Position',
    )
    expect(render('order-placed', 'en', { lines: lines(50) }).text).not.toContain('more line')
  })
})

describe('a parcel', () => {
  it('is tracked by a link and a number', () => {
    const { html, text } = render('shipped')
    expect(text).toContain('Tracking number: 00340434161094042557')
    expect(links(html)[0]).toMatch(/^https:\/\/www\.dhl\.de\/.*piececode=00340434161094042557$/)
  })

  it('is announced without tracking, too', () => {
    const { text, html } = render('shipped', 'de', { tracking: [] })
    expect(text).toContain('Diese Sendung hat keine Sendungsnummer.')
    expect(links(html)[0]).toBe(samples.shipped.link)
    const number = render('shipped', 'en', { tracking: [{ number: 'A1' }] })
    expect(number.text).toContain('Tracking number: A1')
    expect(number.text).not.toContain('Track the parcel')
  })
})

describe('a moment', () => {
  it('is told with its time zone', () => {
    const noon = '2026-07-01T12:05:00.000Z'
    expect(formatMoment(noon, 'de')).toMatch(/1\. Juli 2026 um 14:05 MESZ/)
    expect(formatMoment(noon, 'en')).toMatch(/1 July 2026 at 12:05 UTC/)
  })
})

describe('the language', () => {
  it.each([
    ['de', 'de'],
    ['de-AT', 'de'],
    ['DE-ch', 'de'],
    ['en', 'en'],
    ['en-AT', 'en'],
    // A country, and languages that mails are not written in.
    ['at', 'en'],
    ['fr-CH', 'en'],
    ['', 'en'],
    [null, 'en'],
    [undefined, 'en'],
    // No language tags.
    ['de_AT', 'en'],
    ['de-', 'en'],
    ['de\r\nBcc: a@b', 'en'],
    ['d'.repeat(10_000), 'en'],
  ] as const)('of locale %j is %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language)
  })
})

describe('a mail for a new password', () => {
  it('says nothing of who it is for', () => {
    for (const language of LANGUAGES) {
      const { text, subject } = render('password-reset', language)
      expect(`${subject}${text}`).not.toMatch(/@|account (was|is)|existiert|exists/i)
    }
  })
})
