import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { ShopDatabase } from './shop-database.ts'
import { ago, World } from './world.ts'

const signs = mkdtempSync(join(tmpdir(), 'rr-archive-'))
const refuse = join(signs, 'refuse')
const database = new ShopDatabase(26_330)
/** What BTCPay answers for a pull payment. */
const payouts = new Map<string, { state: string; date: number }[]>()
let asked = 0
let btcpay: Server
let world: World

beforeAll(async () => {
  // The server looks there as another user.
  chmodSync(signs, 0o755)
  await database.start()
  database.server.sql(`ALTER SYSTEM SET archive_command = 'test ! -e ${refuse}'`)
  database.server.sql('SELECT pg_reload_conf()')
  btcpay = createServer((request, response) => {
    asked++
    const id = /^\/api\/v1\/pull-payments\/([^/]+)\/payouts$/.exec(request.url ?? '')?.[1] ?? ''
    const answer = payouts.get(id)
    response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? { code: 'not-found' }))
  })
  await new Promise<void>((resolve) => btcpay.listen(26_331, '127.0.0.1', resolve))
})
afterAll(async () => {
  btcpay.closeAllConnections()
  btcpay.close()
  await database.stop()
  rmSync(signs, { recursive: true, force: true })
})
beforeEach(() => {
  world = new World()
  writeFileSync(join(world.folder, 'secrets/database-url'), `${database.url}\n`)
  world.secrets({ BTCPAY_URL: 'http://127.0.0.1:26331' }, 'medusa')
  database.sql(
    'TRUNCATE payment, payment_session, payment_collection, refund, webhook_delivery, cart_payment_collection, order_cart, order_payment_collection, btcpay_invoice, "order" CASCADE',
  )
  payouts.clear()
  asked = 0
})
afterEach(() => world.remove())

let count = 0
/** A payment session with an invoice; `paid` makes it a payment, too. */
function pay(
  minutes: number,
  { order = false, paid = true, status = 'captured', data = '{}' } = {},
) {
  const n = ++count
  const at = `now() - interval '${minutes} minutes'`
  const money = `'{"value": "12.5"}'`
  database.sql(`
    INSERT INTO payment_collection (id, currency_code, amount, raw_amount, status) VALUES ('pc${n}', 'eur', 12.5, ${money}, 'completed');
    INSERT INTO cart_payment_collection (cart_id, payment_collection_id, id) VALUES ('cart${n}', 'pc${n}', 'k${n}');
    INSERT INTO payment_session (id, currency_code, amount, raw_amount, provider_id, data, status, authorized_at, payment_collection_id, created_at, updated_at)
      VALUES ('ps${n}', 'eur', 12.5, ${money}, 'pp_btcpay_btcpay', '{"invoice_id": "inv${n}"}', '${status}', ${at}, 'pc${n}', ${at}, ${at});
    ${paid ? `INSERT INTO payment (id, currency_code, amount, raw_amount, provider_id, data, payment_collection_id, payment_session_id, created_at, captured_at) VALUES ('pay${n}', 'eur', 12.5, ${money}, 'pp_btcpay_btcpay', '${data}', 'pc${n}', 'ps${n}', ${at}, ${at});` : ''}
    ${order ? `INSERT INTO order_cart (order_id, cart_id, id) VALUES ('order${n}', 'cart${n}', 'o${n}');` : ''}`)
  return n
}

/** A row of the ledger; gives its payment session. */
function invoice({ outcome = 'open', decided = '1 hour', ask = 'now()', cart = '' }): string {
  const session = `payses_${++count}`
  database.sql(`INSERT INTO btcpay_invoice (id, session_id, cart_id, amount, currency, outcome, decided_at, next_ask_at)
    VALUES ('binv${count}', '${session}', '${cart}', '12.50', 'EUR', '${outcome}', now() - interval '${decided}', ${ask})`)
  return session
}

function deliver(minutes: number, handled: string | null, invoice = `inv-x${++count}`): void {
  const at = `now() - interval '${minutes} minutes'`
  database.sql(`INSERT INTO webhook_delivery (id, original_delivery_id, type, store_id, invoice_id, outcome, handled_at, next_attempt_at, created_at)
    VALUES ('whd${++count}', 'd${count}', 'InvoiceSettled', 's', '${invoice}', ${handled ? `'${handled}', ${at}` : 'NULL, NULL'}, ${at}, ${at})`)
}

