import type { MedusaContainer } from '@medusajs/framework/types'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { samples } from '../../mails/samples'

const PORT = 26_401

vi.stubEnv('SMTP_URL', `smtp://127.0.0.1:${PORT}`)
vi.stubEnv('MAIL_FROM', 'Research Relay <shop@research-relay.test>')
const { queueMail } = await import('./queue-mail')
const { deliverMail } = await import('./deliver-mail')

interface Row {
  id: string
  key: string
  html: string | null
  text: string | null
  recipient: string
  attempts: number
  next_attempt_at: Date
  useless_after: Date | null
  sent_at: Date | null
  given_up_at: Date | null
  last_error: string | null
  created_at: Date
}

/** The outbox's rows, a lock that lets one in at a time, and a log: what Medusa gives. */
class World {
  rows: Row[] = []
  log: string[] = []
  /** Called before a row is written. */
  onUpdate: () => void = () => undefined
  private last: Promise<unknown> = Promise.resolve()

  readonly container = {
    resolve: (name: string) => {
      const log = (level: string) => (line: string) => this.log.push(`${level} ${line}`)
      if (name === 'logger') return { info: log('info'), warn: log('warn'), error: log('error') }
      if (name === 'locking') {
        return {
          execute: (_key: string, job: () => Promise<unknown>) => {
            this.last = this.last.then(job, job)
            return this.last
          },
        }
      }
      return this.outbox
    },
  } as unknown as MedusaContainer

  private readonly outbox = {
    listMailMessages: async (filter: Partial<Row>) => {
      await new Promise((resolve) => setImmediate(resolve))
      return this.rows
        .filter((row) => Object.entries(filter).every(([k, v]) => row[k as keyof Row] === v))
        .map((row) => ({ ...row }))
    },
    createMailMessages: async (row: Row) => {
      // Time for the other worker to look, too.
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (this.rows.some(({ key }) => key === row.key)) throw new Error(`${row.key} exists`)
      const made = {
        ...row,
        id: `mail_${this.rows.length}`,
        attempts: 0,
        sent_at: null,
        given_up_at: null,
        last_error: null,
        created_at: new Date(),
      }
      this.rows.push(made)
      return { ...made }
    },
    updateMailMessages: async (change: Partial<Row>) => {
      this.onUpdate()
      Object.assign(this.rows.find(({ id }) => id === change.id) ?? {}, change)
    },
  }
}

let world: World
let received: { to: string | undefined; id: string | undefined; subject: string | undefined }[]
let server: SMTPServer | undefined

async function serverComesUp(): Promise<void> {
  const started = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 100,
    async onData(stream, session, done) {
      const { messageId, subject } = await simpleParser(stream)
      received.push({ to: session.envelope.rcptTo[0]?.address, id: messageId, subject })
      done()
    },
  })
  await new Promise<void>((resolve) => started.listen(PORT, '127.0.0.1', resolve))
  server = started
}

async function serverGoes(): Promise<void> {
  const ending = server
  server = undefined
  if (ending) await new Promise<void>((resolve) => ending.close(() => resolve()))
}

const placed = (event = 'order_1', to: string | null = 'ada@example.org') =>
  queueMail(world.container, {
    kind: 'order-placed',
    event,
    to,
    language: 'en',
    facts: samples['order-placed'],
  })

const only = (): Row => {
  expect(world.rows).toHaveLength(1)
  return world.rows[0] as Row
}

beforeEach(() => {
  world = new World()
  received = []
})
afterEach(serverGoes)

describe('an event', () => {
  it('is one mail, however often it is delivered', async () => {
    await serverComesUp()
    await placed()
    await placed()
    await placed()
    expect(received).toEqual([
      {
        to: 'ada@example.org',
        id: '<mail_0@research-relay.test>',
        subject: 'Your order #1042 at Research Relay',
      },
    ])
    await placed('order_2')
    expect(received).toHaveLength(2)
  })

  it('is one mail, also when two workers get it at one moment', async () => {
    await serverComesUp()
    await Promise.all([placed(), placed(), placed(), placed()])
    expect(received).toHaveLength(1)
    expect(only().sent_at).toBeInstanceOf(Date)
  })

  it('without an address is a line in the log and no mail', async () => {
    await serverComesUp()
    for (const to of [null, '', 'ada@example.org, eve@example.org', 'a@b\r\nBcc: c@d']) {
      await placed(`order-to-${to}`, to)
    }
    expect(world.rows).toEqual([])
    expect(received).toEqual([])
    expect(world.log).toHaveLength(4)
    expect(world.log.join()).toMatch(/has no address that mail can be sent to/)
  })
})

