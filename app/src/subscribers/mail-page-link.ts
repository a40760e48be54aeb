import type { SubscriberArgs, SubscriberConfig } from '@medusajs/framework'
import { mailPageLink } from '../workflows/mail/mail-page-link'
import { PAGE_LINK_REPLACED } from '../workflows/order-page/replace-link'

/** An admin has replaced the link of an order's page: the shopper gets the new one. */
export default async function mailPageLinkReplaced({
  event,
  container,
}: SubscriberArgs<{ order_id: string; link_id: string }>): Promise<void> {
  await mailPageLink(container, event.data.order_id, event.data.link_id)
}

export const config: SubscriberConfig = { event: PAGE_LINK_REPLACED }