describe('money', () => {
  it('that has its order is well', async () => {
    pay(60, { order: true })
    expect(await world.level('money', 'money-order')).toBe('well')
  })

  it('without an order is an alarm after 15 minutes, with its sum', async () => {
    pay(10)
    expect(await world.level('money', 'money-order')).toBe('well')
    pay(16)
    pay(300)
    const said = await world.check('money')
    expect(said).toContainEqual({
      level: 'wrong',
      key: 'money-order',
      text: '2 payments (25.0 EUR) have no order after 15 min',
    })
  })

  it('that is authorised and no payment yet counts, what nobody has paid does not', async () => {
    pay(60, { paid: false, status: 'pending' })
    expect(await world.level('money', 'money-order')).toBe('well')
    pay(60, { paid: false, status: 'authorized' })
    expect(await world.level('money', 'money-order')).toBe('wrong')
  })

  it('that Medusa gave to an order directly, or that was given back, is well', async () => {
    const a = pay(60)
    const b = pay(60)
    database.sql(`INSERT INTO order_payment_collection (order_id, payment_collection_id, id) VALUES ('o', 'pc${a}', 'x');
      INSERT INTO refund (id, amount, raw_amount, payment_id) VALUES ('r', 12.5, '{}', 'pay${b}')`)
    expect(await world.level('money', 'money-order')).toBe('well')
  })

  it('of a delivery that nobody has handled is an alarm after 15 minutes', async () => {
    deliver(60, 'handled')
    deliver(14, null)
    expect(await world.level('money', 'money-webhooks')).toBe('well')
    deliver(16, null)
    expect(await world.level('money', 'money-webhooks')).toBe('wrong')
  })

  it('that no order stands for is an alarm for three days, then a note, by the name that mails give it', async () => {
    expect(await world.level('money', 'money-review')).toBe('well')
    invoice({ outcome: 'review', decided: '4 days' })
    expect(await world.level('money', 'money-review')).toBe('note')
    const session = invoice({ outcome: 'review', decided: '1 hour' })
    const name = createHash('sha256').update(session).digest('hex').slice(0, 12)
    expect((await world.check('money')).find(({ key }) => key === 'money-review')).toMatchObject({
      level: 'wrong',
      text: expect.stringMatching(`^1 payments have no order .*: ${name} [0-9a-f]{12}$`),
    })
  })

  it('that an order lacks is an alarm after 15 minutes', async () => {
    const order = (minutes: number, cart: string, total = 12.5) =>
      database.sql(`INSERT INTO "order" (id, currency_code, created_at) VALUES ('order-${cart}', 'eur', now() - interval '${minutes} minutes');
        INSERT INTO order_summary (id, order_id, version, totals) VALUES ('os-${cart}', 'order-${cart}', 1, '{"original_order_total": ${total}}');
        INSERT INTO order_cart (order_id, cart_id, id) VALUES ('order-${cart}', '${cart}', 'oc-${cart}')`)
    const n = pay(60)
    // Its discount came after the invoice, and nothing was left to pay.
    invoice({ outcome: 'ended', cart: 'cart-free' })
    order(60, 'cart-free', 4.3e-16)
    invoice({ outcome: 'order', cart: `cart${n}` })
    order(60, `cart${n}`)
    invoice({ outcome: 'open', cart: 'cart-young' })
    order(14, 'cart-young')
    expect(await world.level('money', 'money-unpaid')).toBe('well')
    invoice({ outcome: 'open', cart: 'cart-unpaid' })
    order(16, 'cart-unpaid')
    expect(await world.level('money', 'money-unpaid')).toBe('wrong')
  })

  it('that may have come and that nobody asks for is an alarm', async () => {
    invoice({ outcome: 'open', ask: "now() + interval '1 hour'" })
    invoice({ outcome: 'ended', ask: 'NULL' })
    invoice({ outcome: 'open', ask: "now() - interval '14 minutes'" })
    expect(await world.level('money', 'money-asked')).toBe('well')
    invoice({ outcome: 'open', ask: "now() - interval '16 minutes'" })
    expect(await world.level('money', 'money-asked')).toBe('wrong')
  })

  it('cannot be looked at without a database: the check breaks', async () => {
    writeFileSync(
      join(world.folder, 'secrets/database-url'),
      'postgres://medusa:x@127.0.0.1:26399/d',
    )
    await expect(world.check('money')).rejects.toThrow(/ended with/)
  })
})

