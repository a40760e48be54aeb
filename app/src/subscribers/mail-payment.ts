import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import type { ExaminedPayment } from '../workflows/btcpay/examine-payment'
import { PAYMENT_EXAMINED } from '../workflows/mail/announce-payment'
import { mailPayment } from '../workflows/mail/mail-payment'

/** A payment was looked at: a mail, when its shopper does not know yet how it stands. */
export default async function mailPaymentExamined({
  event,
  container,
}: SubscriberArgs<ExaminedPayment>): Promise<void> {
  await mailPayment(container, event.data)
}

export const config: SubscriberConfig = { event: PAYMENT_EXAMINED }
