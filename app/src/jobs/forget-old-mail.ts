import type { MedusaContainer } from '@medusajs/framework/types'
import { job } from '../logging/job'
import { MAIL } from '../modules/mail'
import type { MailOutbox } from '../modules/mail/service'

const EVERY_HOURS = 1
/** One run's bound: far more than a shop of this size writes in an hour. */
const AT_MOST = 1_000
/** What went out is kept so long as proof of what was sent, then no longer: it holds addresses. */
const KEPT_DAYS = 90

/** Removes the rows of mail that is older than its proof is kept. */
async function forgetOldMail(container: MedusaContainer): Promise<void> {
  const outbox = container.resolve<MailOutbox>(MAIL)
  const old = await outbox.listMailMessages(
    { created_at: { $lt: new Date(Date.now() - KEPT_DAYS * 86_400_000) } },
    { select: ['id'], take: AT_MOST },
  )
  if (old.length > 0) await outbox.deleteMailMessages(old.map(({ id }) => id))
}

const name = 'forget-old-mail'
export default job(name, forgetOldMail)

export const config = { name, schedule: { interval: EVERY_HOURS * 3_600_000 } }
