import { afterEach, describe, expect, it } from 'vitest'
import type { CaughtMail } from '../mail/inbox.ts'
import { beginPayment } from './begin-payment.ts'
import { expire, keptOf, pay, sessionOf, webhooks } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { admin, askStore, call, shop, store } from './shop.ts'
import { type Order, orders, type PayableCart, payableCart, paymentStatus } from './shopper.ts'

const catcher = `http://127.0.0.1:${process.env.MAIL_WEB_PORT}`
/** Ids of Medusa, whatever they name. */
const MEDUSA_ID = /\b(?!page_)[a-z]{2,10}(?:_[a-z]{2,10})*_[0-9A-Z]{26}\b/g

/** An answer of the storefront as it is: a redirect is an answer, too. */
function page(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${shop.storefront}${path}`, { headers, redirect: 'manual' })
}

async function bought(): Promise<{ cart: PayableCart; order: Order }> {
  const cart = await payableCart()
  await pay(cart.invoiceId)
  const number = await eventually('the order', 90, async () => {
    return (await paymentStatus(cart.token)).order_number ?? undefined
  })
  const order = (await orders()).find(({ display_id }) => display_id === number)
  if (!order) throw new Error(`no order ${number}`)
  return { cart, order }
}

afterEach(() => webhooks('deliver'))

describe('the link of an order page', () => {
  it('is a secret of its own: no id that BTCPay, a log or an admin sees opens anything', async () => {
    const { cart, order } = await bought()
    const ids = [cart.reference, sessionOf(cart.invoiceId), cart.invoiceId, cart.cartId, order.id]
    for (const id of ids) {
      for (const path of [
        `/order-pages/${id}`,
        `/btcpay/sessions/${id}`,
        `/carts/${id === cart.cartId ? 'none' : id}`,
      ]) {
        expect((await askStore('GET', path)).status, path).toBe(404)
      }
      expect((await page(`/api/payments/${id}`)).status, id).toBe(404)
      const seen = await page(`/order/${id}`)
      expect([404, 307], id).toContain(seen.status)
      expect(await seen.text()).not.toMatch(/Ada|Lovelace|Analytical|@example\.org/)
    }
  })

  it('says the same for a link that nobody has and for one that was replaced', async () => {
    const { cart, order } = await bought()
    await admin(`/orders/${order.id}/page-link`, {})
    const unknown = `page_${'0'.repeat(26)}`
    const answers = await Promise.all(
      [cart.token, unknown, 'page_', 'x'].map(async (token) => {
        const answer = await askStore('GET', `/order-pages/${token}`)
        return [answer.status, await answer.text()]
      }),
    )
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(answers[0]?.[0]).toBe(404)
    for (const token of [cart.token, unknown]) {
      expect((await askStore('POST', `/order-pages/${token}/payment`)).status).toBe(404)
      expect((await page(`/api/payments/${token}`)).status).toBe(404)
      expect((await page(`/order/${token}`)).status).toBe(404)
    }
  })

  it('is not known to BTCPay', async () => {
    const cart = await payableCart()
    const kept = keptOf(cart.invoiceId)
    expect(kept).toContain(`${shop.storefront}/order/return/${cart.reference}`)
    expect(kept).not.toContain(cart.token)
    expect(kept).not.toMatch(/page_|cart_|pay_col_/)
  })

  it('is the same however often the payment is begun, and the invoice, too', async () => {
    const cart = await payableCart()
    const again = await Promise.all(
      Array.from({ length: 5 }, () => beginPayment(store, cart.cartId)),
    )
    for (const begun of again) {
      expect(begun).toEqual({
        under_way: false,
        checkout_link: cart.checkoutLink,
        order_page: cart.token,
        reference: cart.reference,
      })
    }
  })

  it('is made once when a payment is begun several times at one moment', async () => {
    const first = await payableCart()
    await expire(first.invoiceId)
    const begun = await Promise.all(
      Array.from({ length: 5 }, () => beginPayment(store, first.cartId)),
    )
    expect(new Set(begun.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(begun[0]?.order_page).toBe(first.token)
    expect(begun[0]?.reference).not.toBe(first.reference)
  })
})

describe('a payment', () => {
  it.each([
    ['an address', { email: 'ada@example.org' }, /enter your address/],
    ['a delivery', {}, /choose a delivery method/],
  ])('is not begun without %s', async (_what, _change, words) => {
    const paying = await payableCart()
    const { cart } = await store<{ cart: { region_id: string; items: { variant_id: string }[] } }>(
      `/carts/${paying.cartId}?fields=id,region_id,items.variant_id`,
    )
    const made = await store<{ cart: { id: string } }>('/carts', {
      region_id: cart.region_id,
      items: [{ variant_id: cart.items[0]?.variant_id, quantity: 1 }],
      ...(words.source.includes('delivery')
        ? { email: 'ada@example.org', shipping_address: { country_code: 'de' } }
        : {}),
    })
    const answer = await askStore('POST', `/carts/${made.cart.id}/payment`, {})
    expect(answer.status).toBe(400)
    expect(((await answer.json()) as { message: string }).message).toMatch(words)
  })

  it('of a cart that is not there is not begun', async () => {
    expect((await askStore('POST', '/carts/cart_none/payment', {})).status).toBe(404)
  })
})

describe('what an order page gives away', () => {
  it.each(['waiting', 'seen', 'paid'] as const)(
    'while it is %s is no id of a cart, a session, an order or an invoice',
    async (state) => {
      const cart = state === 'paid' ? (await bought()).cart : await payableCart()
      if (state === 'seen') {
        await pay(cart.invoiceId, 'onchain')
        await eventually('the page says seen', 30, async () => {
          return (await paymentStatus(cart.token)).status === 'seen'
        })
      }
      const texts = {
        api: await (await askStore('GET', `/order-pages/${cart.token}`)).text(),
        json: await (await page(`/api/payments/${cart.token}`)).text(),
        html: await (await page(`/order/${cart.token}`)).text(),
      }
      expect(texts.html).toContain('Your items')
      for (const [name, text] of Object.entries(texts)) {
        expect(text, name).toContain(cart.reference)
        // BTCPay's own checkout link names its invoice.
        const rest = text.replaceAll(cart.checkoutLink, '')
        expect(rest.match(MEDUSA_ID) ?? [], name).toEqual([])
        expect(rest, name).not.toContain(cart.invoiceId)
        expect(rest, name).not.toMatch(/Lovelace|Analytical|@example\.org/)
      }
    },
  )

  it('shows what was chosen, before and after it is an order', async () => {
    const cart = await payableCart()
    const before = await paymentStatus(cart.token)
    expect(before.lines).toMatchObject([
      { title: expect.stringMatching(/\w/), quantity: 1, total: expect.stringMatching(/^\d+\.?/) },
    ])
    await pay(cart.invoiceId)
    const after = await eventually('the order', 90, async () => {
      const seen = await paymentStatus(cart.token)
      return seen.order_number ? seen : undefined
    })
    expect(after.lines).toEqual(before.lines)
  })

  it('is kept by nobody and told to nobody', async () => {
    const cart = await payableCart()
    for (const path of [`/order/${cart.token}`, `/order/return/${cart.reference}`]) {
      const answer = await page(path)
      const html = await answer.text()
      expect(answer.headers.get('cache-control'), path).toMatch(/private/)
      expect(answer.headers.get('cache-control'), path).toMatch(/no-store/)
      expect(html, path).toContain('<meta name="referrer" content="no-referrer"/>')
      expect(html, path).toMatch(/<meta name="robots" content="noindex/)
    }
    const json = await page(`/api/payments/${cart.token}`)
    expect(json.headers.get('cache-control')).toBe('private, no-store')
  })
})

describe('the way back from BTCPay', () => {
  it('says to a stranger the same for every payment, and for none', async () => {
    const { cart } = await bought()
    const waiting = await payableCart()
    const texts = await Promise.all(
      [cart.reference, waiting.reference, '0123456789ab'].map(async (reference) => {
        const answer = await page(`/order/return/${reference}`)
        expect(answer.status).toBe(200)
        const html = await answer.text()
        expect(html).toContain('Your payment is being processed')
        const main = /<main.*<\/main>/s.exec(html)?.[0] ?? ''
        return main.replaceAll(reference, 'REFERENCE')
      }),
    )
    expect(texts[0]).toContain('REFERENCE')
    expect(new Set(texts).size).toBe(1)
    const odd = await (await page('/order/return/%3Cb%3EAda')).text()
    expect(odd).not.toMatch(/<b>Ada|mention payment/)
  })

  it('leads only the browser that began the payment to its page', async () => {
    const cart = await payableCart()
    const path = `/order/return/${cart.reference}`
    const mine = await page(path, { cookie: `rr_order_page=${cart.token}` })
    expect([mine.status, mine.headers.get('location')]).toEqual([307, `/order/${cart.token}`])
    const forged = await page(path, { cookie: 'rr_order_page=//another.example' })
    expect(forged.status).toBe(200)
  })

  it('of an invoice from before there were secret links leads to the same page', async () => {
    const old = await page('/order/payses_01KAXJ6M3Q8Y5T2W9V4R7N1B0Z')
    expect([old.status, old.headers.get('location')]).toEqual([307, '/order/return/earlier'])
  })
})

describe('an admin', () => {
  /** Mails with a new link to this order. */
  const newLinks = async (order: Order): Promise<CaughtMail[]> => {
    const { messages } = await call<{ messages: CaughtMail[] }>(`${catcher}/api/messages`)
    return messages.filter(
      ({ subject }) => subject === `A new link to your order #${order.display_id}`,
    )
  }

  it('replaces the link: the old one is dead, the shopper gets the new one, twice in a moment is once', async () => {
    const { cart, order } = await bought()
    const answers = await Promise.all(
      [1, 2, 3].map(() => admin<{ page_link: object }>(`/orders/${order.id}/page-link`, {})),
    )
    expect(
      answers.map(({ page_link }) => (page_link as { repeated: boolean }).repeated).sort(),
    ).toEqual([false, true, true])
    // The admin never sees the secret.
    expect(JSON.stringify(answers)).not.toContain('page_0')
    for (const { page_link } of answers)
      expect(Object.keys(page_link).sort()).toEqual(['repeated', 'replaced_at'])
    expect((await askStore('GET', `/order-pages/${cart.token}`)).status).toBe(404)

    const [mail] = await eventually('the mail', 60, async () => {
      const found = await newLinks(order)
      return found.length > 0 && found
    })
    expect(mail?.to).toEqual(['ada@example.org'])
    const token = /\/order\/(page_[0-9a-z]{26})/.exec(mail?.text ?? '')?.[1] ?? ''
    expect(token).not.toBe(cart.token)
    expect((await paymentStatus(token)).order_number).toBe(order.display_id)
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    expect(await newLinks(order)).toHaveLength(1)
  })

  it('is told in words what cannot be done', async () => {
    const none = admin('/orders/order_none/page-link', {})
    await expect(none).rejects.toThrow(/404 .*There is no such order/)
  })

  it('has to be one: a stranger replaces no link', async () => {
    const { cart, order } = await bought()
    const answer = await fetch(`${shop.api}/admin/orders/${order.id}/page-link`, { method: 'POST' })
    expect(answer.status).toBe(401)
    expect((await paymentStatus(cart.token)).status).toBe('paid')
  })
})
