import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import type { PaymentFacts } from '../../mails/facts'
import { languageOf } from '../../mails/language'
import type { MailKind } from '../../mails/render'
import { isOverpaid, missingAmount } from '../../modules/btcpay/amount'
import type { ExaminedPayment } from '../btcpay/examine-payment'
import { linkOf, pageAddress } from '../order-page/page-link'
import { mailReview } from './mail-review'
import { queueMail } from './queue-mail'

type PaymentMail = Extract<MailKind, `payment-${string}`>

/** The mail that a payment calls for as it stands; a paid one without its order is not over yet. */
export function mailOf(payment: ExaminedPayment): PaymentMail | undefined {
  switch (payment.status) {
    case 'seen':
      return 'payment-seen'
    case 'underpaid':
      return 'payment-underpaid'
    case 'paid':
      if (payment.order_display_id === null) return undefined
      return isOverpaid(payment.amount, payment.paid_amount) ? 'payment-overpaid' : 'payment-paid'
    default:
      return undefined
  }
}

function factsOf(payment: ExaminedPayment, link: string): PaymentFacts {
  const currency = payment.currency_code.toUpperCase()
  return {
    currency,
    amount: payment.amount,
    paid: payment.paid_amount,
    due: payment.due_amount,
    surplus: missingAmount(payment.paid_amount, payment.amount, currency),
    ...(payment.order_display_id === null ? {} : { orderNumber: payment.order_display_id }),
    checkoutLink: payment.checkout_link,
    payUntil: payment.expires_at,
    link,
  }
}

/** Writes to the shopper how the payment stands, once for each of its moments. */
export async function mailPayment(
  container: MedusaContainer,
  payment: ExaminedPayment,
): Promise<void> {
  if (payment.reason) await mailReview(container, payment)
  const kind = mailOf(payment)
  const cartId = payment.cart_id
  if (!kind || !cartId) return
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'cart',
    fields: ['email', 'locale'],
    filters: { id: [cartId] },
  })
  const cart = data[0]
  if (!cart) throw new Error(`mail: there is no cart ${cartId}`)
  await queueMail(container, {
    kind,
    event: payment.session_id,
    to: cart.email,
    language: languageOf(cart.locale),
    facts: factsOf(payment, pageAddress((await linkOf(container, cartId)).token)),
    // Once the time is over, "pay the rest" is the wrong advice.
    ...(kind === 'payment-underpaid' ? { uselessAfter: new Date(payment.expires_at) } : {}),
  })
}
