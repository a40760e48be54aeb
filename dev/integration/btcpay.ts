import { call, shop } from './shop.ts'

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

/** Lets the invoice's time run out now. */
export function expire(invoiceId: string): Promise<unknown> {
  return post(`/invoices/${invoiceId}/expire`)
}

/** Changes what happens to webhooks from now on: delivered, lost, or sent twice. */
export function webhooks(mode: WebhookMode): Promise<unknown> {
  return post('/webhooks', { mode })
}
