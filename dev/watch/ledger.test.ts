import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ShopDatabase } from './shop-database.ts'
import { World } from './world.ts'

const database = new ShopDatabase(26_375)
let world: World
beforeAll(() => database.start())
afterAll(() => database.stop())
beforeEach(() => {
  world = new World()
  writeFileSync(join(world.folder, 'secrets/database-url'), `${database.url}\n`)
  database.sql('TRUNCATE btcpay_check, btcpay_invoice, mikro_orm_migrations')
})
afterEach(() => world.remove())

/** A comparison that ended so long ago, with these disagreements. */
function compared(ago: string, lines: { kind: string; reference: string }[] = []): void {
  database.sql(`INSERT INTO btcpay_check (id, invoices, orders, disagreements, lines, created_at)
    VALUES ('${ago}', 7, 5, ${lines.length}, '${JSON.stringify(lines)}', now() - interval '${ago}')`)
}

describe('the comparison of BTCPay, ledger, orders and mails', () => {
  it('is well when it found nothing last night', async () => {
    compared('3 days', [{ kind: 'no-order', reference: '0123456789ab' }])
    compared('20 hours')
    expect(await world.check('ledger')).toEqual([
      {
        level: 'well',
        key: 'ledger-disagreements',
        text: 'BTCPay, ledger, orders and mails agree about 7 invoices',
      },
      expect.objectContaining({ level: 'well', key: 'ledger-old' }),
    ])
  })

  it('that found disagreements is an alarm with the first five', async () => {
    const kinds = ['unbalanced', 'no-order', 'no-capture', 'paid-twice', 'other-money', 'undecided']
    compared(
      '2 hours',
      kinds.map((kind, n) => ({ kind, reference: `00000000000${n}` })),
    )
    expect(await world.check('ledger')).toContainEqual({
      level: 'wrong',
      key: 'ledger-disagreements',
      text: '6 disagreements of BTCPay, ledger, orders and mails 2 h ago: unbalanced 000000000000, no-order 000000000001, no-capture 000000000002, paid-twice 000000000003, other-money 000000000004',
    })
  })

  it('is a line of the status and no alarm while the shop is not set up with BTCPay', async () => {
    compared('9 days')
    world.secrets({ BTCPAY_URL: 'https://btcpay.example.org', BTCPAY_API_KEY: '' }, 'medusa')
    expect(await world.check('ledger')).toEqual([
      { level: 'note', key: 'ledger', text: expect.stringContaining('nobody can pay') },
    ])
    world.secrets({ BTCPAY_API_KEY: '0123456789abcdef' }, 'medusa')
    expect(await world.level('ledger', 'ledger-old')).toBe('wrong')
  })

  it('is new when there was never an invoice, however old its release', async () => {
    database.sql(`INSERT INTO mikro_orm_migrations (name, executed_at)
      VALUES ('Migration20261128081500', now() - interval '9 days')`)
    expect(await world.level('ledger', 'ledger-old')).toBe('well')
  })

  it('that has not ended for two days is an alarm', async () => {
    compared('47 hours')
    expect(await world.level('ledger', 'ledger-old')).toBe('well')
    database.sql('TRUNCATE btcpay_check')
    compared('49 hours')
    expect(await world.level('ledger', 'ledger-old')).toBe('wrong')
  })

  it('that never was is an alarm two days after the first invoice, and after its release came', async () => {
    const released = (ago: string) =>
      database.sql(`TRUNCATE mikro_orm_migrations; INSERT INTO mikro_orm_migrations (name, executed_at)
        VALUES ('Migration20261128081500', now() - interval '${ago}')`)
    const invoice = (ago: string) =>
      database.sql(`INSERT INTO btcpay_invoice (id, session_id, amount, currency, created_at)
        VALUES ('${ago}', '${ago}', '1.00', 'EUR', now() - interval '${ago}')`)
    expect(await world.level('ledger', 'ledger-old')).toBe('well')
    invoice('47 hours')
    expect(await world.level('ledger', 'ledger-old')).toBe('well')
    invoice('49 hours')
    released('1 hour')
    expect(await world.level('ledger', 'ledger-old')).toBe('well')
    released('50 hours')
    expect(await world.level('ledger', 'ledger-old')).toBe('wrong')
  })

  it('that this release does not know is shown in yellow', async () => {
    database.sql('ALTER TABLE btcpay_check RENAME TO of_a_later_release')
    try {
      expect(await world.level('ledger', 'ledger')).toBe('note')
    } finally {
      database.sql('ALTER TABLE of_a_later_release RENAME TO btcpay_check')
    }
  })

  it('cannot be looked at without a database: the check breaks', async () => {
    writeFileSync(
      join(world.folder, 'secrets/database-url'),
      'postgres://medusa:x@127.0.0.1:26399/d',
    )
    await expect(world.check('ledger')).rejects.toThrow(/ended with/)
  })
})
