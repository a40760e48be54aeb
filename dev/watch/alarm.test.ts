import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { certificate } from './certificates.ts'
import { Mailbox } from './mailbox.ts'
import { ago, WATCH, World } from './world.ts'

const PORT = 26_310
const mailbox = new Mailbox(PORT)
const MAIL = {
  SMTP_URL: `smtp://127.0.0.1:${PORT}`,
  MAIL_FROM: 'Research Relay <shop@research-relay.test>',
  OWNER_EMAIL: 'owner@research-relay.test',
}
/** No waiting for the end of an alarm to be sure. */
const AT_ONCE = { RR_ALARM_OVER_SECONDS: '0' }
let world: World

beforeAll(() => mailbox.start())
afterAll(() => mailbox.stop())
beforeEach(() => {
  world = new World()
  world.secrets(MAIL)
  mailbox.take()
})
afterEach(() => world.remove())

const raise = (key: string, text: string) => world.run(['alarm', 'raise', key, text])
const clear = (key: string) => world.run(['alarm', 'clear', key])
const send = (more: Record<string, string> = {}) => world.run(['alarm', 'send'], more)

describe('alarms', () => {
  it('reach the owner in one mail with what to do and its runbook', async () => {
    await raise('disk-root', '/ is 95 % full')
    await raise('redis', 'Redis does not answer')
    expect((await send()).code).toBe(0)
    const [mail, ...others] = mailbox.take()
    expect(others).toEqual([])
    expect(mail).toMatchObject({
      from: 'shop@research-relay.test',
      to: 'owner@research-relay.test',
    })
    expect(mail?.subject).toMatch(/ALARM: disk-root, redis$/)
    expect(mail?.text).toContain('disk-root: / is 95 % full\n  since 20')
    expect(mail?.text).toContain('docs/runbooks/disk-full.md')
    expect(mail?.text).toContain('do: see what grows')
    expect(mail?.text).toContain('docs/runbooks/redis-lost.md')
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
  })

  it('are one mail when there are a hundred', async () => {
    for (let i = 0; i < 100; i++) {
      const key = `unit-number-${String(i).padStart(3, '0')}`
      world.write(`alarms/${key}.json`, {
        key,
        text: `ünit ${i}`,
        since: ago(60),
        told: null,
        gone: null,
      })
    }
    await send()
    await send()
    const mails = mailbox.take()
    expect(mails).toHaveLength(1)
    expect(mails[0]?.subject).toMatch(
      /ALARM: unit-number-000, unit-number-001, unit-number-002, and 97 more$/,
    )
    expect(mails[0]?.text.match(/ünit \d+/g)).toHaveLength(100)
  })

  it('that stand are not told again, and once a day at most', async () => {
    await raise('redis', 'Redis does not answer')
    for (let i = 0; i < 3; i++) {
      await raise('redis', `Redis does not answer for the time ${i}`)
      await send()
    }
    expect(mailbox.take()).toHaveLength(1)
    const alarm = world.read<{ told: string }>('alarms/redis.json')
    world.write('alarms/redis.json', { ...alarm, told: ago(23 * 3600) })
    await send()
    expect(mailbox.take()).toHaveLength(0)
    world.write('alarms/redis.json', { ...alarm, told: ago(25 * 3600) })
    await send()
    await send()
    const reminders = mailbox.take()
    expect(reminders).toHaveLength(1)
    expect(reminders[0]?.subject).toMatch(/still: redis$/)
  })

  it('are told once more when they are over', async () => {
    await raise('redis', 'Redis does not answer')
    await send(AT_ONCE)
    mailbox.take()
    await clear('redis')
    await send(AT_ONCE)
    await send(AT_ONCE)
    const mails = mailbox.take()
    expect(mails).toHaveLength(1)
    expect(mails[0]?.subject).toMatch(/over: redis$/)
    expect(mails[0]?.text).toMatch(/OVER\s+redis: Redis does not answer/)
    expect(world.alarms()).toEqual([])
  })

  it('that come and go are one alarm', async () => {
    await raise('health-medusa', 'no answer')
    await send()
    for (let i = 0; i < 4; i++) {
      await clear('health-medusa')
      await send()
      await raise('health-medusa', 'no answer')
      await send()
    }
    expect(mailbox.take()).toHaveLength(1)
  })

  it('that were over before anybody was told are told to nobody', async () => {
    await raise('redis', 'Redis does not answer')
    await clear('redis')
    await clear('redis')
    await send()
    expect(mailbox.take()).toEqual([])
    expect(world.alarms()).toEqual([])
  })

  it('name what is new beside what stands', async () => {
    await raise('redis', 'Redis does not answer')
    await send()
    await raise('clock', 'the clock is not synchronised')
    await send()
    const [, mail] = mailbox.take()
    expect(mail?.subject).toMatch(/ALARM: clock$/)
    expect(mail?.text).toMatch(/ALSO STANDING, told before\s+redis:/)
  })

  it('hold no secret of the host', async () => {
    world.secrets({ ...MAIL, BACKUP_PASSPHRASE: 'a-long-passphrase' })
    await raise('unit-rr-backup', 'failed: tried a-long-passphrase\nin vain')
    expect(world.alarms()[0]?.text).toBe('failed: tried [BACKUP_PASSPHRASE] in vain')
  })

  it('that cannot be read hide no other', async () => {
    world.write('alarms/broken.json', '{"key": "bro')
    await raise('redis', 'Redis does not answer')
    expect(world.alarms().map(({ key }) => key)).toEqual(['redis'])
  })

  it('raised at the same moment are all there', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => raise(`unit-${i}`, 'failed')))
    expect(world.alarms()).toHaveLength(12)
  })

  it.each([
    [['raise', 'Disk full', 'x'], 'not a key of an alarm'],
    [['raise', '../x', 'x'], 'not a key of an alarm'],
    [['raise', 'disk'], 'a text is missing'],
    [['clear'], 'not a key of an alarm'],
  ])('refuse %j in one line', async (words, message) => {
    const { code, stderr } = await world.run(['alarm', ...words])
    expect(code).toBe(1)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stderr).toContain(message)
  })
})

