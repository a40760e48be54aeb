import { model } from '@medusajs/framework/utils'

/** One mail, from the event that called for it until the server has taken it. */
export const MailMessage = model
  .define('mail_message', {
    id: model.id({ prefix: 'mail' }).primaryKey(),
    /** Names the event, such as `order-placed:order_01…`; unique, so one event is one mail. */
    key: model.text(),
    kind: model.text(),
    recipient: model.text(),
    subject: model.text(),
    /** Emptied once there is nothing left to send: it holds addresses and links that open doors. */
    html: model.text().nullable(),
    text: model.text().nullable(),
    attempts: model.number().default(0),
    /** Not before this time is it tried again. */
    next_attempt_at: model.dateTime(),
    /** After this time the mail would only confuse: its link is dead. */
    useless_after: model.dateTime().nullable(),
    sent_at: model.dateTime().nullable(),
    /** When it was clear that it will never be sent. */
    given_up_at: model.dateTime().nullable(),
    /** Codes only: a server's words repeat addresses. */
    last_error: model.text().nullable(),
  })
  .indexes([{ on: ['key'], unique: true }, { on: ['sent_at', 'given_up_at', 'next_attempt_at'] }])
