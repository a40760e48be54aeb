import { setTimeout } from 'node:timers/promises'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import type { InvoicePaymentMethod } from '../../modules/btcpay/answers'
import type { Greenfield } from '../../modules/btcpay/greenfield'

/** A page is asked for every other second, by each of its visitors; BTCPay is not. */
const KEPT_MS = 10_000
/** The page comes without them rather than late; the answer is kept for whoever asks next. */
const PATIENCE_MS = 1_500
/** Invoices that are looked at within `KEPT_MS`; beyond that the oldest answer goes. */
const KEPT_MAX = 1_000

/** BTCPay's name of a payment method, and ours. */
const METHODS = new Map<string, 'lightning' | 'on-chain'>([
  ['BTC-LN', 'lightning'],
  ['BTC-CHAIN', 'on-chain'],
])

/** How an invoice can be paid; amounts are decimal strings in bitcoin. */
export interface WayToPay {
  method: 'lightning' | 'on-chain'
  /** All of the invoice, and what is still to be paid of it. */
  amount: string
  due: string
  /** What a bitcoin costs in the invoice's currency, for this invoice: a decimal string. */
  rate: string
  /** A BOLT11 invoice, or an address. */
  destination: string
  /** The same for a wallet, `lightning:` (BOLT11) or `bitcoin:` (BIP 21). */
  link: string
}

/** Which invoice; with another sum paid, another amount is due and another Lightning invoice stands for it. */
export interface WaitingInvoice {
  invoiceId: string
  /** Decimal string in the invoice's currency. */
  paidAmount: string
}

interface Kept {
  ways: Promise<WayToPay[] | null>
  until: number
}

/** In the order of their making. */
const kept = new Map<string, Kept>()

/**
 * How a waiting invoice can be paid: GET /api/v1/stores/{storeId}/invoices/{invoiceId}/payment-methods, asked
 * once in ten seconds by this process, whoever looks.
 * @returns null when BTCPay does not answer in time
 */
export function waysToPay(
  btcpay: Pick<Greenfield, 'paymentMethods'>,
  { invoiceId, paidAmount }: WaitingInvoice,
): Promise<WayToPay[] | null> {
  const key = `${invoiceId} ${paidAmount}`
  const now = Date.now()
  let found = kept.get(key)
  if (!found || found.until <= now) {
    // To the end of the order.
    kept.delete(key)
    found = { ways: ask(btcpay, invoiceId), until: now + KEPT_MS }
    kept.set(key, found)
    forget(now)
  }
  return Promise.race([found.ways, setTimeout(PATIENCE_MS, null, { ref: false })])
}

function forget(now: number): void {
  for (const [key, { until }] of kept) {
    if (until > now && kept.size <= KEPT_MAX) return
    kept.delete(key)
  }
}

async function ask(
  btcpay: Pick<Greenfield, 'paymentMethods'>,
  invoiceId: string,
): Promise<WayToPay[] | null> {
  const answer = await btcpay.paymentMethods(invoiceId)
  if (answer.ok) return answer.value.flatMap(wayOf)
  const facts = { invoice: short(invoiceId), reason: answer.failure.message }
  record('warn', 'order page: no ways to pay', facts)
  return null
}

/** Of the methods that this page has words for, those that can be paid now. */
function wayOf(method: InvoicePaymentMethod): WayToPay[] {
  const { paymentMethodId, destination, paymentLink, amount, due, rate } = method
  const known = METHODS.get(paymentMethodId)
  if (!known || !destination || !paymentLink || !amount || !rate) return []
  // A link is followed by a browser: a wallet's, and no other.
  const isWallets = paymentLink.startsWith(known === 'lightning' ? 'lightning:' : 'bitcoin:')
  return isWallets ? [{ method: known, amount, due, rate, destination, link: paymentLink }] : []
}
