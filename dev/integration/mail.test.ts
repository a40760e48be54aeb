import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { CaughtMail } from '../mail/inbox.ts'
import { confirm, expire, pay, webhooks } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { mailsAbout } from './mails.ts'
import { admin, call, processControl, shop } from './shop.ts'
import { type Order, orders, type PayableCart, payableCart, paymentStatus } from './shopper.ts'

const MAIL_SECONDS = 60
/** Longer than the timers of inbox, reconciliation and outbox: whatever comes twice has come by then. */
const SETTLED_MS = 15_000
const SHOPPER = 'ada@example.org'
const OWNER = process.env.OWNER_EMAIL ?? 'OWNER_EMAIL is not set'

/** Waits for a mail about something with this subject. */
function mail(about: string, subject: RegExp): Promise<CaughtMail> {
  return eventually(`a mail with subject ${subject}`, MAIL_SECONDS, async () =>
    (await mailsAbout(about)).find((each) => subject.test(each.subject)),
  )
}

/** What was promised to come once: looked at when all is over, since what comes twice comes late. */
const promised = new Map<string, string[]>()

/** Says which mails there may be about something, by their subjects, and no others. */
function only(about: string, subjects: string[]): void {
  promised.set(about, subjects.toSorted())
}

/** A text on one line, with plain spaces. */
const plain = (text: string) => text.replace(/\s+/g, ' ')

let signedIn: string | undefined
/** One call of Medusa's admin API that changes something. */
async function change<T>(path: string, body: unknown): Promise<T> {
  const json = { 'content-type': 'application/json' }
  signedIn ??= (
    await call<{ token: string }>(`${shop.api}/auth/user/emailpass`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ email: shop.adminEmail, password: shop.adminPassword }),
    })
  ).token
  return call<T>(`${shop.api}/admin${path}`, {
    method: 'POST',
    headers: { ...json, authorization: `Bearer ${signedIn}` },
    body: JSON.stringify(body),
  })
}

/** A cart of a shopper who reads German. */
const germanCart = () => payableCart('eur', { locale: 'de' })

/** Buys and pays; gives the secret of the order's page and the order. */
async function bought(cart: PayableCart): Promise<{ token: string; order: Order }> {
  await pay(cart.invoiceId)
  const number = await eventually('the order', 90, async () => {
    return (await paymentStatus(cart.token)).order_number ?? undefined
  })
  const order = (await orders()).find((each) => each.display_id === number)
  if (!order) throw new Error(`no order ${number}`)
  return { token: cart.token, order }
}

const german = (amount: number) =>
  new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' })
    .format(amount)
    .replace(/\u00a0/g, ' ')

afterEach(() => webhooks('deliver'))

