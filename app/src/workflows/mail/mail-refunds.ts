import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import { languageOf } from '../../mails/language'
import { ORDER_KEY } from '../../modules/btcpay/provider/service'
import { offeredRefunds } from '../../modules/btcpay/provider/session-data'
import { findOrder } from './order-facts'
import { queueMail } from './queue-mail'

interface PaymentRow {
  currency_code: string
  data: Record<string, unknown> | null
  refunds?: { id: string; amount: BigNumberInput; raw_amount?: BigNumberInput }[]
}

/** Sends the claim link of every refund of a payment to its shopper, each once. */
export async function mailRefunds(container: MedusaContainer, paymentId: string): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'payment',
    fields: ['id', 'currency_code', 'data', 'refunds.*'],
    filters: { id: [paymentId] },
  })
  const payment = data[0] as unknown as PaymentRow | undefined
  if (!payment) throw new Error(`mail: there is no payment ${paymentId}`)
  const orderId = payment.data?.[ORDER_KEY]
  const offered = Object.entries(offeredRefunds(payment.data ?? {}))
  if (typeof orderId !== 'string' || offered.length === 0) return
  const order = await findOrder(container, orderId)
  if (!order) throw new Error(`mail: there is no order ${orderId}`)
  for (const [refundId, { claim_link: claimLink }] of offered) {
    const refund = payment.refunds?.find(({ id }) => id === refundId)
    // A refund that Medusa took back keeps its link in the data; nobody shall claim it.
    if (!refund) continue
    await queueMail(container, {
      kind: 'refund-ready',
      event: refundId,
      to: order.email,
      language: languageOf(order.locale),
      facts: {
        orderNumber: order.facts.number,
        refund: {
          amount: MathBN.convert(refund.raw_amount ?? refund.amount).toFixed(),
          currency: payment.currency_code,
        },
        claimLink,
      },
    })
  }
}
