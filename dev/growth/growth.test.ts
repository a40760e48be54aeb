import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../integration/eventually.ts'
import type { Supervisor } from '../shop/supervisor.ts'
import { API, type AppHost, MACHINES, SHOP, serverOf } from './addresses.ts'
import {
  appEnvironment,
  backendCommand,
  checkBuilds,
  endAppHost,
  startAppHost,
} from './app-host.ts'
import {
  HEALTH_FAILS,
  HEALTH_INTERVAL_SECONDS,
  maintenance,
  SERVED_BY,
  startBalancer,
} from './balancer.ts'
import { call, ordersAt, ownerToken, payInvoice, Refused, store } from './client.ts'
import { Shoppers, Watch } from './load.ts'
import { dump, restore } from './move.ts'
import { Report } from './report.ts'
import { begin, checkOut, paymentOf } from './shopper.ts'
import { FOLDER, openStage, startBtcpay } from './stage.ts'
import {
  databaseSize,
  followRedis,
  promoteRedis,
  redisKeys,
  rowCounts,
  startPostgresql,
  startRedis,
} from './stores.ts'
import { filesOf, startStorage, upload } from './uploads.ts'

const { first, database } = MACHINES
/** After a host is lost, the load balancer knows it within this time; then nothing may fail. */
const NOTICE_SECONDS = HEALTH_INTERVAL_SECONDS * (HEALTH_FAILS + 1) + 2
const SHOPPERS = 3
/** Carts that are finished at both hosts at once. */
const RACES = 5

let supervisor: Supervisor
/** Numbers of the orders that shoppers have seen so far. */
const known = new Set<number>()
const report = new Report()

/** A whole purchase at one host; gives the order's number. */
async function buyAt(host: AppHost): Promise<number> {
  const ask = <T>(path: string, body?: unknown) => store<T>(path, body, serverOf(host))
  const { token: page, invoiceId } = await checkOut(await begin(ask), ask)
  await payInvoice(invoiceId)
  return orderOf(page, host)
}

async function orderOf(page: string, host: AppHost): Promise<number> {
  const ask = <T>(path: string, body?: unknown) => store<T>(path, body, serverOf(host))
  const order = await eventually('an order', 60, async () => {
    const { status, order_number } = await paymentOf(page, ask)
    return status === 'paid' ? (order_number ?? undefined) : undefined
  })
  known.add(order)
  return order
}

/** A page that follows a payment at one host; an error would be one that the shopper sees. */
async function pageOf(page: string, host: AppHost): Promise<number> {
  const ask = <T>(path: string, body?: unknown) => store<T>(path, body, serverOf(host))
  for (let tries = 0; tries < 300; tries++) {
    const { status, order_number } = await paymentOf(page, ask)
    if (status === 'paid' && order_number) return order_number
    await delay(200)
  }
  throw new Error(`paid, but no order at ${host} within a minute`)
}

/** All orders as a host shows them, once it shows every one that shoppers have seen. */
function settledOrders(host: AppHost, token: string): Promise<number[]> {
  return eventually(`every order at ${host}`, 30, async () => {
    const numbers = (await ordersAt(serverOf(host), token)).map(({ display_id }) => display_id)
    return [...known].every((each) => numbers.includes(each)) ? numbers : undefined
  })
}

beforeAll(async () => {
  checkBuilds()
  supervisor = await openStage()
  // As today: everything on one host, and a load balancer that knows of a second.
  await startPostgresql(first, FOLDER, supervisor)
  await startRedis(first, FOLDER, supervisor)
  await startBalancer(FOLDER, supervisor)
  await startBtcpay(supervisor)
  const env = appEnvironment(first)
  const migrate = ['db:migrate', '--execute-safe-links', '--execute-safe-search']
  await supervisor.run(backendCommand('migrations', migrate, env))
  await supervisor.run(backendCommand('seed', ['exec', './src/seed/main.js'], env))
  await startAppHost('a', env, supervisor)
})

afterAll(async () => {
  await supervisor?.endAll()
  report.print()
})

