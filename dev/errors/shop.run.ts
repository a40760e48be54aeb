import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, visitor } from '../journey/browser.ts'
import { startPostgresql } from '../shop/postgresql.ts'
import { startRedis } from '../shop/redis.ts'
import { ROOT, type Settings, shopEnvironment, type Variables } from '../shop/settings.ts'
import { prepare } from '../shop/start.ts'
import { answers } from '../shop/steps.ts'
import { Supervisor } from '../shop/supervisor.ts'
import { CARELESS, PRIVATE, withFaults } from './faults.ts'
import { type ReceivedEvent, type Receiver, startReceiver } from './receiver.ts'

const SHA = '0f3c2a1b'.repeat(5)
const REQUEST_ID = '11111111-2222-4333-8444-555555555555'
const SETTINGS: Settings = {
  nodeEnvironment: 'test',
  built: true,
  data: join(ROOT, '.data/errors/shop'),
  ports: {
    postgresql: 26_510,
    redis: 26_511,
    server: 26_512,
    worker: 26_513,
    storefront: 26_514,
    btcpay: 26_515,
    smtp: 26_516,
    mail: 26_517,
  },
  reconcileSeconds: 5,
  revalidateSecret: 'a-secret-of-the-tests-and-of-nothing-else',
}
const API = `http://127.0.0.1:${SETTINGS.ports.server}`
const SHOP = `http://127.0.0.1:${SETTINGS.ports.storefront}`
const FAULTY = join(ROOT, 'app/.medusa/faulty')
const STANDALONE = join(ROOT, 'storefront/.next/standalone/storefront')

let receiver: Receiver
let supervisor: Supervisor
let browser: Browser
let env: Variables
const log: string[] = []

/** Starts one Medusa. @returns ms until it answers */
async function startMedusa(mode: 'server' | 'worker', more: Variables = {}): Promise<number> {
  const port = SETTINGS.ports[mode]
  const began = performance.now()
  supervisor.start({
    name: `medusa-${mode}`,
    command: ['medusa', 'start', '--host', '127.0.0.1', '--port', String(port)],
    cwd: FAULTY,
    env: {
      ...env,
      MEDUSA_WORKER_MODE: mode,
      DISABLE_MEDUSA_ADMIN: mode === 'worker' ? 'true' : undefined,
      BTCPAY_API_KEY: PRIVATE.btcpayKey,
      ...more,
    },
  })
  await answers(`http://127.0.0.1:${port}/health`, 60, () => supervisor.has(`medusa-${mode}`))
  return performance.now() - began
}

async function startStorefront(): Promise<number> {
  const began = performance.now()
  supervisor.start({
    name: 'storefront',
    command: ['node', 'server.js'],
    cwd: STANDALONE,
    env: {
      ...env,
      NODE_ENV: 'production',
      PORT: String(SETTINGS.ports.storefront),
      HOSTNAME: '127.0.0.1',
    },
  })
  await answers(`${SHOP}/api/health`, 60, () => supervisor.has('storefront'))
  return performance.now() - began
}

beforeAll(async () => {
  for (const built of ['app/.medusa/server/instrumentation.js', 'storefront/.next/standalone']) {
    if (!existsSync(join(ROOT, built)))
      throw new Error(`${built} is missing: build both apps first`)
  }
  // A page has its release from the build.
  const build = join(ROOT, 'storefront/.next/required-server-files.json')
  if (JSON.parse(readFileSync(build, 'utf8')).config.deploymentId !== SHA)
    throw new Error(
      `the storefront is of another release: GIT_SHA=${SHA} npm run build -w storefront`,
    )
  withFaults(join(ROOT, 'app/.medusa/server'), FAULTY)
  cpSync(join(ROOT, 'storefront/.next/static'), join(STANDALONE, '.next/static'), {
    recursive: true,
  })
  rmSync(SETTINGS.data, { recursive: true, force: true })
  receiver = await startReceiver()
  supervisor = new Supervisor({
    line: (name, line) => log.push(`${name}: ${line}`),
    changed: () => undefined,
    lost: (name, how) => log.push(`${name} ended: ${how}`),
  })
  await startPostgresql(SETTINGS, supervisor)
  await startRedis('redis-server', SETTINGS, supervisor)
  env = {
    ...shopEnvironment(SETTINGS, true),
    GIT_SHA: SHA,
    SENTRY_DSN: undefined,
    NEXT_PUBLIC_SENTRY_DSN: undefined,
  }
  await prepare(SETTINGS, env, supervisor)
  const without = await startMedusa('server')
  await supervisor.end('medusa-server')
  const afterwards = await startMedusa('server')
  await supervisor.end('medusa-server')
  env = { ...env, SENTRY_DSN: receiver.dsn, NEXT_PUBLIC_SENTRY_DSN: receiver.dsn }
  const withDsn = await startMedusa('server')
  const [worker, storefront] = [await startMedusa('worker'), await startStorefront()]
  console.log(
    `ready after, without a DSN: ${without.toFixed(0)} and ${afterwards.toFixed(0)} ms; with one: server ${withDsn.toFixed(0)} ms, worker ${worker.toFixed(0)} ms, storefront ${storefront.toFixed(0)} ms`,
  )
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await supervisor?.endAll()
  await receiver?.close()
  rmSync(FAULTY, { recursive: true, force: true })
  if (process.env.RR_SHOW_LOG) console.log(log.join('\n'))
})

