import type { MedusaContainer } from '@medusajs/framework/types'
import type { Greenfield } from '../modules/btcpay/greenfield'
import { hasMoney, type Invoice, isOpen } from '../modules/btcpay/invoice'
import { WEBHOOK_INBOX } from '../modules/webhook-inbox'
import type { WebhookInbox } from '../modules/webhook-inbox/service'

/** BTCPay watches the chain for an expired invoice's address for a day; a week is more than any clock is wrong. */
const LATE_MONEY_DAYS = 7

/** Whether a cart may go, as far as its invoices tell. `no-answer`: BTCPay cannot be asked now. */
export type Verdict = 'without-money' | 'kept' | 'no-answer'

/** Whether this invoice has money, or could still get some. */
export function mayHaveMoney(invoice: Invoice, nowMs = Date.now()): boolean {
  if (isOpen(invoice) || hasMoney(invoice)) return true
  return invoice.expirationTime * 1_000 > nowMs - LATE_MONEY_DAYS * 86_400_000
}

/** Whether the inbox has something of these invoices that is not handled, or that a person must look at. */
async function isUnderReview(container: MedusaContainer, invoices: string[]): Promise<boolean> {
  const inbox = container.resolve<WebhookInbox>(WEBHOOK_INBOX)
  const found = await inbox.listWebhookDeliveries(
    { invoice_id: invoices, $or: [{ outcome: 'review' }, { handled_at: null }] },
    { take: 1, select: ['id'] },
  )
  return found.length > 0
}

/**
 * Asks about every invoice of a cart. In doubt the cart is kept: also when BTCPay does not know an
 * invoice, for it says the same to a key without permission.
 */
export async function verdictOn(
  container: MedusaContainer,
  greenfield: Pick<Greenfield, 'getInvoice'>,
  invoices: string[],
): Promise<Verdict> {
  if (await isUnderReview(container, invoices)) return 'kept'
  for (const id of invoices) {
    const answer = await greenfield.getInvoice(id)
    if (!answer.ok) return answer.failure.kind === 'unknown' ? 'kept' : 'no-answer'
    if (mayHaveMoney(answer.value)) return 'kept'
  }
  return 'without-money'
}
