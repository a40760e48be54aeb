import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually } from './eventually.ts'
import { call, processControl, shop } from './shop.ts'

/** How the stand-in treats its webhooks. */
export type WebhookMode = 'deliver' | 'drop' | 'duplicate'

/** What one delivery of the stand-in looked like on the wire. */
export interface Delivery {
  type: string
  invoiceId: string
  httpCode: number | null
}

function post(path: string, body: unknown = {}): Promise<unknown> {
  return call(`${shop.btcpay}/standin${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

interface Kept {
  invoices: Record<string, object>
  pullPayments: Record<string, { invoiceId: string; name: string; amount: string }>
}

/** The stand-in's state as it lies on its disk. */
function keptState(): Kept {
  const folder = process.env.SHOP_DATA
  if (!folder) throw new Error('SHOP_DATA is not set: run these tests by "npm test"')
  return JSON.parse(readFileSync(join(folder, 'btcpay/btcpay.json'), 'utf8')) as Kept
}

function kept(): Record<string, object> {
  return keptState().invoices
}

/** Ids of all invoices. */
export function invoiceIds(): string[] {
  return Object.keys(kept())
}

/** All that BTCPay keeps of an invoice, as text. */
export function keptOf(invoiceId: string): string {
  return JSON.stringify(kept()[invoiceId])
}

/** The payment session that an invoice was made for. */
export function sessionOf(invoiceId: string): string {
  return (JSON.parse(keptOf(invoiceId)) as { metadata: { orderId: string } }).metadata.orderId
}

/** Pays an invoice as a wallet would; without an amount, all that is due. */
export function pay(
  invoiceId: string,
  method: 'lightning' | 'onchain' = 'lightning',
  amount?: string,
): Promise<unknown> {
  return post(`/invoices/${invoiceId}/pay`, { method, ...(amount ? { amount } : {}) })
}

/** Confirms every on-chain payment of the invoice. */
export function confirm(invoiceId: string): Promise<unknown> {
  return post(`/invoices/${invoiceId}/confirm`)
}

/** Marks an invoice as BTCPay's user can: POST /api/v1/stores/{storeId}/invoices/{invoiceId}/status. */
export function mark(invoiceId: string, status: 'Settled' | 'Invalid'): Promise<unknown> {
  const { BTCPAY_STORE_ID: store, BTCPAY_API_KEY: key } = process.env
  return call(`${shop.btcpay}/api/v1/stores/${store}/invoices/${invoiceId}/status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `token ${key}` },
    body: JSON.stringify({ status }),
  })
}

/** Lets the invoice's time run out now. */
export function expire(invoiceId: string): Promise<unknown> {
  return post(`/invoices/${invoiceId}/expire`)
}

/** Kills the stand-in. */
export function endBtcpay(): Promise<unknown> {
  return processControl('btcpay', 'kill', { signal: 'SIGKILL' })
}

/** Starts the stand-in again with all its invoices, and waits until it answers. */
export async function startBtcpay(): Promise<void> {
  await processControl('btcpay', 'start')
  await eventually('BTCPay is there again', 60, async () => {
    await call(`${shop.btcpay}/api/v1/health`)
    return true
  })
}

/** Changes what happens to webhooks from now on: delivered, lost, or sent twice. */
export function webhooks(mode: WebhookMode): Promise<unknown> {
  return post('/webhooks', { mode })
}

/** Takes the key's permissions away, or gives them back: BTCPay answers 403 to every question meanwhile. */
export function forbid(forbidden: boolean): Promise<unknown> {
  return post('/permissions', { forbidden })
}

/** Gives the key exactly these permissions, each `policy` or `policy:storeId`. */
export function permit(permissions: string[]): Promise<unknown> {
  return post('/permissions', { permissions })
}

/** The next refund is made, and its answer is lost. */
export function loseNextRefund(): Promise<unknown> {
  return post('/refunds', { lose: true })
}

/**
 * Claims a refund, as its shopper does on BTCPay's page; it waits for the owner's approval then.
 * @returns the payout's id
 */
export async function claim(pullPaymentId: string, amount: string): Promise<string> {
  const path = `/api/v1/pull-payments/${pullPaymentId}/payouts`
  const { id } = await call<{ id: string }>(`${shop.btcpay}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ destination: randomUUID(), amount, payoutMethodId: 'BTC-LN' }),
  })
  return id
}

/** Approves a claim and sends its money. */
export async function payOut(payoutId: string): Promise<void> {
  await post(`/payouts/${payoutId}/approve`)
  await post(`/payouts/${payoutId}/complete`)
}

/** The refunds of an invoice that BTCPay has. */
export function refundsAtBtcpay(invoiceId: string): { name: string; amount: string }[] {
  const all = Object.values(keptState().pullPayments)
  return all.filter((each) => each.invoiceId === invoiceId)
}
