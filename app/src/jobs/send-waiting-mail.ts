import type { MedusaContainer } from '@medusajs/framework/types'
import { environment } from '../environment'
import { job } from '../logging/job'
import { MAIL } from '../modules/mail'
import type { MailOutbox } from '../modules/mail/service'
import { mailSettings } from '../modules/mail/settings'
import { deliverMail } from '../workflows/mail/deliver-mail'
import { mailForgottenOrders } from '../workflows/mail/mail-order'

const EVERY_SECONDS = 10
/** One run's bound: the next run takes the rest. */
const AT_MOST = 50

/** Sends mail whose first try failed, and mail whose event was lost. */
async function sendWaitingMail(container: MedusaContainer): Promise<void> {
  if (!mailSettings(environment()).on) return
  const outbox = container.resolve<MailOutbox>(MAIL)
  await mailForgottenOrders(container)
  const due = await outbox.listMailMessages(
    { sent_at: null, given_up_at: null, next_attempt_at: { $lte: new Date() } },
    { select: ['id'], take: AT_MOST, order: { next_attempt_at: 'ASC' } },
  )
  for (const { id } of due) {
    // A server that is away is away for the others, too: each would wait for its timeouts.
    if ((await deliverMail(container, id)) === 'unreachable') break
  }
}

const name = 'send-waiting-mail'
export default job(name, sendWaitingMail)

export const config = { name, schedule: { interval: EVERY_SECONDS * 1000 } }
