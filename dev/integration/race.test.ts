import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { THOROUGH } from '../host/thorough.ts'
import { pay } from './btcpay.ts'
import { orders, type PayableCart, payableCart, paymentStatus } from './shopper.ts'

const CARTS = THOROUGH ? 50 : 20
/** How many shoppers are under way at once: enough to collide, few enough for two cores. */
const AT_ONCE = 5

/** The browser comes back in the moment of the payment, twice, while the webhook is on its way. */
async function payAndReturn(cart: PayableCart): Promise<number> {
  const paying = pay(cart.invoiceId)
  await Promise.all([paying, paymentStatus(cart.token), paymentStatus(cart.token)])
  // No catch: an error here is one that the shopper would see.
  for (let tries = 0; tries < 120; tries++) {
    const { order_number } = await paymentStatus(cart.token)
    if (order_number !== null) return order_number
    await delay(500)
  }
  throw new Error(`cart ${cart.cartId}: paid, but no order within a minute`)
}

it(`makes ${CARTS} orders of ${CARTS} carts when webhook and browser meet`, async () => {
  const before = (await orders()).length
  const carts: PayableCart[] = []
  for (let i = 0; i < CARTS; i++) carts.push(await payableCart(i % 2 ? 'usd' : 'eur'))

  const numbers: number[] = []
  for (let i = 0; i < CARTS; i += AT_ONCE) {
    numbers.push(...(await Promise.all(carts.slice(i, i + AT_ONCE).map(payAndReturn))))
  }

  expect(new Set(numbers).size).toBe(CARTS)
  const made = (await orders()).slice(0, (await orders()).length - before)
  expect(made.length).toBe(CARTS)
  expect(made.filter((order) => order.payment_status !== 'captured')).toEqual([])
})
