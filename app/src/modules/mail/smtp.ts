import { createTransport } from 'nodemailer'
import { isLoopback } from '../../environment-address'
import { bareAddress } from './settings'

/** How long a server may keep us waiting, in milliseconds. */
export interface Timeouts {
  connect: number
  greeting: number
  /** Silence in the middle of a conversation. */
  silence: number
  /** The whole conversation, however slowly the server goes on; below the lock of one mail. */
  whole: number
}

/** A server that does not answer holds up the mail behind it no longer than this. */
export const TIMEOUTS: Timeouts = {
  connect: 10_000,
  greeting: 10_000,
  silence: 20_000,
  whole: 60_000,
}

/** A mail for the wire. */
export interface Outgoing {
  /** Stays the same for every try, so that a receiver knows a copy. */
  id: string
  from: string
  to: string
  subject: string
  html: string
  text: string
  /** When the mail was written, not when it was tried. */
  date: Date
}

/** Why a mail was not taken: codes, without the server's words. */
export class SmtpFailure extends Error {
  override name = 'SmtpFailure'
  /** The server answered, so the next mail may fare better. */
  readonly answered: boolean

  constructor(message: string, answered: boolean) {
    super(message)
    this.answered = answered
  }
}

/** The Message-ID of a mail: one for all its tries. */
export function messageId(id: string, from: string): string {
  return `<${id}@${bareAddress(from).split('@').at(-1)}>`
}

/**
 * Hands one mail to the server and waits for its word.
 * @throws SmtpFailure when the server did not say that it has taken the mail
 */
export async function sendBySmtp(
  smtpUrl: string,
  mail: Outgoing,
  timeouts: Timeouts = TIMEOUTS,
): Promise<void> {
  const transport = createTransport({
    url: smtpUrl,
    // A password never goes over a line that anybody reads: smtp: leaves this machine by STARTTLS only.
    requireTLS: !isLoopback(smtpUrl),
    connectionTimeout: timeouts.connect,
    dnsTimeout: timeouts.connect,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.silence,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      transport.close()
      reject(new SmtpFailure('too slow as a whole', false))
    }, timeouts.whole)
  })
  try {
    const sent = transport.sendMail({
      messageId: messageId(mail.id, mail.from),
      from: mail.from,
      // An object is taken as one address; a string would be parsed as a list.
      to: { name: '', address: mail.to },
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      date: mail.date,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    await Promise.race([sent, late])
  } catch (error) {
    if (error instanceof SmtpFailure) throw error
    const { code, responseCode } = error as { code?: string; responseCode?: number }
    throw new SmtpFailure(
      [code ?? 'failed', responseCode].filter(Boolean).join(' '),
      responseCode !== undefined,
    )
  } finally {
    clearTimeout(timer)
    transport.close()
  }
}
