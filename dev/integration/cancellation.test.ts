import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { forbid, loseNextRefund, pay, refundsAtBtcpay, sessionOf } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { admin } from './shop.ts'
import { type PayableCart, payableCart, paymentStatus } from './shopper.ts'

interface Order {
  id: string
  status: string
  canceled_at: string | null
  payment_collections: {
    payments: { data: { refunds?: object }; refunds: { amount: number }[] }[]
  }[]
}

const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())
afterEach(() => forbid(false))

/** A paid order; gives its id and its cart. */
async function paidOrder(): Promise<{ id: string; cart: PayableCart }> {
  const cart = await payableCart()
  await pay(cart.invoiceId)
  const number = await eventually('the order', 60, async () => {
    return (await paymentStatus(cart.token)).order_number ?? undefined
  })
  const { orders } = await admin<{ orders: { id: string; display_id: number }[] }>(
    '/orders?limit=20&order=-display_id&fields=id,display_id',
  )
  const id = orders.find(({ display_id }) => display_id === number)?.id
  if (!id) throw new Error(`there is no order ${number}`)
  return { id, cart }
}

async function order(id: string): Promise<Order> {
  const fields =
    'id,status,canceled_at,payment_collections.payments.data,*payment_collections.payments.refunds'
  return (await admin<{ order: Order }>(`/orders/${id}?fields=${fields}`)).order
}

function refundsOf({ payment_collections }: Order) {
  const payments = payment_collections.flatMap(({ payments }) => payments)
  return {
    counted: payments.flatMap(({ refunds }) => refunds).map(({ amount }) => amount),
    offered: payments.flatMap(({ data }) => Object.keys(data.refunds ?? {})),
  }
}

it('is no cancellation without its refund: the order stays, and nothing counts as given back', async () => {
  const { id } = await paidOrder()
  await forbid(true)
  await expect(admin(`/orders/${id}/cancel`, {})).rejects.toThrow(/503 .*was not cancelled/)
  const kept = await order(id)
  expect(kept).toMatchObject({ status: 'pending', canceled_at: null })
  expect(refundsOf(kept)).toEqual({ counted: [], offered: [] })

  await forbid(false)
  await admin(`/orders/${id}/cancel`, {})
  expect((await order(id)).canceled_at).not.toBeNull()
})

it('offers the whole amount, once, and the order page says that it was cancelled', async () => {
  const { id, cart } = await paidOrder()
  const { amount } = await paymentStatus(cart.token)
  await admin(`/orders/${id}/cancel`, {})
  await expect(admin(`/orders/${id}/cancel`, {})).rejects.toThrow(/400/)
  const { counted, offered } = refundsOf(await order(id))
  expect(counted).toEqual([Number(amount)])
  expect(offered).toHaveLength(1)
  const { rows } = await database.query<{ account: string; sum: string }>(
    'SELECT account, sum(amount) AS sum FROM btcpay_entry WHERE session_id = $1 GROUP BY account HAVING sum(amount) <> 0',
    [sessionOf(cart.invoiceId)],
  )
  const accounts = Object.fromEntries(rows.map(({ account, sum }) => [account, Number(sum)]))
  expect(accounts).toEqual({ received: Number(amount), owed: Number(amount) })
  expect(await paymentStatus(cart.token)).toMatchObject({
    status: 'cancelled',
    order_number: expect.any(Number),
  })
})

it('makes one refund when the answer to the first was lost and the button is pressed again', async () => {
  const { id, cart } = await paidOrder()
  await loseNextRefund()
  await expect(admin(`/orders/${id}/cancel`, {})).rejects.toThrow(
    /503 .*looked up, and not made twice/,
  )
  expect(refundsOf(await order(id))).toEqual({ counted: [], offered: [] })
  await admin(`/orders/${id}/cancel`, {})
  expect(refundsOf(await order(id)).offered).toHaveLength(1)
  expect(refundsAtBtcpay(cart.invoiceId)).toHaveLength(1)
})
