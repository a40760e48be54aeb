import type { MedusaContainer } from '@medusajs/framework/types'
import { environment } from '../../environment'
import { languageOf } from '../../mails/language'
import { type LedgerRow, ledgerOf } from '../../modules/ledger/ledger'
import { mailSettings } from '../../modules/mail/settings'
import { findOrder } from './order-facts'
import { queueMail } from './queue-mail'

/** Sends every claim link for money that is no order's to whoever paid it, each once. */
export async function mailOwedOffers(container: MedusaContainer, row: LedgerRow): Promise<void> {
  if (!mailSettings(environment()).on) return
  const { buyer } = await ledgerOf(container).buyerOf(row.session_id)
  const order = row.order_id ? await findOrder(container, row.order_id) : undefined
  const to = order?.email ?? buyer?.email
  // A cart that was deleted has left no address: the admin shows the link.
  if (!to) return
  for (const { id, link, amount } of row.owed_offers ?? []) {
    await queueMail(container, {
      kind: 'refund-ready',
      event: id,
      to,
      language: languageOf(order ? order.locale : buyer?.locale),
      facts: {
        ...(order ? { orderNumber: order.facts.number } : {}),
        refund: { amount, currency: row.currency.toLowerCase() },
        claimLink: link,
      },
    })
  }
}
