import type { MedusaContainer } from '@medusajs/framework/types'
import { environment, required } from '../../environment'
import type { ReviewFacts } from '../../mails/facts'
import { languageOf } from '../../mails/language'
import { ledgerOf } from '../../modules/ledger/ledger'
import type { ReviewReason } from '../../modules/ledger/outcome'
import { mailSettings } from '../../modules/mail/settings'
import type { ExaminedPayment } from '../btcpay/examine-payment'
import { referenceOf } from '../order-page/begin-payment'
import { linkOf, pageAddress } from '../order-page/page-link'
import { queueMail } from './queue-mail'

/** Tells shopper and owner of money that no order stands for, once for each reason. */
export async function mailReview(
  container: MedusaContainer,
  payment: ExaminedPayment,
): Promise<void> {
  const settings = mailSettings(environment())
  if (!settings.on || !payment.reason) return
  const { invoice_id, buyer } = await ledgerOf(container).buyerOf(payment.session_id)
  const facts: ReviewFacts = {
    // A payment under review has one of these; the others are an order's.
    reason: payment.reason as ReviewReason,
    currency: payment.currency_code.toUpperCase(),
    amount: payment.amount,
    paid: payment.paid_amount,
    reference: referenceOf(payment.session_id),
    link: pageAddress((await linkOf(container, payment.cart_id)).token),
  }
  const event = `${payment.session_id}:${payment.reason}`
  if (settings.owner) {
    const btcpay = required(environment(), 'BTCPAY_URL').replace(/\/$/, '')
    await queueMail(container, {
      kind: 'owner-review',
      event,
      to: settings.owner,
      language: 'en',
      facts: {
        ...facts,
        email: buyer?.email ?? '',
        invoiceLink: `${btcpay}/invoices/${encodeURIComponent(invoice_id ?? '')}`,
      },
    })
  }
  // A cart that was deleted has left no address behind.
  if (!buyer?.email) return
  await queueMail(container, {
    kind: 'payment-review',
    event,
    to: buyer.email,
    language: languageOf(buyer.country),
    facts,
  })
}
