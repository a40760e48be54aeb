import type { MedusaContainer } from '@medusajs/framework/types'
import { environment } from '../../environment'
import { languageOf } from '../../mails/language'
import { invoiceLink } from '../../modules/btcpay/settings'
import { ledgerOf } from '../../modules/ledger/ledger'
import { mailSettings } from '../../modules/mail/settings'
import type { ExaminedPayment } from '../btcpay/examine-payment'
import { referenceOf } from '../order-page/begin-payment'
import { linkOf, pageAddress } from '../order-page/page-link'
import { queueMail } from './queue-mail'

/**
 * Tells the owner of money that needs a decision, and the shopper of money that no order stands for; once
 * for each reason.
 */
export async function mailReview(
  container: MedusaContainer,
  payment: ExaminedPayment,
): Promise<void> {
  const settings = mailSettings(environment())
  const { reason } = payment
  if (!settings.on || !reason) return
  const { invoice_id, buyer } = await ledgerOf(container).buyerOf(payment.session_id)
  const facts = {
    currency: payment.currency_code.toUpperCase(),
    amount: payment.amount,
    paid: payment.paid_amount,
    reference: referenceOf(payment.session_id),
  }
  const event = `${payment.session_id}:${reason}`
  if (settings.owner) {
    await queueMail(container, {
      kind: 'owner-review',
      event,
      to: settings.owner,
      language: 'en',
      facts: {
        ...facts,
        reason,
        ...(payment.order_display_id === null ? {} : { orderNumber: payment.order_display_id }),
        email: buyer?.email ?? '',
        invoiceLink: invoiceLink(invoice_id) ?? '',
      },
    })
  }
  // What is wrong with an order's money is told by other mails.
  if (reason === 'surplus' || reason === 'marked-invalid' || reason === 'no-cart') return
  // A cart that was deleted has left no address.
  if (!buyer?.email || !payment.cart_id) return
  const link = pageAddress((await linkOf(container, payment.cart_id)).token)
  await queueMail(container, {
    kind: 'payment-review',
    event,
    to: buyer.email,
    language: languageOf(buyer.locale),
    facts: { ...facts, reason, link },
  })
}
