import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** A mail as it arrived. */
export interface Mail {
  from: string
  to: string
  subject: string
  text: string
  headers: ParsedMail['headers']
  /** Who signed in to hand it over; empty when nobody had to. */
  user: string
}

/** How a mail server of a test behaves. */
export interface MailboxOptions {
  /** The only user and password that may hand over mail. */
  sign?: { user: string; password: string }
  /** TLS from the first byte, with this key and certificate. */
  tls?: { key: string; cert: string }
  /** Never answers. */
  silent?: boolean
}

/** A real mail server on loopback that keeps what it is given. */
export class Mailbox {
  readonly mails: Mail[] = []
  private readonly server: SMTPServer
  private readonly port: number

  constructor(port: number, { sign, tls, silent }: MailboxOptions = {}) {
    this.port = port
    this.server = new SMTPServer({
      secure: tls !== undefined,
      ...tls,
      disabledCommands: sign ? [] : ['AUTH', 'STARTTLS'],
      allowInsecureAuth: true,
      onConnect: (_session, done) => {
        if (!silent) done()
      },
      onAuth: ({ username, password }, _session, done) => {
        if (username === sign?.user && password === sign?.password) done(null, { user: username })
        else done(new Error('Invalid username or password'))
      },
      onData: (stream, session, done) => {
        simpleParser(stream)
          .then((mail) => {
            this.mails.push({
              from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
              to: session.envelope.rcptTo.map(({ address }) => address).join(' '),
              subject: mail.subject ?? '',
              text: mail.text ?? '',
              headers: mail.headers,
              user: String(session.user ?? ''),
            })
            done()
          })
          .catch(done)
      },
    })
    this.server.on('error', () => undefined)
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.server.listen(this.port, '127.0.0.1', resolve))
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  /** The mail that came since the last look. */
  take(): Mail[] {
    return this.mails.splice(0)
  }
}
