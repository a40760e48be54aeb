import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { environment } from '../../environment'
import type { Language } from '../../mails/content'
import { type MailKind, type Mails, renderMail } from '../../mails/render'
import { MAIL } from '../../modules/mail'
import { isAddress } from '../../modules/mail/address'
import type { MailOutbox } from '../../modules/mail/service'
import { mailSettings } from '../../modules/mail/settings'
import { deliverMail } from './deliver-mail'

/** A mail that an event calls for. */
export interface WantedMail<Kind extends MailKind> {
  kind: Kind
  /** Names the event: however often it is delivered, it is one mail. */
  event: string
  to: string | null | undefined
  language: Language
  facts: Mails[Kind]
  /** After this moment the mail is not sent any more. */
  uselessAfter?: Date
}

/**
 * Puts a mail into the outbox, once for each kind and event, and tries to send it. A failed try
 * is the outbox's to repeat; this throws only when the mail could not be put in, and then the event
 * bus delivers the event again.
 */
export async function queueMail<Kind extends MailKind>(
  container: MedusaContainer,
  mail: WantedMail<Kind>,
): Promise<void> {
  // What happens while there is no mail is not told later: a switched-on server would send old news.
  if (!mailSettings(environment()).on) return
  const key = `${mail.kind}:${mail.event}`
  if (!mail.to || !isAddress(mail.to)) {
    const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
    return logger.warn(`mail: ${key} has no address that mail can be sent to`)
  }
  const outbox = container.resolve<MailOutbox>(MAIL)
  const find = () => outbox.listMailMessages({ key }, { select: ['id'] })
  const [known] = await find()
  if (known) return
  const { kind, to, language, facts, uselessAfter } = mail
  let id: string
  try {
    const rendered = renderMail(kind, facts, language)
    const message = await outbox.createMailMessages({
      key,
      kind,
      recipient: to,
      ...rendered,
      next_attempt_at: new Date(),
      useless_after: uselessAfter ?? null,
    })
    id = message.id
  } catch (error) {
    // Two deliveries of one event at one moment: the unique index let the other one in.
    const [other] = await find()
    if (other) return
    // The error itself may repeat what was to be stored: a token, an address.
    throw new Error(`mail: ${key} was not put into the outbox (${(error as Error).name})`)
  }
  await deliverMail(container, id)
}
