import { spawnSync } from 'node:child_process'
import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catcher, startCatcher } from './catcher.ts'
import { type CaughtMail, MOST_MAILS } from './inbox.ts'

const ports = { smtp: 26_411, web: 26_412 }
const web = `http://127.0.0.1:${ports.web}`
let catcher: Catcher | undefined
let log: string[]

beforeEach(async () => {
  log = []
  catcher = await startCatcher(ports, (line) => log.push(line))
})
afterEach(() => catcher?.close())

/** Speaks SMTP as simply as it goes: one mail for each list of lines, over one connection. */
async function deliver(to: string[], ...mails: string[][]): Promise<string> {
  const socket = connect(ports.smtp, '127.0.0.1')
  let heard = ''
  socket.on('data', (data) => (heard += data))
  const answers = async (count: number) => {
    // A line whose code is followed by a space ends an answer.
    while ((heard.match(/^\d{3} .*\r\n/gm)?.length ?? 0) < count) {
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  let count = 1
  const say = async (line: string) => {
    await answers(count++)
    socket.write(`${line}\r\n`)
  }
  await say('EHLO test')
  for (const lines of mails) {
    await say('MAIL FROM:<shop@research-relay.test>')
    for (const address of to) await say(`RCPT TO:<${address}>`)
    await say('DATA')
    await say([...lines, '.'].join('\r\n'))
  }
  await say('QUIT')
  await answers(count)
  socket.destroy()
  return heard
}

const letter = (subject: string, html = '<p>Hi</p>') => [
  'From: Shop <shop@research-relay.test>',
  'To: someone-else@example.org',
  `Subject: ${subject}`,
  'Message-ID: <1@test>',
  'Content-Type: multipart/alternative; boundary=x',
  '',
  '--x',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hi text',
  '--x',
  'Content-Type: text/html; charset=utf-8',
  '',
  html,
  '--x--',
]

async function messages(query = ''): Promise<CaughtMail[]> {
  const response = await fetch(`${web}/api/messages${query}`)
  return ((await response.json()) as { messages: CaughtMail[] }).messages
}

describe('the mail catcher', () => {
  it('keeps a mail with who it really went to', async () => {
    await deliver(['ada@example.org', 'bob@example.org'], letter('First'))
    expect(await messages()).toEqual([
      {
        id: '1',
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        from: '"Shop" <shop@research-relay.test>',
        to: ['ada@example.org', 'bob@example.org'],
        subject: 'First',
        messageId: '<1@test>',
        text: 'Hi text',
        html: '<p>Hi</p>',
        source: expect.stringContaining('Subject: First\r\n'),
      },
    ])
    expect(log).toEqual(['ada@example.org, bob@example.org: First'])
  })

  it('gives the mails of one address and forgets all when asked to', async () => {
    await deliver(['ada@example.org'], letter('For Ada'))
    await deliver(['bob@example.org'], letter('For Bob'))
    expect((await messages('?to=bob@example.org')).map(({ subject }) => subject)).toEqual([
      'For Bob',
    ])
    expect((await fetch(`${web}/api/messages`, { method: 'DELETE' })).status).toBe(200)
    expect(await messages()).toEqual([])
  })

  it('keeps the newest 200', async () => {
    const many = Array.from({ length: MOST_MAILS + 5 }, (_, n) => letter(`Mail ${n}`))
    await deliver(['ada@example.org'], ...many)
    const kept = await messages()
    expect(kept).toHaveLength(200)
    expect(kept[0]?.subject).toBe('Mail 204')
    expect(kept.at(-1)?.subject).toBe('Mail 5')
  })

  it('takes nothing that is too large', async () => {
    const lines = Array.from({ length: 90_000 }, () => 'x'.repeat(70))
    expect(await deliver(['ada@example.org'], [...letter('Huge'), ...lines])).toContain('too large')
    expect(await messages()).toEqual([])
  })
})

describe('its pages', () => {
  it('list mails and show one, with everything escaped', async () => {
    await deliver(['ada@example.org'], letter('<script>alert(1)</script>', '<h1>Hello</h1>'))
    const list = await (await fetch(web)).text()
    expect(list).toContain('<a href="/messages/1">&#60;script&#62;alert(1)&#60;/script&#62;</a>')
    const shown = await (await fetch(`${web}/messages/1`)).text()
    expect(shown).not.toContain('<script>')
    expect(shown).toContain('<iframe sandbox="" title="The mail\'s page" src="/messages/1/html">')
    expect(shown).toContain('<pre>Hi text</pre>')
    expect(shown).toContain('Message-ID: &#60;1@test&#62;')
  })

  it('show a mail’s own page so that it may do nothing', async () => {
    await deliver(['ada@example.org'], letter('Evil', '<script>alert(1)</script>'))
    const response = await fetch(`${web}/messages/1/html`)
    expect(await response.text()).toContain('<script>')
    expect(response.headers.get('content-security-policy')).toBe(
      "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    )
  })

  it('are not there for a mail that is not', async () => {
    for (const path of ['/messages/7', '/messages/7/html', '/etc/passwd', '/messages/x']) {
      expect((await fetch(`${web}${path}`)).status, path).toBe(404)
    }
  })

  it('answer to no name but their own', async () => {
    const status = await new Promise((resolve) => {
      const headers = { host: 'attacker.example' }
      request(`${web}/api/messages`, { headers }, (r) => resolve(r.statusCode)).end()
    })
    expect(status).toBe(421)
    expect((await fetch(`http://localhost:${ports.web}/api/health`)).status).toBe(200)
  })
})

describe('its start', () => {
  const start = (env: Record<string, string>) =>
    spawnSync('node', [join(import.meta.dirname, 'main.ts')], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 10_000,
    })

  it('names what is wrong in one line', async () => {
    expect(start({ MAIL_SMTP_PORT: '0', MAIL_WEB_PORT: '26413' })).toMatchObject({
      status: 1,
      stderr: 'mail catcher: MAIL_SMTP_PORT must be a port\n',
    })
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(26_413, '127.0.0.1', resolve))
    const blocked = start({ MAIL_SMTP_PORT: '26414', MAIL_WEB_PORT: '26413' })
    taken.close()
    expect(blocked.status).toBe(1)
    expect(blocked.stderr).toMatch(/^mail catcher: listen EADDRINUSE.*26413\n$/)
  })
})
