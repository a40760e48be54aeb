import type { MedusaContainer, UpdatePaymentDTO } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { ORDER_KEY } from '../../modules/btcpay/provider/service'

/**
 * Writes the order's id into its payment's data: from then on the payment may be refunded.
 * Safe to repeat.
 */
export async function nameOrder(
  container: MedusaContainer,
  sessionId: string,
  orderId: string,
): Promise<void> {
  const payments = container.resolve(Modules.PAYMENT)
  const [payment] = await payments.listPayments({ payment_session_id: sessionId })
  if (!payment || payment.data?.[ORDER_KEY] === orderId) return
  // Medusa's type names only the id; the service writes what else is given.
  const update: UpdatePaymentDTO & { data: Record<string, unknown> } = {
    id: payment.id,
    data: { ...payment.data, [ORDER_KEY]: orderId },
  }
  await payments.updatePayment(update)
}