describe('a mail that cannot be sent', () => {
  const away = { ...MAIL, SMTP_URL: 'smtp://127.0.0.1:26399' }

  it('is tried again until the server is back, and then is one mail', async () => {
    world.secrets(away)
    await raise('redis', 'Redis does not answer')
    for (let i = 1; i <= 3; i++) {
      const { code, stderr } = await send()
      expect(code).toBe(1)
      expect(stderr).toBe('no mail: the mail server cannot be reached (curl 7)\n')
      expect(world.read('watch/mail.json')).toMatchObject({ tries: i })
    }
    await raise('clock', 'the clock is not synchronised')
    world.secrets(MAIL)
    expect((await send()).code).toBe(0)
    expect(mailbox.take().map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/ALARM: (redis, clock|clock, redis)$/),
    ])
    expect(existsSync(join(world.state, 'watch/mail.json'))).toBe(false)
  })

  it('is given up for this round when the server never answers', async () => {
    const silent = new Mailbox(PORT + 1, { silent: true })
    await silent.start()
    world.secrets({ ...MAIL, SMTP_URL: `smtp://127.0.0.1:${PORT + 1}` })
    await raise('redis', 'Redis does not answer')
    const began = Date.now()
    expect((await send({ RR_NETWORK_SECONDS: '1' })).code).toBe(1)
    // The server itself would wait for ever.
    expect(Date.now() - began).toBeLessThan(20_000)
    await silent.stop()
  })

  it('says what is not set', async () => {
    world.secrets({})
    await raise('redis', 'Redis does not answer')
    expect((await send()).stderr).toBe('no mail: not set: SMTP_URL MAIL_FROM OWNER_EMAIL\n')
  })
})

describe('a mail server that wants a password', () => {
  const sign = { user: 'shop@research-relay.test', password: 'p@ss "word\\ 1' }
  const url = (password: string, scheme = 'smtp', host = '127.0.0.1', port = PORT + 2) =>
    `${scheme}://${encodeURIComponent(sign.user)}:${encodeURIComponent(password)}@${host}:${port}`

  it('gets it, and no command line shows it', async () => {
    const server = new Mailbox(PORT + 2, { sign })
    await server.start()
    world.command(
      'curl',
      `echo "$*" >>${world.folder}/called; exec env PATH="${process.env.PATH}" curl "$@"`,
    )
    world.secrets({ ...MAIL, SMTP_URL: url(sign.password) })
    await raise('redis', 'Redis does not answer')
    expect((await send()).stderr).toBe('')
    expect(server.take()).toMatchObject([{ user: sign.user }])
    expect(readFileSync(join(world.folder, 'called'), 'utf8')).not.toMatch(/p@ss|owner@|26312/)
    world.secrets({ ...MAIL, SMTP_URL: url('wrong-one') })
    await raise('clock', 'the clock is not synchronised')
    const { stderr } = await send()
    expect(stderr).toContain("refuses SMTP_URL's user or password")
    expect(stderr).not.toContain('wrong-one')
    await server.stop()
  })

  it('gets it only by TLS, with a certificate that is trusted', async () => {
    const tls = certificate(world.folder, '127.0.0.1', 5)
    const server = new Mailbox(PORT + 3, { sign, tls })
    await server.start()
    world.secrets({ ...MAIL, SMTP_URL: url(sign.password, 'smtps', '127.0.0.1', PORT + 3) })
    await raise('redis', 'Redis does not answer')
    expect((await send()).stderr).toContain('no TLS that can be trusted')
    expect((await send({ CURL_CA_BUNDLE: tls.ca })).code).toBe(0)
    expect(server.take()).toHaveLength(1)
    await server.stop()
  })

  it('elsewhere and without TLS does not get it', async () => {
    // Another address of this machine stands for a server elsewhere.
    const server = new Mailbox(PORT + 4, { sign })
    await server.start()
    world.secrets({
      ...MAIL,
      SMTP_URL: url(sign.password, 'smtp', 'localhost.localdomain', PORT + 4),
    })
    world.command(
      'curl',
      `exec env PATH="${process.env.PATH}" curl --resolve localhost.localdomain:${PORT + 4}:127.0.0.1 "$@"`,
    )
    await raise('redis', 'Redis does not answer')
    expect((await send()).code).toBe(1)
    await delay(50)
    expect(server.take()).toEqual([])
    await server.stop()
  })
})

describe('alarms on a full disk', () => {
  it('are kept in memory and told once', async () => {
    // Nothing can be written below a file, as on a full disk.
    const full = { RR_STATE: '/proc/version' }
    const run = (...words: string[]) => world.run(['alarm', ...words], full)
    await run('raise', 'disk-root', '/ is 100 % full')
    await run('send')
    await run('raise', 'disk-root', '/ is 100 % full')
    await run('send')
    expect(mailbox.take()).toHaveLength(1)
  })
})

describe('advice.json', () => {
  it('names runbooks that are there', () => {
    const advice = JSON.parse(readFileSync(join(WATCH, 'advice.json'), 'utf8')) as Record<
      string,
      { runbook: string; do: string }
    >
    for (const [key, { runbook, do: act }] of Object.entries(advice)) {
      expect(existsSync(join(ROOT, `docs/runbooks/${runbook}.md`)), `${key}: ${runbook}`).toBe(true)
      expect(act.length, key).toBeGreaterThan(10)
    }
  })
})