describe('the database on its own host', () => {
  it('moves with every row, queue and session; carts go on, and the downtime is counted', async () => {
    for (let i = 0; i < 3; i++) await buyAt('a')
    const cart = await begin()
    const token = await ownerToken(serverOf('a'))
    const before = await ordersAt(serverOf('a'), token)
    expect(before).toHaveLength(3)
    const watch = new Watch()
    await eventually('a good answer', 20, async () => watch.good.length > 3)

    // While the shop sells: the new host's stores run, and Redis follows.
    await startPostgresql(database, FOLDER, supervisor)
    await startRedis(database, FOLDER, supervisor)
    await followRedis(first, database)

    const closed = Date.now()
    await report.timed('maintenance on', async () => {
      maintenance(FOLDER, true)
      await expect(call(`${API}/health`)).rejects.toMatchObject({ status: 503 })
      await expect(call(`${SHOP}/eu`)).rejects.toMatchObject({ status: 503 })
    })
    await report.timed('server, worker and storefront ended', () => endAppHost('a', supervisor))
    const rows = await rowCounts(first)
    const made = await report.timed('dump', async () => dump(first, FOLDER))
    await report.timed('restore', async () => restore(made, database))
    expect(await rowCounts(database)).toEqual(rows)
    const keys = await redisKeys(first)
    await report.timed('Redis caught up and on its own', () => promoteRedis(first, database))
    expect(await redisKeys(database)).toBe(keys)
    // The old stores end: whatever still used them would fail from here on.
    await supervisor.end(`postgresql-${first}`)
    await supervisor.end(`redis-${first}`)
    await report.timed('apps started with the new addresses', () =>
      startAppHost('a', appEnvironment(database), supervisor),
    )
    await report.timed('maintenance off, first good answer', async () => {
      maintenance(FOLDER, false)
      await eventually('the shop again', 30, async () => watch.good.some((at) => at > closed + 500))
    })
    const downtime = watch.longestGap(closed - 1000)
    await watch.end()

    expect(await ordersAt(serverOf('a'), token)).toEqual(before)
    const { token: page, invoiceId } = await checkOut(cart)
    await payInvoice(invoiceId)
    expect(await orderOf(page, 'a')).toBeGreaterThan(0)
    const tables = Object.keys(rows).length
    const total = Object.values(rows).reduce((sum, each) => sum + each, 0)
    report.say(`moved: ${tables} tables, ${total} rows, ${keys} keys of Redis`)
    report.say(`dump ${made.bytes} bytes of a database of ${await databaseSize(database)} bytes`)
    report.say(`downtime seen from outside: ${downtime.toFixed(1)} s`)
    expect(downtime).toBeGreaterThan(0)
  })
})

describe('a second app host', () => {
  it('starts beside the first and is given requests by the load balancer', async () => {
    await report.timed('second app host started', () =>
      startAppHost('b', appEnvironment(database), supervisor),
    )
    const served = new Set<string | null>()
    await eventually('answers of both', 30, async () => {
      const response = await fetch(`${API}/health`)
      if (response.ok) served.add(response.headers.get(SERVED_BY))
      return served.size === 2
    })
    expect([...served].sort()).toEqual([MACHINES.a, MACHINES.b])
  })

  it('goes on with a cart that was begun at the other, and sells it', async () => {
    const atB = <T>(path: string, body?: unknown) => store<T>(path, body, serverOf('b'))
    const cart = await begin(<T>(path: string, body?: unknown) =>
      store<T>(path, body, serverOf('a')),
    )
    const { cart: seen } = await atB<{ cart: { items: unknown[] } }>(`/carts/${cart}`)
    expect(seen.items).toHaveLength(1)
    const { token: page, invoiceId } = await checkOut(cart, atB)
    await payInvoice(invoiceId)
    expect(await orderOf(page, 'a')).toBeGreaterThan(0)
  })

  it("knows the owner's session and token that the other has given, and their end", async () => {
    const token = await ownerToken(serverOf('a'))
    const headers = { authorization: `Bearer ${token}` }
    const me = (host: AppHost, with_: Record<string, string>) =>
      call<{ user: { email: string } }>(`${serverOf(host)}/admin/users/me`, { headers: with_ })
    expect((await me('b', headers)).user.email).toContain('@')
    const response = await fetch(`${serverOf('a')}/auth/session`, { method: 'POST', headers })
    expect(response.status).toBe(200)
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(cookie).toContain('connect.sid=')
    expect((await me('a', { cookie })).user.email).toBe((await me('b', { cookie })).user.email)
    await call(`${serverOf('b')}/auth/session`, { method: 'DELETE', headers: { cookie } })
    await expect(me('a', { cookie })).rejects.toMatchObject({ status: 401 })
  })

  it('makes an order of a webhook that only it has got; the other shows it', async () => {
    await startBtcpay(supervisor, serverOf('b'))
    const ask = <T>(path: string, body?: unknown) => store<T>(path, body, serverOf('a'))
    const token = await ownerToken(serverOf('a'))
    const before = await settledOrders('a', token)
    const { invoiceId } = await checkOut(await begin(ask), ask)
    await payInvoice(invoiceId)
    // Nobody asks for the payment's state, which would make the order, too.
    const fresh = await eventually('the captured order at the other host', 60, async () => {
      const orders = await ordersAt(serverOf('a'), token)
      return orders.find(
        (each) => !before.includes(each.display_id) && each.payment_status === 'captured',
      )
    })
    known.add(fresh.display_id)
    await startBtcpay(supervisor)
  })

  it('shares locks: one cart, finished by webhook and pages at both hosts at once, is one order', async () => {
    const token = await ownerToken(serverOf('a'))
    const before = await settledOrders('b', token)
    const made: number[] = []
    for (let round = 0; round < RACES; round++) {
      const { token: page, invoiceId } = await checkOut(await begin())
      const pages = (['a', 'b', 'a', 'b'] as const).map((host) => pageOf(page, host))
      const [seen] = await Promise.all([Promise.all(pages), payInvoice(invoiceId)])
      const [one, ...others] = new Set(seen)
      expect(others).toEqual([])
      made.push(one ?? 0)
    }
    const after = await settledOrders('b', token)
    expect(after.filter((id) => !before.includes(id)).sort()).toEqual(made.sort())
  })

  it('shares rate limits: what is too much at one is too much at the other', async () => {
    const reset = (host: AppHost, attempt: number, client: string) =>
      call(`${serverOf(host)}/auth/user/emailpass/reset-password`, {
        body: { identifier: `nobody-${attempt}@example.org` },
        headers: { 'x-forwarded-for': client },
      }).then(
        () => 201,
        (error: unknown) => (error instanceof Refused ? error.status : 0),
      )
    // A process counts alone until its connection to Redis is up, which its first count opens.
    for (const host of ['a', 'b'] as const) await reset(host, 0, '203.0.113.76')
    await delay(1000)
    const seen: number[] = []
    for (let attempt = 1; attempt <= 12; attempt++) {
      seen.push(await reset(attempt % 2 ? 'a' : 'b', attempt, '203.0.113.77'))
    }
    expect(seen.slice(0, 10)).not.toContain(429)
    expect(seen.slice(10)).toEqual([429, 429])
    report.say('10 resets of one address, in turn at both hosts: the next is refused at A and at B')
  })

  it('keeps a file that was uploaded without object storage on one host alone', async () => {
    const url = await upload('a')
    expect(url).toContain('/static/')
    expect([filesOf('a').length, filesOf('b').length]).toEqual([1, 0])
    report.say('a file uploaded at A without object storage: on A, not on B')
  })
})