/** The first event that fits, as soon as it has come: a storefront keeps those of its first minute. */
async function received(fits: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent> {
  for (let tries = 0; tries < 800; tries += 1) {
    const found = receiver.events().find(fits)
    if (found) return found
    await delay(100)
  }
  throw new Error(`no such event among ${receiver.events().length}:\n${log.slice(-30).join('\n')}`)
}

const by = (name: string) => (event: ReceivedEvent) => event.tags.by === name
const ask = (path: string, method = 'GET') =>
  fetch(`${API}${path}`, {
    method,
    headers: {
      'x-request-id': REQUEST_ID,
      cookie: `connect.sid=${PRIVATE.cookie}`,
      authorization: `Bearer ${PRIVATE.jwt}`,
    },
  })

describe('Medusa', () => {
  it('tells of a request that it could not answer, under the id of the request', async () => {
    expect((await ask('/faults/request')).status).toBe(500)
    const event = await received(by('request'))
    expect(event).toMatchObject({
      level: 'error',
      release: SHA,
      environment: 'test',
      server_name: 'medusa-server',
      tags: { app: 'medusa', process: 'server', route: '/faults/request', request_id: REQUEST_ID },
    })
    // The cause first, as Sentry orders them.
    expect(event.exception?.values.map(({ value }) => value.split(' ')[0])).toEqual([
      'cause',
      'request',
    ])
    expect(event.exception?.values[1]?.stacktrace?.frames.at(-1)?.filename).toMatch(
      /faults\/request\/route\.js$/,
    )
  })

  it('tells of it once, although Medusa logs it, too', async () => {
    await ask('/faults/request')
    await delay(1_000)
    const told = receiver.events().filter(({ tags }) => tags.request_id === REQUEST_ID)
    expect(told.map(({ tags }) => tags.by)).toEqual(['request', 'request'])
  })

  it('says nothing of what the asker did wrong', async () => {
    expect((await ask('/faults/missing')).status).toBe(404)
    expect((await ask('/no/such/path')).status).toBe(404)
    await delay(1_000)
    expect(receiver.events().filter(({ tags }) => /missing|such/.test(tags.route ?? ''))).toEqual(
      [],
    )
    expect(receiver.text()).not.toContain('nothing of ours')
  })

  it('tells of a failed subscriber of the worker, under the id of the request that began it', async () => {
    expect((await ask('/faults/event', 'POST')).status).toBe(200)
    expect(await received((each) => each.tags.event === 'faults.happened')).toMatchObject({
      server_name: 'medusa-worker',
      tags: { by: 'subscriber', process: 'worker', request_id: REQUEST_ID },
    })
  })

  it('tells of a failed job, and the monitor hears of it', async () => {
    expect(await received(by('job'))).toMatchObject({
      tags: { process: 'worker', job: 'faults-job' },
    })
    for (let tries = 0; tries < 100 && receiver.checkIns().length === 0; tries += 1) {
      await delay(100)
    }
    expect(receiver.checkIns()[0]).toMatchObject({
      monitor_slug: 'medusa-jobs',
      monitor_config: { schedule: { type: 'interval', value: 5, unit: 'minute' } },
    })
    expect(receiver.checkIns()).toHaveLength(1)
  })

  it('tells of a failed step of a workflow whose caller went on', async () => {
    expect((await ask('/faults/workflow', 'POST')).status).toBe(200)
    expect(await received(by('workflow'))).toMatchObject({
      tags: { workflow: 'faults-workflow', step: 'fail-step' },
    })
  })

  it('tells of a promise that nobody caught, and goes on', async () => {
    expect((await ask('/faults/rejection', 'POST')).status).toBe(200)
    expect(await received(by('unhandled-rejection'))).toMatchObject({ level: 'fatal' })
    expect((await fetch(`${API}/health`)).status).toBe(200)
  })
})

describe('the storefront', () => {
  it('tells of a page of a browser, by its own address alone', async () => {
    const context = await visitor(browser, 'desktop')
    const page = await context.newPage()
    const asked = new Set<string>()
    page.on('request', (request) => asked.add(new URL(request.url()).origin))
    // One of our own files, with a fault at its end.
    let faulty = ''
    await page.route(/\/_next\/static\/chunks\/[^/]+\.js/, async (route) => {
      const response = await route.fetch()
      faulty ||= route.request().url()
      const text = await response.text()
      const fault = `;setTimeout(() => { throw new Error(${JSON.stringify(`page failed: ${CARELESS}`)}) }, 300)`
      await route.fulfill({
        response,
        body: route.request().url() === faulty ? text + fault : text,
      })
    })
    await page.goto(`${SHOP}/eu?q=${PRIVATE.name}`)
    const event = await received(by('browser'))
    expect(event).toMatchObject({
      platform: 'javascript',
      release: SHA,
      environment: 'production',
      tags: { app: 'storefront', process: 'browser' },
      request: { url: `${SHOP}/eu` },
      contexts: { browser: { name: 'Chrome' } },
    })
    expect(event.exception?.values[0]?.value).toMatch(/^page failed/)
    expect(event.exception?.values[0]?.stacktrace?.frames.at(-1)?.filename).toBe(
      faulty.replace(/\?.*/, ''),
    )
    expect([...asked]).toEqual([SHOP])
    await context.close()
  })

  it('loads nothing of Sentry on a page without an error', async () => {
    const context = await visitor(browser, 'desktop')
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await page.goto(`${SHOP}/eu`, { waitUntil: 'networkidle' })
    expect(asked).not.toContain('/api/errors')
    expect(asked.length).toBeGreaterThan(5)
    await context.close()
  })

  it('refuses envelopes of another DSN, and what is none', async () => {
    const post = (body: string, headers: Record<string, string> = {}) =>
      fetch(`${SHOP}/api/errors`, { method: 'POST', body, headers }).then(({ status }) => status)
    const event = JSON.stringify({ exception: { values: [{ type: 'Error', value: 'x' }] } })
    const envelope = (dsn: string) => `${JSON.stringify({ dsn })}\n{"type":"event"}\n${event}\n`
    const before = receiver.events().length
    expect(await post(envelope('https://aa@o0.ingest.sentry.io/1'))).toBe(403)
    expect(await post(envelope(receiver.dsn), { origin: 'https://elsewhere.example' })).toBe(403)
    expect(await post('no envelope')).toBe(400)
    expect(await post('x'.repeat(70_000))).toBe(413)
    await delay(500)
    expect(receiver.events().length).toBe(before)
  })

  it('tells of a page that it could not make', async () => {
    await supervisor.end('medusa-server')
    const answer = await fetch(`${SHOP}/us/products/hand-loupe?mail=${PRIVATE.email}`, {
      headers: { 'x-request-id': REQUEST_ID, cookie: `_cart=${PRIVATE.cart}` },
    })
    expect(answer.status).toBe(500)
    const event = await received((each) => each.tags.app === 'storefront' && by('request')(each))
    expect(event).toMatchObject({
      server_name: 'storefront',
      release: SHA,
      tags: { route: '/[region]/products/[handle]', method: 'GET', request_id: REQUEST_ID },
    })
  })
})

it('nothing that was sent names a person, a secret or what opens something', () => {
  const text = receiver.text()
  expect(receiver.events().length).toBeGreaterThanOrEqual(8)
  for (const [name, value] of Object.entries(PRIVATE)) {
    expect({ name, found: text.includes(value) }).toEqual({ name, found: false })
  }
})
