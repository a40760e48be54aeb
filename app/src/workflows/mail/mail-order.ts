import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { environment, required } from '../../environment'
import { languageOf } from '../../mails/language'
import { MAIL } from '../../modules/mail'
import { isAddress } from '../../modules/mail/address'
import type { MailOutbox } from '../../modules/mail/service'
import { mailSettings } from '../../modules/mail/settings'
import { mayBeOrphan } from '../btcpay/orphan'
import { findOrder } from './order-facts'
import { queueMail } from './queue-mail'
import { awaitsPayment } from './unpaid-order'

/** An order's event is handled within seconds; whoever is this late was lost. */
const FORGOTTEN_AFTER_MS = 60_000
/** Older orders are left alone: a confirmation after hours asks more than it answers. */
const LOOK_BACK_MS = 2 * 3_600_000
const AT_MOST = 100

/** Tells shopper and owner of an order, each once; the shopper not before it is paid. */
export async function mailOrder(container: MedusaContainer, orderId: string): Promise<void> {
  const settings = mailSettings(environment())
  if (!settings.on) return
  const order = await findOrder(container, orderId)
  if (!order) throw new Error(`mail: there is no order ${orderId}`)
  // The payment of an order from the admin confirms it later: `mail-paid-order.ts`.
  if (!(await awaitsPayment(container, order.id))) {
    await queueMail(container, {
      kind: 'order-placed',
      event: order.id,
      to: order.email,
      language: languageOf(order.locale),
      facts: order.facts,
    })
  }
  if (!settings.owner) return
  await queueMail(container, {
    kind: 'owner-order',
    event: order.id,
    to: settings.owner,
    language: 'en',
    facts: {
      order: order.facts,
      email: order.email ?? '',
      link: `${required(environment(), 'MEDUSA_BACKEND_URL')}/app/orders/${order.id}`,
    },
  })
}

/**
 * Mails orders whose event never came, or was not told to both: a process was killed meanwhile. Not those that
 * a kill has left without their cart: they are taken back.
 */
export async function mailForgottenOrders(container: MedusaContainer): Promise<void> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const now = Date.now()
  const { data } = await query.graph({
    entity: 'order',
    fields: ['id', 'email', 'metadata', 'cart.id'],
    filters: {
      created_at: {
        $gte: new Date(now - LOOK_BACK_MS).toISOString(),
        $lte: new Date(now - FORGOTTEN_AFTER_MS).toISOString(),
      },
      is_draft_order: false,
    },
    pagination: { take: AT_MOST, order: { created_at: 'DESC' } },
  })
  const ids = data
    .filter(
      ({ email, metadata, cart }) => email && isAddress(email) && !mayBeOrphan(metadata, cart),
    )
    .map(({ id }) => String(id))
  if (ids.length === 0) return
  const outbox = container.resolve<MailOutbox>(MAIL)
  const settings = mailSettings(environment())
  const toOwner = settings.on && settings.owner
  const kinds = toOwner ? ['order-placed', 'owner-order'] : ['order-placed']
  const keysOf = (id: string) => kinds.map((kind) => `${kind}:${id}`)
  const known = await outbox.listMailMessages(
    { key: ids.flatMap(keysOf) },
    { select: ['key'], take: AT_MOST * kinds.length },
  )
  const there = new Set(known.map(({ key }) => key))
  for (const id of ids)
    if (!keysOf(id).every((key) => there.has(key))) await mailOrder(container, id)
}
