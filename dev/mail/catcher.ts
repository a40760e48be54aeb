import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { SMTPServer } from 'smtp-server'
import { Inbox } from './inbox.ts'
import { listPage, mailPage } from './page.ts'

const HOST = '127.0.0.1'
const LARGEST_MAIL_BYTES = 5 * 1024 * 1024
const CLOSE_TIMEOUT_MS = 1_000

/** Where the catcher listens, on loopback only. */
export interface CatcherPorts {
  smtp: number
  web: number
}

/** A catcher that runs; `close` ends it and forgets what was caught. */
export interface Catcher {
  close(): Promise<void>
}

/** Another site's page must not read our mails by a name that it lets point to this machine. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost)(:\d+)?$/

/** A mail may have a style of its own and nothing else: no script, no picture, no form, no link that opens here. */
const MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"

/** What a call is answered with. */
interface Answer {
  status: number
  type: 'application/json' | 'text/html' | 'text/plain'
  body: string
  policy: string
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
  policy: PAGE_POLICY,
})
const html = (body: string, policy = PAGE_POLICY): Answer => ({
  status: 200,
  type: 'text/html',
  body,
  policy,
})

/**
 * `GET /api/messages[?to=ADDRESS]` the newest first, `DELETE /api/messages` forgets them,
 * `GET /api/health`; the rest are pages.
 */
function answer(inbox: Inbox, request: IncomingMessage): Answer {
  if (!OWN_NAMES.test(request.headers.host ?? '')) return json(421, { message: 'not my name' })
  const url = new URL(request.url ?? '/', `http://${HOST}`)
  const call = `${request.method} ${url.pathname}`
  if (call === 'GET /api/health') return json(200, { status: 'ok' })
  if (call === 'GET /api/messages') {
    return json(200, { messages: inbox.all(url.searchParams.get('to') ?? undefined) })
  }
  if (call === 'DELETE /api/messages') {
    inbox.clear()
    return json(200, { messages: [] })
  }
  if (call === 'GET /') return html(listPage(inbox.all()))
  const [, id = '', bare] = /^GET \/messages\/(\d+)(\/html)?$/.exec(call) ?? []
  const mail = inbox.one(id)
  if (!mail) {
    return { status: 404, type: 'text/plain', body: 'There is no such mail.', policy: PAGE_POLICY }
  }
  return bare ? html(mail.html, MAIL_POLICY) : html(mailPage(mail))
}

function send({ status, type, body, policy }: Answer, response: ServerResponse): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  })
  response.end(body)
}

function listen(server: Server | SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => resolve())
  })
}

/**
 * Takes every mail that is sent to it and brings it to nobody.
 * @param log one line for each mail
 */
export async function startCatcher(
  ports: CatcherPorts,
  log: (line: string) => void = console.log,
): Promise<Catcher> {
  const inbox = new Inbox()
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: LARGEST_MAIL_BYTES,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(new Error('The mail is too large'))
        const to = session.envelope.rcptTo.map(({ address }) => address)
        inbox.take(Buffer.concat(chunks), to).then((mail) => {
          log(`${mail.to.join(', ')}: ${mail.subject}`)
          done()
        }, done)
      })
    },
  })
  const web = createServer((request, response) => send(answer(inbox, request), response))
  await listen(smtp, ports.smtp)
  try {
    await listen(web, ports.web)
  } catch (error) {
    await new Promise<void>((resolve) => smtp.close(() => resolve()))
    throw error
  }
  // A client that breaks off in the middle is nothing to die of.
  smtp.on('error', (error: Error) => log(`mail catcher: ${error.message}`))
  return {
    close: async () => {
      web.closeAllConnections()
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => web.close(() => resolve())),
      ])
    },
  }
}
