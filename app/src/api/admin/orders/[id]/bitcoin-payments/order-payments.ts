import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import { Administration, type PaidMethod } from '../../../../../modules/btcpay/administration'
import { btcpaySettings } from '../../../../../modules/btcpay/settings'
import { type ListedRow, ledgerOf } from '../../../../../modules/ledger/ledger'
import { WEBHOOK_INBOX } from '../../../../../modules/webhook-inbox'
import type { WebhookInbox } from '../../../../../modules/webhook-inbox/service'
import { type ListedPayment, listed } from '../../../bitcoin-payments/listed'

/** An invoice has a handful of events; more are a fault, and shown by their newest. */
const MOST_DELIVERIES = 50
const BITCOIN_DIGITS = 8

/** One payment of an invoice as BTCPay has it; amounts are decimal strings, the time ISO. */
export interface SeenPayment {
  method: 'Lightning' | 'on-chain'
  bitcoin: string
  /** In the invoice's currency, at the invoice's rate. */
  amount: string
  status: 'confirmed' | 'waiting' | 'invalid'
  received_at: string
}

/** Money that goes back: `link` is where its shopper claims it. */
export interface Refund {
  of: 'order' | 'owed'
  amount: string
  link: string | null
}

/** An invoice on its order's page in the admin. */
export interface OrderPayment extends ListedPayment {
  /** Null when BTCPay does not tell. */
  payments: SeenPayment[] | null
  /** Webhooks about it, the oldest first. */
  deliveries: { type: string; received_at: string; outcome: string | null }[]
  refunds: Refund[]
}

/** `btcpay_problem`: why some payments are not told, in words; null when all are. */
export interface OrderPayments {
  bitcoin_payments: OrderPayment[]
  btcpay_problem: string | null
}

/** The order's invoices: what the ledger has, with what BTCPay tells besides. BTCPay away is no error. */
export async function paymentsOfOrder(
  container: MedusaContainer,
  orderId: string,
): Promise<OrderPayments> {
  const rows = await ledgerOf(container).ofOrder(orderId)
  const [told, deliveries, refunds] = await Promise.all([
    Promise.all(rows.map(paidAtBtcpay)),
    deliveriesOf(container, rows),
    orderRefunds(container, rows),
  ])
  return {
    bitcoin_payments: rows.map((row, index) => ({
      ...listed(row),
      payments: told[index]?.payments ?? null,
      deliveries: deliveries
        .filter((each) => each.invoice_id === row.invoice_id)
        .map(({ type, created_at, outcome }) => ({
          type,
          received_at: new Date(created_at).toISOString(),
          outcome,
        })),
      refunds: [
        ...refunds.filter((each) => each.session_id === row.session_id).map(refundOf),
        ...(row.owed_offers ?? []).map(({ amount, link }) => ({
          of: 'owed' as const,
          amount,
          link,
        })),
      ],
    })),
    btcpay_problem: told.find(({ problem }) => problem)?.problem ?? null,
  }
}

async function paidAtBtcpay(
  row: ListedRow,
): Promise<{ payments: SeenPayment[] | null; problem?: string }> {
  if (!row.invoice_id) return { payments: [] }
  const settings = btcpaySettings()
  if (!settings) return { payments: null, problem: 'The shop is not set up with BTCPay.' }
  const answer = await new Administration(settings).paidMethods(row.invoice_id)
  if (!answer.ok) return { payments: null, problem: answer.failure.message }
  return { payments: answer.value.flatMap((method) => seenBy(method, row.currency)) }
}

const STATUSES: Record<string, SeenPayment['status']> = {
  Settled: 'confirmed',
  Processing: 'waiting',
}

function seenBy(method: PaidMethod, currency: string): SeenPayment[] {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return method.payments.map(({ value, status, receivedDate }) => ({
    method: method.paymentMethodId.endsWith('-CHAIN') ? 'on-chain' : 'Lightning',
    bitcoin: MathBN.convert(value).toFixed(BITCOIN_DIGITS),
    amount: MathBN.mult(value, method.rate).toFixed(digits.maximumFractionDigits ?? 2),
    status: STATUSES[status] ?? 'invalid',
    received_at: new Date(receivedDate * 1_000).toISOString(),
  }))
}

async function deliveriesOf(container: MedusaContainer, rows: ListedRow[]) {
  const ids = rows.flatMap(({ invoice_id }) => invoice_id ?? [])
  if (ids.length === 0) return []
  const newest = await container
    .resolve<WebhookInbox>(WEBHOOK_INBOX)
    .listWebhookDeliveries(
      { invoice_id: ids },
      { take: MOST_DELIVERIES * ids.length, order: { created_at: 'DESC' } },
    )
  return newest.reverse()
}

interface RefundRow {
  session_id: string
  amount: string
  link: string | null
}

/** Refunds that Medusa has made of the order's payments. */
async function orderRefunds(container: MedusaContainer, rows: ListedRow[]): Promise<RefundRow[]> {
  const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
  const { rows: refunds } = await connection.raw<{ rows: RefundRow[] }>(
    `SELECT p.payment_session_id AS session_id, r.amount::text AS amount,
       p.data->'refunds'->r.id->>'claim_link' AS link
     FROM refund r JOIN payment p ON p.id = r.payment_id
     WHERE p.payment_session_id = ANY(?) AND r.deleted_at IS NULL ORDER BY r.created_at`,
    [rows.map(({ session_id }) => session_id)],
  )
  return refunds
}

function refundOf({ amount, link }: RefundRow): Refund {
  return { of: 'order', amount: MathBN.convert(amount).toFixed(), link }
}
