import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MathBN } from '@medusajs/framework/utils'
import type { ShipmentFacts } from '../../mails/facts'
import { languageOf } from '../../mails/language'
import { findOrder } from './order-facts'
import { queueMail } from './queue-mail'

interface FulfillmentRow {
  items?: { title: string; quantity: BigNumberInput; line_item_id: string | null }[]
  labels?: { tracking_number: string | null; tracking_url: string | null }[]
  order?: { id: string } | null
}

/** A carrier's page, if it is one: the admin's form also takes "#", or nothing. */
export function trackingLink(url: string | null | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined
  return /^https?:$/.test(new URL(url).protocol) ? url : undefined
}

function trackingOf(labels: FulfillmentRow['labels']): ShipmentFacts['tracking'] {
  return (labels ?? [])
    .map(({ tracking_number, tracking_url }) => {
      const link = trackingLink(tracking_url)
      return { number: (tracking_number ?? '').trim(), ...(link ? { link } : {}) }
    })
    .filter(({ number, link }) => number || link)
}

/** Tells the shopper that a parcel left, once. */
export async function mailShipment(
  container: MedusaContainer,
  fulfillmentId: string,
): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'fulfillment',
    fields: ['id', 'items.*', 'labels.*', 'order.id'],
    filters: { id: [fulfillmentId] },
  })
  const fulfillment = data[0] as unknown as FulfillmentRow | undefined
  if (!fulfillment) throw new Error(`mail: there is no fulfillment ${fulfillmentId}`)
  if (!fulfillment.order) return
  const order = await findOrder(container, fulfillment.order.id)
  if (!order) throw new Error(`mail: there is no order ${fulfillment.order.id}`)
  await queueMail(container, {
    kind: 'shipped',
    event: fulfillmentId,
    to: order.email,
    language: languageOf(order.locale),
    facts: {
      orderNumber: order.facts.number,
      lines: (fulfillment.items ?? []).map(({ title, quantity, line_item_id }) => ({
        title: order.titles.get(line_item_id ?? '') ?? title,
        quantity: MathBN.convert(quantity).toNumber(),
      })),
      tracking: trackingOf(fulfillment.labels),
      address: order.facts.address,
      ...(order.facts.link ? { link: order.facts.link } : {}),
    },
  })
}
