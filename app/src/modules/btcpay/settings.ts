import { type Environment, environment } from '../../environment'
import type { GreenfieldOptions } from './greenfield'

/** BTCPay as this shop is set up with it. */
export interface BtcpaySettings extends GreenfieldOptions {
  /** Signs the webhook. */
  webhookSecret: string
}

/** What the shop lacks to be paid; the environment is complete or has neither of the last two. */
export const NEEDED = [
  'BTCPAY_URL',
  'BTCPAY_WEBHOOK_SECRET',
  'BTCPAY_STORE_ID',
  'BTCPAY_API_KEY',
] as const

/** A shop that was never set up with BTCPay: `Greenfield` fails each call as if BTCPay were away. */
export const NOT_SET_UP: GreenfieldOptions = { url: '', storeId: '', apiKey: '' }

/** How BTCPay is reached; undefined while the shop was never set up with it. */
export function btcpaySettings(values: Environment = environment()): BtcpaySettings | undefined {
  const { BTCPAY_URL: url, BTCPAY_STORE_ID: storeId, BTCPAY_API_KEY: apiKey } = values
  const webhookSecret = values.BTCPAY_WEBHOOK_SECRET
  if (!url || !storeId || !apiKey || !webhookSecret) return undefined
  return { url: url.replace(/\/$/, ''), storeId, apiKey, webhookSecret }
}

/** Where BTCPay's user looks at an invoice; null for one that was never made, or without BTCPay's address. */
export function invoiceLink(
  invoiceId: string | null,
  url: string | undefined = environment().BTCPAY_URL,
): string | null {
  if (!invoiceId || !url) return null
  return `${url.replace(/\/$/, '')}/invoices/${encodeURIComponent(invoiceId)}`
}
