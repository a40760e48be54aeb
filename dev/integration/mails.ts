import type { CaughtMail } from '../mail/inbox.ts'
import { call } from './shop.ts'

/** Where the shop's mails are caught. */
const catcher = `http://127.0.0.1:${process.env.MAIL_WEB_PORT}`

/** What was caught and names this text, such as the link of an order's page. */
export async function mailsAbout(text: string): Promise<CaughtMail[]> {
  const { messages } = await call<{ messages: CaughtMail[] }>(`${catcher}/api/messages`)
  return messages.filter((mail) => mail.text.includes(text))
}
