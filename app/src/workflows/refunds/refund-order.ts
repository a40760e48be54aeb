import type { BigNumberInput, BigNumberRawValue, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN, Modules } from '@medusajs/framework/utils'
import { refundPaymentWorkflow } from '@medusajs/medusa/core-flows'
import { BITCOIN } from '../btcpay/cart-payments'

/** A press that comes while another one refunds the same order waits for it. */
const LOCK_WAIT_SECONDS = 60
const LOCK_EXPIRES_SECONDS = 120

interface Sum {
  amount: BigNumberInput
  raw_amount?: BigNumberRawValue | null
}
interface PaymentRow {
  id: string
  provider_id: string
  captures?: Sum[]
  refunds?: Sum[]
}

/**
 * Offers the shopper all Bitcoin of an order that was not refunded yet; the claim link is mailed. Safe to
 * repeat: what is refunded already is left alone.
 * @throws when BTCPay makes no refund: what was refunded until then stays so
 */
export function refundOrder(
  container: MedusaContainer,
  orderId: string,
  by: string,
): Promise<void> {
  const work = async () => {
    for (const { id, amount } of await refundable(container, orderId))
      await refundPaymentWorkflow(container).run({
        input: { payment_id: id, amount, created_by: by, note: 'The order is cancelled' },
      })
  }
  return container.resolve(Modules.LOCKING).execute(`refund-order:${orderId}`, work, {
    timeout: LOCK_WAIT_SECONDS,
    expire: LOCK_EXPIRES_SECONDS,
  })
}

/** What is left to refund of an order's Bitcoin payments; amounts in major units. */
async function refundable(
  container: MedusaContainer,
  orderId: string,
): Promise<{ id: string; amount: number }[]> {
  const { data } = await container.resolve(ContainerRegistrationKeys.QUERY).graph({
    entity: 'order',
    fields: [
      'id',
      'payment_collections.payments.id',
      'payment_collections.payments.provider_id',
      'payment_collections.payments.captures.*',
      'payment_collections.payments.refunds.*',
    ],
    filters: { id: [orderId] },
  })
  const order = data[0] as unknown as { payment_collections?: { payments?: PaymentRow[] }[] }
  const payments = (order?.payment_collections ?? []).flatMap(({ payments }) => payments ?? [])
  return payments
    .filter(({ provider_id }) => provider_id === BITCOIN)
    .map(({ id, captures, refunds }) => ({ id, left: MathBN.sub(sum(captures), sum(refunds)) }))
    .filter(({ left }) => left.isGreaterThan(0))
    .map(({ id, left }) => ({ id, amount: left.toNumber() }))
}

function sum(rows: Sum[] = []): BigNumberInput {
  return rows.reduce((all, row) => MathBN.add(all, row.raw_amount ?? row.amount), MathBN.convert(0))
}