describe('while the mail server is away', () => {
  it('nothing fails, and exactly one mail comes later', async () => {
    await placed()
    expect(only()).toMatchObject({ attempts: 1, sent_at: null, last_error: 'ESOCKET' })
    expect(only().next_attempt_at.getTime() - Date.now()).toBeGreaterThan(28_000)
    // The event comes again meanwhile, and adds no try.
    await placed()
    expect(only().attempts).toBe(1)
    await serverComesUp()
    expect(await deliverMail(world.container, 'mail_0')).toBe('settled')
    expect(await deliverMail(world.container, 'mail_0')).toBe('settled')
    expect(received).toHaveLength(1)
    expect(only()).toMatchObject({ attempts: 2, last_error: null })
  })

  it('for more than a day, the mail is given up with an error line', async () => {
    await placed()
    only().created_at = new Date(Date.now() - 21 * 3_600_000)
    only().attempts = 13
    expect(await deliverMail(world.container, 'mail_0')).toBe('unreachable')
    expect(only().given_up_at).toBeInstanceOf(Date)
    expect(world.log.at(-1)).toBe(
      'error mail: mail_0 (order-placed) is given up after 14 tries in a day: ESOCKET',
    )
    await serverComesUp()
    expect(await deliverMail(world.container, 'mail_0')).toBe('settled')
    expect(received).toEqual([])
  })

  it('a link may end, and then its mail is not sent any more', async () => {
    const minutes = (count: number) => new Date(Date.now() + count * 60_000)
    await queueMail(world.container, {
      kind: 'password-reset',
      event: 'fingerprint',
      to: 'admin@example.org',
      language: 'en',
      facts: samples['password-reset'],
      uselessAfter: minutes(15),
    })
    await serverComesUp()
    only().useless_after = minutes(-1)
    await deliverMail(world.container, 'mail_0')
    expect(received).toEqual([])
    expect(only()).toMatchObject({ html: null, text: null })
    expect(only().given_up_at).toBeInstanceOf(Date)
  })
})

describe('a worker that is killed', () => {
  it('between the server’s word and the record sends a copy with the same Message-ID', async () => {
    await serverComesUp()
    world.onUpdate = () => {
      throw new Error('killed')
    }
    await placed().catch(() => undefined)
    expect(received).toHaveLength(1)
    expect(only().sent_at).toBeNull()
    world.onUpdate = () => undefined
    await deliverMail(world.container, 'mail_0')
    expect(received).toHaveLength(2)
    expect(received[1]?.id).toBe(received[0]?.id)
    await deliverMail(world.container, 'mail_0')
    expect(received).toHaveLength(2)
  })
})

describe('what is kept and logged', () => {
  it('is neither the content of a sent mail nor anybody’s address', async () => {
    await placed()
    await serverComesUp()
    await deliverMail(world.container, 'mail_0')
    expect(only()).toMatchObject({ html: null, text: null })
    expect(world.log.length).toBeGreaterThan(1)
    expect(world.log.join('\n')).not.toMatch(/@|Köhler|token/)
  })

  it('is not the token of a mail that could not be stored', async () => {
    const outbox = world.container.resolve('mail') as { createMailMessages: unknown }
    outbox.createMailMessages = async () => {
      throw new Error('insert into mail_message values (SAMPLE token)')
    }
    const failed = queueMail(world.container, {
      kind: 'invitation',
      event: 'invite_1',
      to: 'new@example.org',
      language: 'de',
      facts: samples.invitation,
    })
    await expect(failed).rejects.toThrow('mail: invitation:invite_1 was not put into the outbox')
    await expect(failed).rejects.not.toThrow(/SAMPLE/)
  })
})
