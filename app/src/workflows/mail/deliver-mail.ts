import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import { environment } from '../../environment'
import { MAIL } from '../../modules/mail'
import { isLastTry, retryDelayMs } from '../../modules/mail/schedule'
import type { MailOutbox } from '../../modules/mail/service'
import { mailSettings } from '../../modules/mail/settings'
import { SmtpFailure, sendBySmtp } from '../../modules/mail/smtp'

/** Longer than a whole conversation with the server; a killed process's lock ends by itself. */
const LOCK_SECONDS = 120

/** What became of a try: `settled` also when there was nothing left to do. */
export type Delivery = 'settled' | 'refused' | 'unreachable'

/**
 * Sends one mail of the outbox, unless that is done. A process killed between the server's word
 * and the record sends a copy later; it has the same Message-ID, by which receivers drop it.
 */
export async function deliverMail(container: MedusaContainer, id: string): Promise<Delivery> {
  const locking = container.resolve(Modules.LOCKING)
  return locking.execute(`mail:${id}`, () => deliver(container, id), {
    timeout: LOCK_SECONDS,
    expire: LOCK_SECONDS,
  })
}

async function deliver(container: MedusaContainer, id: string): Promise<Delivery> {
  const settings = mailSettings(environment())
  if (!settings.on) return 'unreachable'
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  const outbox = container.resolve<MailOutbox>(MAIL)
  const [mail] = await outbox.listMailMessages({ id })
  if (!mail || mail.sent_at || mail.given_up_at || mail.html === null || mail.text === null) {
    return 'settled'
  }
  const now = new Date()
  const emptied = { html: null, text: null }
  if (mail.useless_after && mail.useless_after < now) {
    await outbox.updateMailMessages({ id, given_up_at: now, ...emptied })
    logger.warn(`mail: ${id} (${mail.kind}) was not sent before its link ended`)
    return 'settled'
  }
  const { recipient: to, subject, html, text, created_at: date } = mail
  const attempts = mail.attempts + 1
  try {
    await sendBySmtp(settings.smtpUrl, { id, from: settings.from, to, subject, html, text, date })
  } catch (error) {
    const last = isLastTry(mail.created_at, attempts, now)
    const why = (error as Error).message
    await outbox.updateMailMessages({
      id,
      attempts,
      last_error: why,
      next_attempt_at: new Date(now.getTime() + retryDelayMs(attempts)),
      ...(last ? { given_up_at: now, ...emptied } : {}),
    })
    if (last)
      logger.error(
        `mail: ${id} (${mail.kind}) is given up after ${attempts} tries in a day: ${why}`,
      )
    else {
      const seconds = retryDelayMs(attempts) / 1000
      logger.warn(`mail: ${id} (${mail.kind}) waits ${seconds} s: ${why}`)
    }
    return error instanceof SmtpFailure && error.answered ? 'refused' : 'unreachable'
  }
  await outbox.updateMailMessages({
    id,
    attempts,
    sent_at: new Date(),
    last_error: null,
    ...emptied,
  })
  logger.info(`mail: ${id} (${mail.kind}) sent`)
  return 'settled'
}
