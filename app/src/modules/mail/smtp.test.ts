import { createServer, type Server } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { isAddress } from './address'
import { messageId, type Outgoing, SmtpFailure, sendBySmtp, TIMEOUTS, type Timeouts } from './smtp'

const mail: Outgoing = {
  id: 'mail_01',
  from: 'Research Relay <shop@research-relay.test>',
  to: 'ada@example.org',
  subject: 'Grüße',
  html: '<p>Grüße</p>',
  text: 'Grüße',
  date: new Date('2026-11-25T08:00:00Z'),
}

let closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing) await close()
  closing = []
})

/** A mail server that keeps what it gets; `options` make it refuse. */
async function receiver(options: ConstructorParameters<typeof SMTPServer>[0] = {}) {
  const received: { mail: ParsedMail; to: string[]; source: string }[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const source = Buffer.concat(chunks)
        const to = session.envelope.rcptTo.map(({ address }) => address)
        received.push({ mail: await simpleParser(source), to, source: source.toString() })
        done()
      })
    },
    ...options,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `smtp://127.0.0.1:${port}`, received }
}

/** A server that takes connections and does with them what a test wants. */
async function rawServer(talk: (write: (line: string) => void) => void): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    talk((line) => socket.write(`${line}\r\n`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  return `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

describe('a mail on the wire', () => {
  it('has both forms, one recipient and what keeps robots from answering', async () => {
    const { url, received } = await receiver()
    await sendBySmtp(url, mail)
    const [got] = received
    expect(received).toHaveLength(1)
    expect(got?.to).toEqual(['ada@example.org'])
    expect(got?.mail.subject).toBe('Grüße')
    expect(got?.mail.html).toContain('<p>Grüße</p>')
    expect(got?.mail.text?.trim()).toBe('Grüße')
    expect(got?.mail.from?.value).toEqual([
      { name: 'Research Relay', address: 'shop@research-relay.test' },
    ])
    expect(got?.mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(got?.mail.date?.toISOString()).toBe('2026-11-25T08:00:00.000Z')
  })

  it('has one Message-ID for all its tries', async () => {
    const { url, received } = await receiver()
    await sendBySmtp(url, mail)
    await sendBySmtp(url, mail)
    const ids = received.map((each) => each.mail.messageId)
    expect(ids).toEqual(['<mail_01@research-relay.test>', '<mail_01@research-relay.test>'])
    expect(messageId('mail_02', 'shop@research-relay.test')).not.toBe(ids[0])
  })

  it('takes no header and no recipient from a subject or an address', async () => {
    const { url, received } = await receiver()
    const subject = 'Hello\r\nBcc: everyone@example.org\r\n\r\nanother body'
    await sendBySmtp(url, { ...mail, subject })
    expect(received[0]?.to).toEqual(['ada@example.org'])
    expect(received[0]?.mail.bcc).toBeUndefined()
    expect(received[0]?.source).not.toMatch(/^Bcc:/m)
    await sendBySmtp(url, { ...mail, to: 'ada@example.org, eve@example.org' }).catch(
      () => undefined,
    )
    expect(received.flatMap((each) => each.to)).not.toContain('eve@example.org')
  })

  it('keeps long lines short enough for every server', async () => {
    const { url, received } = await receiver()
    await sendBySmtp(url, {
      ...mail,
      html: `<p>${'x'.repeat(20_000)}</p>`,
      text: 'y'.repeat(9_000),
    })
    const longest = Math.max(
      ...(received[0]?.source ?? '').split('\r\n').map((line) => line.length),
    )
    expect(longest).toBeLessThanOrEqual(998)
    expect(received[0]?.mail.text?.trim()).toHaveLength(9_000)
  })
})

describe('a mail server', () => {
  it('that is away is told from one that refuses', async () => {
    const away = await sendBySmtp('smtp://127.0.0.1:1', mail).catch((error) => error)
    expect(away).toBeInstanceOf(SmtpFailure)
    expect(away).toMatchObject({ answered: false, message: 'ESOCKET' })
    const { url } = await receiver({
      onRcptTo: (address, _session, done) => done(new Error(`no ${address.address} here`)),
    })
    const refused = await sendBySmtp(url, mail).catch((error) => error)
    expect(refused).toMatchObject({ answered: true, message: 'EENVELOPE 550' })
  })

  it('that refuses does not bring an address into our logs', async () => {
    const { url } = await receiver({
      onRcptTo: (address, _session, done) => done(new Error(`no ${address.address} here`)),
    })
    const refused = await sendBySmtp(url, mail).catch((error) => error)
    expect(String(refused.stack ?? refused)).not.toContain('ada@')
  })

  it('that refuses the password is named by a code', async () => {
    const { url } = await receiver({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('Invalid login')),
    })
    const withPassword = url.replace('//', '//shop:secret-password@')
    const error = await sendBySmtp(withPassword, mail).catch((failure) => failure)
    expect(error.message).toBe('EAUTH 535')
    expect(String(error.stack)).not.toContain('secret-password')
  })

  const short: Timeouts = { connect: 5_000, greeting: 300, silence: 5_000, whole: 5_000 }
  const took = async (url: string, timeouts: Timeouts): Promise<number> => {
    const began = Date.now()
    await expect(sendBySmtp(url, mail, timeouts)).rejects.toMatchObject({ answered: false })
    return Date.now() - began
  }

  it('that never greets is left', async () => {
    expect(await took(await rawServer(() => undefined), short)).toBeLessThan(2_000)
  })

  it('that falls silent in the middle is left', async () => {
    const url = await rawServer((write) => write('220 silent.example.org ESMTP'))
    const timeouts = { ...short, greeting: 5_000, silence: 300 }
    expect(await took(url, timeouts)).toBeLessThan(2_000)
  })

  it('that goes on and on without an end is left', async () => {
    const url = await rawServer((write) => {
      write('220 slow.example.org ESMTP')
      const words = setInterval(() => write('250-slow.example.org'), 50)
      closing.push(() => clearInterval(words))
    })
    const timeouts = { ...short, greeting: 5_000, whole: 400 }
    expect(await took(url, timeouts)).toBeLessThan(2_000)
  })

  it('is given at most a minute in real life', () => {
    expect(Math.max(...Object.values(TIMEOUTS))).toBe(60_000)
    expect(TIMEOUTS.connect + TIMEOUTS.greeting + TIMEOUTS.silence).toBeLessThan(60_000)
  })
})

describe('an address', () => {
  it.each(['ada@example.org', 'a.b+c@sub.example.org', 'ünï@exämple.org', "o'neil@example.org"])(
    '%s is one',
    (text) => expect(isAddress(text)).toBe(true),
  )

  it.each([
    '',
    'ada',
    '@example.org',
    'ada@',
    'ada@example.org, eve@example.org',
    'ada@example.org;eve@example.org',
    'Ada <ada@example.org>',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada@exa mple.org',
    'ada@@example.org',
    'ada@example.org,localhost',
    'ada@example.org>',
    'ada@[127.0.0.1]',
    'ada@exam\u0000ple.org',
    'ada\u0000@example.org',
    'ada\u202e@example.org',
    `${'a'.repeat(250)}@example.org`,
  ])('%j is none', (text) => expect(isAddress(text)).toBe(false))
})
