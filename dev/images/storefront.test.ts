import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Container,
  HalfSent,
  logs,
  memoryMb,
  ready,
  removeAll,
  runMedusa,
  startMedusa,
  startStorefront,
  terminate,
} from './container.ts'
import { docker, SHA, TAG } from './engine.ts'
import { emptyStores } from './stores.ts'

const READY_SECONDS = 5
const END_SECONDS = 10
const IDLE_MB = 150

/** An address of this machine where nothing listens. */
const NOWHERE = 'http://127.0.0.1:29699'

afterAll(removeAll)

describe('without Medusa', () => {
  let storefront: Container
  let seconds: number

  beforeAll(async () => {
    const began = Date.now()
    storefront = await startStorefront(NOWHERE)
    await ready(storefront, '/api/health')
    seconds = (Date.now() - began) / 1000
  })

  it('is ready within 5 s after the start of its container', () => {
    console.log(`storefront: ready after ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(READY_SECONDS)
  })

  it('says which build runs', async () => {
    const response = await fetch(`http://127.0.0.1:${storefront.port}/api/health`)
    expect((await response.json()).build).toBe(SHA)
  })

  it('needs little memory when idle', async () => {
    await delay(5_000)
    const megabytes = await memoryMb(storefront.name)
    console.log(`storefront: ${megabytes.toFixed(0)} MB`)
    expect(megabytes).toBeLessThan(IDLE_MB)
  })

  it('answers what it has begun when it is asked to end', async () => {
    const request = new HalfSent(storefront.port, '/api/revalidate', {}, '{ }')
    await delay(500)
    const ended = terminate(storefront.name)
    await delay(1_000)
    // Not signed: refused, but answered.
    expect(await request.finish()).toBeLessThan(500)
    const { code, seconds } = await ended
    expect(seconds).toBeLessThan(END_SECONDS)
    expect(code).toBe(0)
  })

  it('gives its static files to the host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rr-images-static-'))
    try {
      await docker(['create', '--name', 'rr-images-assets', TAG.storefront])
      await docker(['cp', 'rr-images-assets:/app/storefront/.next/static', `${folder}/static`])
      const files = readdirSync(`${folder}/static`, { recursive: true }).map(String)
      expect(files.some((path) => path.endsWith('.js'))).toBe(true)
      expect(files.some((path) => path.endsWith('.css'))).toBe(true)
    } finally {
      await docker(['rm', '--force', 'rr-images-assets'])
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('with Medusa', () => {
  let storefront: Container

  beforeAll(async () => {
    await emptyStores()
    for (const command of ['migrate', 'seed']) expect((await runMedusa([command])).code).toBe(0)
    const server = await startMedusa('server', ['start'])
    await ready(server, '/ready')
    storefront = await startStorefront(`http://127.0.0.1:${server.port}`)
    await ready(storefront, '/api/health')
  })

  it('shows the catalogue from a read-only disk, and keeps its pages', async () => {
    const page = `http://127.0.0.1:${storefront.port}/eu`
    const first = await fetch(page)
    expect(first.status).toBe(200)
    expect(await first.text()).toContain('/eu/products/')
    const second = await fetch(page)
    expect(second.headers.get('x-nextjs-cache')).toBe('HIT')
    const kept = await docker([
      ...['exec', storefront.name, 'find', '/app/storefront/.next/cache', '-name', 'eu.html'],
    ])
    expect(kept).toContain('eu.html')
    expect(await logs(storefront.name)).not.toMatch(/EROFS|ENOENT|Failed to update/)
  })

  it('serves its own scripts and styles', async () => {
    const page = await (await fetch(`http://127.0.0.1:${storefront.port}/eu`)).text()
    const assets = [...page.matchAll(/"(\/_next\/static\/[^"]+\.(?:js|css)[^"]*)"/g)]
    expect(assets.length).toBeGreaterThan(0)
    for (const [, path] of assets.slice(0, 5)) {
      const response = await fetch(`http://127.0.0.1:${storefront.port}${path}`)
      expect(response.status).toBe(200)
    }
  })
})