describe('a paid order', () => {
  // First, since a catcher that ends forgets what it has.
  it('is confirmed when the mail server was away', async () => {
    await processControl('mail', 'kill')
    const { token, order } = await bought(await germanCart()).finally(async () => {
      // The first try has failed by then.
      await delay(5_000)
      await processControl('mail', 'start')
    })
    const number = `#${order.display_id}`
    await mail(token, /^Deine Bestellung/)
    await mail(token, /^Zahlung/)
    await mail(order.id, /^Order #/)
    only(token, [
      `Deine Bestellung ${number} bei Research Relay`,
      `Zahlung für Bestellung ${number} erhalten`,
    ])
    only(order.id, [`Order ${number}: €${order.total.toFixed(2)}`])
  })

  it('is confirmed, its payment, too, and its owner told, when every webhook comes twice', async () => {
    await webhooks('duplicate')
    const { token, order } = await bought(await germanCart())
    const number = `#${order.display_id}`
    const total = german(order.total)
    const confirmed = await mail(token, /^Deine Bestellung/)
    expect(confirmed.to).toEqual([SHOPPER])
    expect(confirmed.from).toBe('"Research Relay" <shop@research-relay.test>')
    expect(confirmed.text.replace(/\u00a0/g, ' ')).toMatch(new RegExp(`^Gesamt +${total}$`, 'm'))
    expect(confirmed.text).toMatch(/^Ada Lovelace\nAnalytical Way 1\n10115 Berlin\nDeutschland$/m)
    expect(confirmed.html).toContain('<html lang="de">')
    const paid = await mail(token, /^Zahlung/)
    expect(paid.to).toEqual([SHOPPER])
    expect(plain(paid.text)).toContain(`Wir haben ${total} für deine Bestellung ${number}`)
    const told = await mail(`/app/orders/${order.id}`, /^Order #/)
    expect(told.to).toEqual([OWNER])
    expect(new Set([confirmed, paid, told].map((each) => each.messageId)).size).toBe(3)
    only(token, [
      `Deine Bestellung ${number} bei Research Relay`,
      `Zahlung für Bestellung ${number} erhalten`,
    ])
    only(order.id, [`Order ${number}: €${order.total.toFixed(2)}`])
  })

  it('from another country is confirmed in English and in its own currency', async () => {
    const { token, order } = await bought(await payableCart('usd'))
    const confirmed = await mail(token, /^Your order/)
    expect(confirmed.html).toContain('<html lang="en">')
    expect(confirmed.text).toMatch(new RegExp(`^Total +\\$${order.total.toFixed(2)}$`, 'm'))
    expect(confirmed.text).toContain('United States')
  })

  it('in English is told so all along, although it goes to Austria', async () => {
    const cart = await payableCart('eur', { country: 'at', locale: 'en' })
    const { token, order } = await bought(cart)
    const number = `#${order.display_id}`
    const confirmed = await mail(token, /^Your order/)
    expect(confirmed.html).toContain('<html lang="en">')
    expect(confirmed.text).toMatch(/^Austria$/m)
    await mail(token, /^Payment/)
    only(token, [`Your order ${number} at Research Relay`, `Payment received for order ${number}`])
  })
})

describe('a payment', () => {
  it('on chain is told when it is seen, and again when it is paid', async () => {
    const cart = await germanCart()
    await pay(cart.invoiceId, 'onchain')
    const seen = await mail(cart.token, /^Deine Bitcoin-Zahlung/)
    expect(seen.to).toEqual([SHOPPER])
    // Every look of the reconciliation says "seen" again.
    await delay(SETTLED_MS)
    expect(await mailsAbout(cart.token)).toHaveLength(1)
    await confirm(cart.invoiceId)
    const { subject: paid } = await mail(cart.token, /^Zahlung für Bestellung #\d+ erhalten$/)
    const { subject: placed } = await mail(cart.token, /^Deine Bestellung/)
    only(cart.token, [seen.subject, paid, placed])
  })

  it('of a part says what is missing, and where to pay it', async () => {
    const cart = await germanCart()
    const { amount } = await paymentStatus(cart.token)
    await pay(cart.invoiceId, 'lightning', '1.00')
    const missing = german(Number((Number(amount) - 1).toFixed(2)))
    const part = await mail(cart.checkoutLink, /^Es fehlen noch/)
    expect(plain(part.text)).toContain(`${german(1)} sind eingegangen, ${missing} fehlen`)
    only(cart.checkoutLink, [`Es fehlen noch ${missing}`])
  })

  it('of too much says so', async () => {
    const cart = await germanCart()
    const { amount } = await paymentStatus(cart.token)
    await pay(cart.invoiceId, 'lightning', (Number(amount) + 3).toFixed(2))
    const over = await mail(cart.token, /ist zu viel eingegangen$/)
    expect(plain(over.text)).toContain(`Das sind ${german(3)} mehr als nötig`)
    const placed = await mail(cart.token, /^Deine Bestellung/)
    only(cart.token, [over.subject, placed.subject])
  })
})

describe('money that no order stands for', () => {
  it('is told to shopper and owner, each once, although every look finds it again', async () => {
    const cart = await germanCart()
    await expire(cart.invoiceId)
    await pay(cart.invoiceId, 'onchain')
    const shopper = await mail(cart.reference, /^Deine Zahlung kam zu spät an$/)
    expect(shopper.to).toEqual([SHOPPER])
    expect(shopper.text).toContain(cart.token)
    const owner = await mail(cart.reference, /^Money without an order: €/)
    expect(owner.to).toEqual([OWNER])
    expect(owner.text).toContain(`${shop.btcpay}/invoices/${cart.invoiceId}`)
    expect(owner.text).not.toContain(cart.token)
    expect(plain(owner.text)).toContain('mark the invoice as settled in BTCPay')
    for (let look = 1; look <= 3; look++) await paymentStatus(cart.token)
    only(cart.reference, [shopper.subject, owner.subject])
  })

  it('because it was too much is told to the owner, with the order that it belongs to', async () => {
    const cart = await germanCart()
    const { amount } = await paymentStatus(cart.token)
    await pay(cart.invoiceId, 'lightning', (Number(amount) + 3).toFixed(2))
    const owner = await mail(cart.reference, /^Order #\d+: €.* need a decision$/)
    expect(owner.to).toEqual([OWNER])
    expect(plain(owner.text)).toContain('more came than was due')
    only(cart.reference, [owner.subject])
  })
})

describe('an order that goes on', () => {
  it('is refunded by a link', async () => {
    const { order } = await bought(await germanCart())
    const found = await admin<{
      order: { payment_collections: { payments: { id: string }[] }[] }
    }>(`/orders/${order.id}?fields=id,*payment_collections.payments`)
    const payment = found.order.payment_collections[0]?.payments[0]
    await eventually('a payment that may be refunded', 30, async () => {
      await change(`/payments/${payment?.id}/refund`, { amount: 2 })
      return true
    })
    const refund = await eventually('the mail', MAIL_SECONDS, async () =>
      (await mailsAbout('/pull-payments/')).find((each) =>
        each.text.includes(`Bestellung #${order.display_id}`),
      ),
    )
    expect(refund.to).toEqual([SHOPPER])
    const link = /http\S+\/pull-payments\/\S+/.exec(refund.text)?.[0] ?? ''
    expect(link).toMatch(new RegExp(`^${shop.btcpay}/pull-payments/\\w+$`))
    only(link, ['Deine Erstattung über 2,00 € liegt bereit'])
  })

  it('is shipped with its tracking', async () => {
    const { token, order } = await bought(await germanCart())
    const { order: found } = await admin<{ order: { items: { id: string }[] } }>(
      `/orders/${order.id}?fields=id,*items`,
    )
    const items = found.items.map(({ id }) => ({ id, quantity: 1 }))
    const made = await change<{ order: { fulfillments: { id: string }[] } }>(
      `/orders/${order.id}/fulfillments?fields=id,*fulfillments`,
      { items },
    )
    const fulfillment = made.order.fulfillments[0]?.id
    const tracking_url = 'https://carrier.example/track?id=A1'
    await change(`/orders/${order.id}/fulfillments/${fulfillment}/shipments`, {
      items,
      labels: [{ tracking_number: 'A1-B2', tracking_url, label_url: '#' }],
    })
    const parcel = await mail(token, /ist unterwegs$/)
    expect(parcel.to).toEqual([SHOPPER])
    expect(parcel.text).toContain('Sendungsnummer: A1-B2')
    expect(parcel.text).toContain(tracking_url)
    only(tracking_url, [parcel.subject])
  })
})

describe('the administration', () => {
  const asks = (actor: 'user' | 'customer', identifier: string) =>
    fetch(`${shop.api}/auth/${actor}/emailpass/reset-password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ identifier }),
    })

  it('gets a link for a new password that works once, and nobody learns whether an address exists', async () => {
    const unknown = await asks('user', 'nobody@example.org')
    const customer = await asks('customer', shop.adminEmail)
    expect(customer.status).toBe(404)
    // The last one counts: Medusa takes the earlier tokens back.
    const known = await asks('user', shop.adminEmail)
    for (const answer of [unknown, known]) expect(answer.status).toBe(201)
    expect(await unknown.text()).toBe(await known.text())
    const page = `${shop.api}/app/reset-password?token=`
    const reset = await mail(page, /^Choose a new password$/)
    expect(reset.to).toEqual([shop.adminEmail])
    only(page, ['Choose a new password'])
    const given = /reset-password\?token=(\S+)/.exec(reset.text)?.[1] ?? ''
    const use = () =>
      fetch(`${shop.api}/auth/user/emailpass/update`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${given}` },
        body: JSON.stringify({ password: shop.adminPassword }),
      })
    expect((await use()).status).toBe(200)
    expect((await use()).status).toBe(401)
    // A new password ends every session.
    signedIn = undefined
  })

  it('invites by a link, and again by another when asked to', async () => {
    const email = `invited-${Date.now()}@example.org`
    const { invite } = await change<{ invite: { id: string; token: string } }>('/invites', {
      email,
    })
    const page = `${shop.api}/app/invite?token=`
    const first = `${page}${invite.token}`
    const { subject } = await mail(first, /^You are invited/)
    await change(`/invites/${invite.id}/resend`, {})
    const links = await eventually('another invitation', MAIL_SECONDS, async () => {
      const mine = (await mailsAbout(page)).filter(({ to }) => to.includes(email))
      return mine.length === 2 && mine.map(({ text }) => /token=(\S+)/.exec(text)?.[1] ?? '')
    })
    expect(new Set(links).size).toBe(2)
    for (const token of links) only(token, [subject])
  })
})

it('sends none of these mails twice', async () => {
  expect(promised.size).toBeGreaterThan(8)
  await delay(SETTLED_MS)
  for (const [about, subjects] of promised) {
    const came = (await mailsAbout(about)).map(({ subject }) => subject.replace(/\u00a0/g, ' '))
    expect(came.toSorted(), about).toEqual(subjects.map((each) => each.replace(/\u00a0/g, ' ')))
  }
})
