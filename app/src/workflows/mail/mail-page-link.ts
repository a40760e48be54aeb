import type { MedusaContainer } from '@medusajs/framework/types'
import { languageOf } from '../../mails/language'
import { findOrder } from './order-facts'
import { queueMail } from './queue-mail'

/** Sends the new link of an order's page to its shopper, once for each link. */
export async function mailPageLink(
  container: MedusaContainer,
  orderId: string,
  linkId: string,
): Promise<void> {
  const order = await findOrder(container, orderId)
  if (!order?.facts.link) throw new Error(`mail: there is no order ${orderId} with a page`)
  await queueMail(container, {
    kind: 'order-link',
    event: linkId,
    to: order.email,
    language: languageOf(order.locale),
    facts: { orderNumber: order.facts.number, link: order.facts.link },
  })
}
