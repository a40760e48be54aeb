import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import { missingAmount } from '../../modules/btcpay/amount'
import { cartOfOrder } from '../btcpay/cart-payments'

interface OrderRow {
  currency_code: string
  /** Medusa's own count: the order's total without the captures and refunds that it knows. */
  summary?: { pending_difference?: BigNumberInput } | null
}

/**
 * Whether an order that was made in the admin (a draft, converted) still waits for money. A cart's
 * order never does: its invoice was settled before it was made.
 */
export async function awaitsPayment(container: MedusaContainer, orderId: string): Promise<boolean> {
  if (await cartOfOrder(container, orderId)) return false
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'order',
    fields: ['currency_code', 'summary.*'],
    filters: { id: [orderId] },
  })
  const order = data[0] as unknown as OrderRow | undefined
  const due = MathBN.convert(order?.summary?.pending_difference ?? 0)
  // Taxes leave rests below a cent, which nobody can pay.
  return (
    order !== undefined &&
    MathBN.gt(missingAmount(due.toFixed(), '0', order.currency_code.toUpperCase()), 0)
  )
}
