import { execFile } from 'node:child_process'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../shop/settings.ts'
import { pay, sessionOf } from './btcpay.ts'
import { eventually } from './eventually.ts'
import { payableCart, paymentStatus } from './shopper.ts'

const BUILT = join(ROOT, 'app/.medusa/server')
const database = new pg.Client({ connectionString: process.env.DATABASE_URL })
beforeAll(() => database.connect())
afterAll(() => database.end())

/** What the comparison by hand prints, and what it ends with. */
function compare(): Promise<{ code: number; said: string }> {
  const medusa = join(ROOT, 'node_modules/.bin/medusa')
  const command = ['exec', './src/ledger-check/main.js']
  return new Promise((resolve) => {
    execFile(medusa, command, { cwd: BUILT, timeout: 120_000 }, (error, said) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, said }),
    )
  })
}

async function bought() {
  const cart = await payableCart()
  await pay(cart.invoiceId)
  await eventually('the order', 90, async () => {
    return (await paymentStatus(cart.token)).order_number !== null
  })
  return cart
}

describe('the comparison of BTCPay, ledger, orders and mails by hand', () => {
  it('names what disagrees, and nothing of a shopper or a whole id', async () => {
    const [whole, broken] = [await bought(), await bought()]
    const session = sessionOf(broken.invoiceId)
    await database.query(`
      UPDATE capture SET deleted_at = now() WHERE payment_id IN (SELECT id FROM payment WHERE payment_session_id = '${session}');
      UPDATE btcpay_invoice SET decided_at = now() - interval '1 hour' WHERE session_id = '${session}'`)
    const { code, said } = await compare()
    expect(code).toBe(1)
    expect(said).toMatch(/\d+ invoices and \d+ orders compared, \d+ disagreements/)
    expect(said).toContain(`${broken.reference}: an order has no captured payment`)
    expect(said).not.toContain(whole.reference)
    for (const secret of ['@example.org', session, broken.invoiceId, broken.token])
      expect(said).not.toContain(secret)
    const { rows } = await database.query<{ lines: object[] }>(
      'SELECT lines FROM btcpay_check ORDER BY created_at DESC LIMIT 1',
    )
    expect(rows[0]?.lines).toContainEqual({ kind: 'no-capture', reference: broken.reference })
    await database.query(
      `UPDATE capture SET deleted_at = NULL WHERE payment_id IN (SELECT id FROM payment WHERE payment_session_id = '${session}')`,
    )
  })
})
