import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endBtcpay, invoiceIds, keptOf, pay, permit, startBtcpay } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { runJob } from './run-job.ts'
import { admin, call, shop } from './shop.ts'
import { type PayableCart, payableCart, paymentStatus } from './shopper.ts'

interface Settings {
  missing_variables: string[]
  authorize_link: string
  permissions: { name: string }[]
  webhook_address: string
  server: { problem: string | null; version: string | null; synchronized: boolean }
  key: { problem: string | null; missing: { name: string }[]; too_many: string[] }
  webhook: { problem: string | null; registered: boolean; faults: string[] }
  last_delivery: { type: string; received_at: string } | null
  last_reconciliation: { finished_at: string } | null
}
interface OrderPayments {
  bitcoin_payments: {
    reference: string
    outcome: string
    owed_amount: string
    payments:
      | { method: string; bitcoin: string; amount: string; status: string; received_at: string }[]
      | null
    deliveries: { type: string; outcome: string | null }[]
    refunds: { of: string; amount: string; link: string }[]
  }[]
  btcpay_problem: string | null
}
interface Webhook {
  id: string
  url: string
  enabled: boolean
}

const { BTCPAY_STORE_ID: STORE = '', BTCPAY_API_KEY: KEY = '' } = process.env
const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())

const settings = async () =>
  (await admin<{ bitcoin_settings: Settings }>('/bitcoin-settings')).bitcoin_settings
const register = () => admin<{ webhook: { did: string } }>('/bitcoin-settings/webhook', {})
const prove = () =>
  admin<{ proof: { type: string; received_at: string } }>('/bitcoin-settings/proof', {})

