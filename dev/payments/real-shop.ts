import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MedusaContainer } from '@medusajs/framework/types'
import type { Connection } from '../../app/src/modules/ledger/ledger.ts'
import { type StandIn, startStandIn } from '../btcpay/server.ts'
import { DEVELOPMENT, ROOT, shopEnvironment, type Variables } from '../shop/settings.ts'
import { ShopDatabase } from '../watch/shop-database.ts'
import { watchLives } from './mortal.ts'

const APP = join(ROOT, 'app')
/** Medusa loads the app by require, so this process has the same modules as it. */
const require = createRequire(join(APP, 'package.json'))

/** A module of the app, as Medusa itself has loaded it. */
export function ofApp<Module>(path: string): Module {
  return require(join(APP, 'src', path)) as Module
}

/** A package of Medusa, as the app itself has loaded it. */
export function ofMedusa<Module>(name: string): Module {
  return require(name) as Module
}

type Essentials = typeof import('../../app/src/seed/essentials.ts')
type SeedSteps = typeof import('../../app/src/seed/steps.ts')
type StandGuard = typeof import('../../app/src/surface/stand-guard.ts')
type AppEnvironment = typeof import('../../app/src/environment.ts')
/** Where goods are sold from, as the seed has made it. */
type Seeded = Awaited<ReturnType<Essentials['essentials']>>

interface Loaded {
  container: MedusaContainer
  shutdown(): Promise<void>
}

/**
 * Medusa with all of the app in this process, on PostgreSQL with the shop's tables, and a stand-in for BTCPay
 * beside it: its real workflows, routes and subscribers. Jobs run when a test says so.
 */
export class RealShop {
  readonly database: ShopDatabase
  private readonly folder = mkdtempSync(join(tmpdir(), 'rr-real-shop-'))
  private medusa: Loaded | undefined
  private seeded: Seeded | undefined
  private http: Server | undefined
  private standIn: StandIn | undefined

  /** @param port PostgreSQL's; stand-in and Medusa have the next two; nobody listens at the third */
  constructor(private readonly port: number) {
    this.database = new ShopDatabase(port)
  }

  get container(): MedusaContainer {
    if (!this.medusa) throw new Error('the shop is not started')
    return this.medusa.container
  }

  get essentials(): Seeded {
    if (!this.seeded) throw new Error('the shop is not started')
    return this.seeded
  }

  get connection(): Connection {
    return this.container.resolve('__pg_connection__')
  }

  get btcpayUrl(): string {
    return `http://127.0.0.1:${this.port + 1}`
  }
  get url(): string {
    return `http://127.0.0.1:${this.port + 2}`
  }

  async start(): Promise<void> {
    watchLives()
    await this.database.start()
    // Only this test needs its rows, and only until its end.
    this.database.server.sql('ALTER SYSTEM SET synchronous_commit = off')
    this.database.server.sql('SELECT pg_reload_conf()')
    const env: Variables = {
      ...shopEnvironment(DEVELOPMENT, false),
      NODE_ENV: 'test',
      DATABASE_URL: this.database.url,
      MEDUSA_WORKER_MODE: 'server',
      DISABLE_MEDUSA_ADMIN: 'true',
      LOG_LEVEL: 'error',
      // Nobody takes what is mailed: it stays in the outbox.
      SMTP_URL: `smtp://127.0.0.1:${this.port + 3}`,
      BTCPAY_URL: this.btcpayUrl,
      MEDUSA_BACKEND_URL: this.url,
      STOREFRONT_URL: `http://127.0.0.1:${this.port + 3}`,
      UPLOADS_DIR: join(this.folder, 'uploads'),
      PRIVATE_FILES_DIR: join(this.folder, 'private'),
    }
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    this.standIn = await startStandIn(
      {
        host: '127.0.0.1',
        port: this.port + 1,
        storeId: String(env.BTCPAY_STORE_ID),
        apiKey: String(env.BTCPAY_API_KEY),
        webhookUrl: `${this.url}/hooks/btcpay`,
        webhookSecret: String(env.BTCPAY_WEBHOOK_SECRET),
      },
      () => {},
    )
    await this.toStandIn('webhooks', { mode: 'drop' })
    await this.load()
  }

  private async load(): Promise<void> {
    process.chdir(APP)
    require('ts-node').register({ cwd: APP, project: join(APP, 'tsconfig.json'), swc: true })
    const express = require('express') as () => { listen(port: number, host: string): Server }
    const app = express()
    const loaders = require(join(ROOT, 'node_modules/@medusajs/medusa/dist/loaders/index.js')) as {
      default(options: { directory: string; expressApp: unknown }): Promise<Loaded>
    }
    this.medusa = await loaders.default({ directory: APP, expressApp: app })
    await this.standGuard()
    await new Promise<void>((resolve) => {
      this.http = app.listen(this.port + 2, '127.0.0.1')
      this.http.once('listening', resolve)
    })
    this.seeded = await ofApp<Essentials>('seed/essentials').essentials(
      this.container,
      new (ofApp<SeedSteps>('seed/steps').Steps)(this.container),
    )
  }

  /** The app's gate stands before every server of its process; here one of them is the stand-in. */
  private async standGuard(): Promise<void> {
    const { standGuard, policyOf } = ofApp<StandGuard>('surface/stand-guard')
    standGuard(policyOf(ofApp<AppEnvironment>('environment').environment()))
    const { server } = this.standIn ?? {}
    const listeners = server?.listeners('request') ?? []
    await fetch(`${this.btcpayUrl}/`)
    server?.removeAllListeners('request')
    for (const each of listeners) server?.on('request', each as () => void)
  }

  async stop(): Promise<void> {
    await this.standIn?.close()
    this.http?.closeAllConnections()
    this.http?.close()
    await this.medusa?.shutdown()
    await this.database.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A control of the stand-in, such as `invoices/ID/pay`. */
  async toStandIn<Answer>(path: string, body: object = {}): Promise<Answer> {
    const response = await fetch(`${this.btcpayUrl}/standin/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
}