describe('a lost app host', () => {
  it('costs some requests until the load balancer knows it, and no payment', async () => {
    const token = await ownerToken(serverOf('b'))
    const before = new Set(await settledOrders('b', token))
    const load = new Shoppers(SHOPPERS)
    await eventually('three purchases', 120, async () => load.orders.length >= 3)
    expect(load.failures).toEqual([])

    const killed = Date.now()
    await endAppHost('a', supervisor, 'SIGKILL')
    await eventually('purchases without the host', 180, async () => {
      return load.orders.length >= 9 && Date.now() > killed + (NOTICE_SECONDS + 30) * 1000
    })
    await load.end()

    const late = load.failures.filter(({ at }) => at > killed + NOTICE_SECONDS * 1000)
    const last = Math.max(0, ...load.failures.map(({ at }) => (at - killed) / 1000))
    report.say(
      `host A killed: ${load.failures.length} of ${load.requests} requests failed, the last ${last.toFixed(1)} s after (the load balancer asks every ${HEALTH_INTERVAL_SECONDS} s, ${HEALTH_FAILS} times)`,
    )
    expect(late).toEqual([])
    expect(load.failures.length).toBeGreaterThan(0)

    // Every payment is an order of its own, seen by its shopper and by the owner, and captured.
    expect(load.orders).toHaveLength(load.paid)
    expect(new Set(load.orders).size).toBe(load.paid)
    const made = await eventually('all payments captured', 60, async () => {
      const after = await ordersAt(serverOf('b'), token)
      const fresh = after.filter(({ display_id }) => !before.has(display_id))
      return fresh.every((each) => each.payment_status === 'captured') ? fresh : undefined
    })
    expect(new Set(made.map(({ display_id }) => display_id))).toEqual(new Set(load.orders))
    report.say(`payments ${load.paid}, orders ${made.length}, all captured`)
  })

  it('comes back, and with object storage sends files there and to no disk', async () => {
    const storage = await startStorage()
    await startAppHost('a', { ...appEnvironment(database), ...storage.env }, supervisor)
    expect(await buyAt('a')).toBeGreaterThan(0)
    const before = filesOf('a').length
    const url = await upload('a')
    expect(storage.puts).toHaveLength(1)
    expect(url).toContain(`${storage.env.S3_PUBLIC_URL}/`)
    expect(url.endsWith(storage.puts[0]?.split('/').at(-1) ?? 'nothing')).toBe(true)
    expect(filesOf('a')).toHaveLength(before)
    storage.close()
  })
})
