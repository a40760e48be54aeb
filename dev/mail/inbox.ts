import { simpleParser } from 'mailparser'

/** Enough for a day of trying things out, and no more memory than that. */
export const MOST_MAILS = 200

/** A mail that was caught, as tests and the page read it. */
export interface CaughtMail {
  id: string
  /** ISO time. */
  at: string
  from: string
  /** Who the server was asked to bring it to; the mail's own headers may say otherwise. */
  to: string[]
  subject: string
  messageId: string
  text: string
  html: string
  /** The mail as it came, headers first. */
  source: string
}

/** Mails in memory, newest first. */
export class Inbox {
  private mails: CaughtMail[] = []
  private next = 1

  /** Keeps one mail; the oldest leaves when there are too many. */
  async take(source: Buffer, to: string[]): Promise<CaughtMail> {
    const parsed = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true })
    const mail: CaughtMail = {
      id: String(this.next++),
      at: new Date().toISOString(),
      from: parsed.from?.text ?? '',
      to,
      subject: parsed.subject ?? '',
      messageId: parsed.messageId ?? '',
      text: parsed.text ?? '',
      html: parsed.html || '',
      source: source.toString('utf8'),
    }
    this.mails = [mail, ...this.mails].slice(0, MOST_MAILS)
    return mail
  }

  /** All of them, or those to one address. */
  all(to?: string): CaughtMail[] {
    return to === undefined ? this.mails : this.mails.filter((mail) => mail.to.includes(to))
  }

  one(id: string): CaughtMail | undefined {
    return this.mails.find((mail) => mail.id === id)
  }

  clear(): void {
    this.mails = []
  }
}