describe('refunds', () => {
  /** A refund that was offered so many days ago, under the id of its pull payment. */
  function offer(days: number, pull: string): void {
    const id = `ref${++count}`
    const n = pay(days * 1440, {
      order: true,
      data: JSON.stringify({ refunds: { [id]: { id: pull, claim_link: 'x' } } }),
    })
    database.sql(
      `INSERT INTO refund (id, amount, raw_amount, payment_id, created_at) VALUES ('${id}', 5, '{}', 'pay${n}', now() - interval '${days} days')`,
    )
  }
  const seconds = (daysAgo: number) => Math.floor(Date.now() / 1000) - daysAgo * 86_400

  it('that nobody claims are an alarm after three days', async () => {
    offer(2, 'young')
    payouts.set('young', [])
    expect(await world.level('refunds', 'refunds-unclaimed')).toBe('well')
    offer(4, 'old')
    payouts.set('old', [{ state: 'Cancelled', date: seconds(3) }])
    rmSync(join(world.state, 'watch/refunds.json'))
    expect(await world.level('refunds', 'refunds-unclaimed')).toBe('wrong')
  })

  it('that are claimed and not paid for a day are an alarm', async () => {
    offer(4, 'fresh')
    payouts.set('fresh', [{ state: 'AwaitingApproval', date: seconds(0) }])
    expect(await world.level('refunds', 'refunds-owed')).toBe('well')
    payouts.set('fresh', [{ state: 'AwaitingApproval', date: seconds(2) }])
    rmSync(join(world.state, 'watch/refunds.json'))
    expect(await world.level('refunds', 'refunds-owed')).toBe('wrong')
  })

  it('that are paid are asked for once, the others once an hour', async () => {
    offer(9, 'paid')
    offer(9, 'open')
    payouts.set('paid', [{ state: 'Completed', date: seconds(8) }])
    payouts.set('open', [])
    await world.check('refunds')
    await world.check('refunds')
    expect(asked).toBe(2)
    const kept = world.read<object>('watch/refunds.json')
    world.write('watch/refunds.json', { ...kept, at: ago(3601) })
    expect(await world.level('refunds', 'refunds-unclaimed')).toBe('wrong')
    expect(asked).toBe(3)
  })

  it('of which BTCPay says nothing are shown as unknown', async () => {
    offer(9, 'lost')
    expect(await world.level('refunds', 'refunds-unknown')).toBe('note')
  })
})

describe('PostgreSQL', () => {
  it('is well when it archives', async () => {
    expect((await world.check('database')).map(({ level }) => level)).toEqual([
      'well',
      'well',
      'well',
    ])
  })

  it('that cannot archive its changes is an alarm, until it can', async () => {
    writeFileSync(refuse, '')
    database.server.sql('CREATE TABLE IF NOT EXISTS of_the_test (i int); SELECT pg_switch_wal()')
    await expect
      .poll(() => world.level('database', 'database-archive'), { timeout: 15_000, interval: 500 })
      .toBe('wrong')
    rmSync(refuse)
    // A new segment wakes the archiver, which would otherwise try again after a minute.
    database.server.sql('DROP TABLE of_the_test; SELECT pg_switch_wal()')
    await expect
      .poll(() => world.level('database', 'database-archive'), { timeout: 15_000, interval: 500 })
      .toBe('well')
  })

  it('whose connections run out is an alarm', async () => {
    const clients = Array.from(
      { length: 50 },
      () => new pg.Client({ connectionString: database.url }),
    )
    try {
      await Promise.all(clients.map((client) => client.connect()))
      await delay(100)
      expect(await world.level('database', 'database-connections')).toBe('twice')
    } finally {
      await Promise.all(clients.map((client) => client.end()))
    }
  })

  it('that is away is an alarm', async () => {
    writeFileSync(
      join(world.folder, 'secrets/database-url'),
      'postgres://medusa:x@127.0.0.1:26399/d',
    )
    const [first] = await world.check('database')
    expect(first).toMatchObject({ level: 'wrong', key: 'database' })
    expect(first?.text).toMatch(/does not answer: .*refused/)
  })
})

describe('a number', () => {
  afterEach(() => {
    database.sql('ALTER ROLE medusa RESET search_path; DROP SCHEMA IF EXISTS evil CASCADE')
  })

  it('is counted by PostgreSQL itself, whatever the shop’s role has put before it', async () => {
    // Its own count(), of a text that bash's arithmetic would run.
    database.sql(`CREATE SCHEMA evil;
      CREATE FUNCTION evil.same(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
      CREATE AGGREGATE evil.count(*) (sfunc = evil.same, stype = text, initcond = 'PATH[$(touch ${signs}/ran)]');
      ALTER ROLE medusa SET search_path = evil, pg_catalog, public`)
    pay(60)
    const said = await world.check('money')
    expect(existsSync(join(signs, 'ran'))).toBe(false)
    expect(said.find(({ key }) => key === 'money-order')?.text).toMatch(/^1 payments \(12\.5 EUR\)/)
  })

  it.each(['PATH[$(touch RAN)]', '-1', '1 ', '', '0x10', '1'.repeat(21)])(
    'is not %j, which ends a check and is not run',
    (text) => {
      const ran = join(signs, 'ran')
      const script = 'source "$0"; numbers 7 "$1"; echo $(($1 + 1))'
      const lib = join(ROOT, 'nixos/lib/numbers.bash')
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['-c', script, lib, text.replace('RAN', ran)],
        { encoding: 'utf8', timeout: 10_000 },
      )
      expect(existsSync(ran)).toBe(false)
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain('not a number: ')
    },
  )
})
