import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ModulesSdkUtils } from '@medusajs/framework/utils'
import { Greenfield } from '../../app/src/modules/btcpay/greenfield.ts'
import { type Connection, Ledger } from '../../app/src/modules/ledger/ledger.ts'
import { startStandIn } from '../btcpay/server.ts'
import { ShopDatabase } from '../watch/shop-database.ts'

const STORE = { storeId: 'store', apiKey: 'key' }

/** The ledger on PostgreSQL with the shop's tables, and a stand-in for BTCPay in this process. */
export class Bookkeeping {
  readonly database: ShopDatabase
  readonly connection: Connection
  readonly ledger: Ledger
  readonly btcpay: Greenfield
  private readonly folder = mkdtempSync(join(tmpdir(), 'rr-payments-'))
  private readonly standIn: string
  private closeStandIn: (() => Promise<void>) | undefined

  /** @param port PostgreSQL's; the stand-in has the next one */
  constructor(private readonly port: number) {
    this.database = new ShopDatabase(port)
    this.connection = ModulesSdkUtils.createPgConnection({ clientUrl: this.database.url })
    this.ledger = new Ledger(this.connection)
    this.standIn = `http://127.0.0.1:${port + 1}`
    this.btcpay = new Greenfield({ url: this.standIn, ...STORE })
  }

  async start(): Promise<void> {
    await this.database.start()
    const { close } = await startStandIn(
      {
        host: '127.0.0.1',
        port: this.port + 1,
        dataDir: this.folder,
        ...STORE,
        // Nobody hears: what is asked for is told.
        webhookUrl: 'http://127.0.0.1:9/',
        webhookSecret: 'secret',
      },
      () => {},
    )
    this.closeStandIn = close
    await this.toStandIn('webhooks', { mode: 'drop' })
  }

  async stop(): Promise<void> {
    await this.closeStandIn?.()
    await this.connection.destroy()
    await this.database.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A control of the stand-in, such as `invoices/ID/pay`. */
  async toStandIn(path: string, body: object = {}): Promise<void> {
    const response = await fetch(`${this.standIn}/standin/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }

  /** Claims so much of a pull payment, as its shopper would. @returns the payout's id */
  async claim(pullPaymentId: string, amount: string): Promise<string> {
    const path = `/api/v1/pull-payments/${pullPaymentId}/payouts`
    const response = await fetch(`${this.standIn}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ destination: randomUUID(), amount, payoutMethodId: 'BTC-LN' }),
      signal: AbortSignal.timeout(30_000),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return ((await response.json()) as { id: string }).id
  }

  /** Archives an invoice, so that BTCPay's list does not have it. */
  async archive(invoiceId: string): Promise<void> {
    await fetch(`${this.standIn}/api/v1/stores/${STORE.storeId}/invoices/${invoiceId}`, {
      method: 'DELETE',
      headers: { authorization: `token ${STORE.apiKey}` },
      signal: AbortSignal.timeout(30_000),
    })
  }
}
