import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sessionOf } from './btcpay.ts'
import { payableCart } from './shopper.ts'

const PAGE = join(import.meta.dirname, '../../docs/payments.md')
const database = new Client({ connectionString: process.env.DATABASE_URL })

beforeAll(() => database.connect())
afterAll(() => database.end())

/** The statement of docs/payments.md with a reference in it. */
function statement(reference: string): string {
  const sql = /```sql\n([^`]*'REFERENCE'[^`]*)\n```/.exec(readFileSync(PAGE, 'utf8'))?.[1]
  if (!sql) throw new Error('docs/payments.md has no statement with a REFERENCE')
  return sql.replaceAll('REFERENCE', reference)
}

it('the owner finds the invoice by what shopper and log call the payment or the invoice', async () => {
  const { reference, invoiceId, cartId } = await payableCart()
  for (const name of [reference, short(invoiceId)]) {
    const { rows } = await database.query(statement(name))
    expect(rows).toEqual([
      {
        session_id: sessionOf(invoiceId),
        invoice_id: invoiceId,
        cart_id: cartId,
        order_id: null,
        state: 'New',
        paid_amount: '0',
        outcome: 'open',
        reason: null,
      },
    ])
  }
  expect((await database.query(statement('0123456789ab'))).rows).toEqual([])
})
