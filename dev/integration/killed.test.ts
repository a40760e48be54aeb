import { expect, it } from 'vitest'
import { pay } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { processControl, startMedusa } from './shop.ts'
import { orders, payableCart, paymentStatus } from './shopper.ts'

it('makes exactly one order when Medusa is killed between payment and webhook', async () => {
  const before = (await orders()).length
  const cart = await payableCart()
  await Promise.all([
    processControl('medusa-server', 'kill', { signal: 'SIGKILL' }),
    processControl('medusa-worker', 'kill', { signal: 'SIGKILL' }),
  ])
  await pay(cart.invoiceId)
  await startMedusa('medusa-server', 'medusa-worker')
  // Medusa's own lock on a cart that was being completed lasts for two minutes.
  await eventually('the order', 180, async () => (await orders()).length > before)
  expect(await paymentStatus(cart.token)).toMatchObject({ status: 'paid' })
  expect((await orders()).length - before).toBe(1)
})