/** As BTCPay's user by the API. */
function atBtcpay<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  return call<T>(`${shop.btcpay}/api/v1/stores/${STORE}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `token ${KEY}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function ordered(surplus = 0): Promise<PayableCart & { orderId: string }> {
  const cart = await payableCart()
  const { amount } = await paymentStatus(cart.token)
  await pay(cart.invoiceId, 'lightning', (Number(amount) + surplus).toFixed(2))
  await eventually('the order', 60, async () => (await paymentStatus(cart.token)).order_number)
  const { rows } = await database.query<{ order_id: string }>(
    'SELECT order_id FROM btcpay_invoice WHERE invoice_id = $1',
    [cart.invoiceId],
  )
  return { ...cart, orderId: rows[0]?.order_id ?? '' }
}

const paymentsOf = (orderId: string) => admin<OrderPayments>(`/orders/${orderId}/bitcoin-payments`)

describe("the order's payments in the admin", () => {
  it('have method, amounts, deliveries, and what was offered back of a surplus', async () => {
    const { orderId, reference } = await ordered(2.5)
    const { bitcoin_payments, btcpay_problem } = await paymentsOf(orderId)
    expect(btcpay_problem).toBeNull()
    expect(bitcoin_payments).toMatchObject([
      { reference, outcome: 'order', owed_amount: '2.5', refunds: [] },
    ])
    const [payment] = bitcoin_payments[0]?.payments ?? []
    expect(payment).toMatchObject({ method: 'Lightning', status: 'confirmed' })
    // The stand-in's bitcoin costs 100,000.
    expect(Number(payment?.bitcoin) * 100_000).toBeCloseTo(Number(payment?.amount), 2)
    await eventually('each delivery to be handled', 30, async () => {
      const deliveries = (await paymentsOf(orderId)).bitcoin_payments[0]?.deliveries ?? []
      return deliveries.some(
        ({ type, outcome }) => type === 'InvoiceSettled' && outcome === 'handled',
      )
    })
    await admin(`/bitcoin-payments/${reference}/offer`, {})
    expect((await paymentsOf(orderId)).bitcoin_payments).toMatchObject([
      { owed_amount: '0', refunds: [{ of: 'owed', amount: '2.5' }] },
    ])
  })

  it('are told from the ledger, and say so, while BTCPay is away; settings say it, too', async () => {
    const { orderId, reference } = await ordered()
    await endBtcpay()
    try {
      const { bitcoin_payments, btcpay_problem } = await paymentsOf(orderId)
      expect(bitcoin_payments).toMatchObject([{ reference, outcome: 'order', payments: null }])
      expect(btcpay_problem).toMatch(/^BTCPay does not answer \(ECONNREFUSED\)/)
      const { server, key, webhook } = await settings()
      for (const { problem } of [server, key, webhook]) expect(problem).toMatch(/does not answer/)
      await expect(prove()).rejects.toThrow(/503 .*does not answer/)
    } finally {
      await startBtcpay()
    }
  })

  it('are for admins alone, and of an order that there is', async () => {
    await expect(paymentsOf('order_none')).rejects.toThrow(/404/)
    for (const [method, path] of [
      ['GET', '/orders/order_none/bitcoin-payments'],
      ['GET', '/bitcoin-settings'],
      ['POST', '/bitcoin-settings/webhook'],
      ['POST', '/bitcoin-settings/proof'],
    ] as const) {
      const answer = await fetch(`${shop.api}/admin${path}`, { method })
      expect(answer.status, path).toBe(401)
    }
  })
})

describe('the settings of Bitcoin', () => {
  it('find all well, tell no secret, and know when reconciliation went to its end', async () => {
    await runJob('reconcile-btcpay')
    const found = await settings()
    expect(found).toMatchObject({
      missing_variables: [],
      server: { problem: null, version: '2.4.1', synchronized: true },
      key: { problem: null, missing: [], too_many: [] },
      webhook: { problem: null, registered: true, faults: [] },
    })
    const said = JSON.stringify(found)
    for (const secret of [KEY, process.env.BTCPAY_WEBHOOK_SECRET ?? ''])
      expect(said).not.toContain(secret)
    const age = Date.now() - Date.parse(found.last_reconciliation?.finished_at ?? '')
    expect(age).toBeLessThan(60_000)
  })

  it('name what the key lacks and what it has too much, and that it may not see webhooks', async () => {
    const all = (await settings()).permissions.map(({ name }) => `${name}:${STORE}`)
    const without = all.filter((each) => !/canviewpullpayments|canmodifywebhooks/.test(each))
    const tooMany = ['btcpay.user.canviewprofile', 'btcpay.store.cancreateinvoice:Another']
    try {
      await permit([...without, ...tooMany])
      const { key, webhook } = await settings()
      expect(key.missing.map(({ name }) => name)).toEqual([
        'btcpay.store.canviewpullpayments',
        'btcpay.store.webhooks.canmodifywebhooks',
      ])
      expect(key.too_many).toEqual(tooMany)
      expect(webhook.problem).toMatch(/may not do this/)
      await expect(register()).rejects.toThrow(/503 .*may not do this/)
    } finally {
      await permit(all)
    }
  })

  it('register the webhook once, repair it, and prove it by a delivery that nobody takes for money', async () => {
    for (const { id } of await atBtcpay<Webhook[]>('/webhooks'))
      await atBtcpay(`/webhooks/${id}`, 'DELETE')
    expect((await settings()).webhook).toMatchObject({ registered: false })
    // Two presses at one moment.
    await Promise.all([register(), register()])
    const made = await atBtcpay<Webhook[]>('/webhooks')
    expect(made).toMatchObject([{ url: (await settings()).webhook_address, enabled: true }])

    await atBtcpay(`/webhooks/${made[0]?.id}`, 'PUT', {
      url: made[0]?.url,
      secret: 'another-secret',
      enabled: false,
      automaticRedelivery: true,
      authorizedEvents: { everything: false, specificEvents: ['InvoiceCreated'] },
    })
    const { faults } = (await settings()).webhook
    expect(faults.join(' ')).toMatch(/switched off.*does not send .*InvoiceSettled/)
    expect(await register()).toEqual({ webhook: { did: 'repaired' } })
    expect((await settings()).webhook).toMatchObject({ registered: true, faults: [] })

    const before = new Set(invoiceIds())
    const { proof } = await prove()
    expect(proof.type).toBe('InvoiceInvalid')
    const [test = ''] = invoiceIds().filter((id) => !before.has(id))
    expect(keptOf(test)).toContain('"status":"Invalid"')
    expect((await settings()).last_delivery?.received_at).toBe(proof.received_at)
    await eventually('the delivery to be handled', 30, async () => {
      const { rows } = await database.query<{ outcome: string | null }>(
        "SELECT outcome FROM webhook_delivery WHERE invoice_id = $1 AND type = 'InvoiceInvalid'",
        [test],
      )
      return rows[0]?.outcome === 'ignored'
    })
    await runJob('reconcile-btcpay')
    const { count } = await admin<{ count: number }>(`/bitcoin-payments?q=${test}`)
    expect(count).toBe(0)
    const { rows } = await database.query('SELECT FROM btcpay_invoice WHERE invoice_id = $1', [
      test,
    ])
    expect(rows).toEqual([])
  })
})
