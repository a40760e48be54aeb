import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Mailbox } from './mailbox.ts'
import { Receiver } from './receiver.ts'
import { ended, WATCH, World } from './world.ts'

const PORT = 26_370
const mailbox = new Mailbox(PORT)
const receiver = new Receiver(PORT + 1)
const MAIL = {
  SMTP_URL: `smtp://127.0.0.1:${PORT}`,
  MAIL_FROM: 'shop@research-relay.test',
  OWNER_EMAIL: 'owner@research-relay.test',
  PING_WATCH_URL: `http://127.0.0.1:${PORT + 1}/watch`,
}
let world: World

beforeAll(() => Promise.all([mailbox.start(), receiver.start()]))
afterAll(() => Promise.all([mailbox.stop(), receiver.stop()]))
beforeEach(() => {
  world = new World()
  world.secrets(MAIL)
  world.env.RR_CHECKS = join(world.folder, 'checks')
  world.env.RR_CHECK_SECONDS = '20'
  world.env.RR_ALARM_OVER_SECONDS = '0'
  mkdirSync(world.env.RR_CHECKS)
  mailbox.take()
  receiver.requests.length = 0
})
afterEach(() => world.remove())

/** A check of the test's own, as the lines that it prints. */
function check(name: string, script: string): void {
  const path = join(world.folder, 'checks', name)
  writeFileSync(path, `#!/usr/bin/env bash\nsource ${WATCH}/verdict.bash\n${script}\n`)
  chmodSync(path, 0o755)
}
const round = (more: Record<string, string> = {}) => world.run(['watch'], more)
const keys = () => world.alarms().map(({ key }) => key)
const standing = () =>
  world
    .alarms()
    .filter(({ gone }) => gone === null)
    .map(({ key }) => key)
const subjects = () => mailbox.take().map(({ subject }) => subject.replace(/^\[.*?\] /, ''))

describe('a round of checks', () => {
  it('makes one mail of a hundred alarms, and one when they are over', async () => {
    check('disk', 'for i in {1..100}; do wrong "disk-$i" "disk $i is full"; done')
    expect((await round()).code).toBe(0)
    await round()
    const mails = mailbox.take()
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text.match(/disk \d+ is full/g)).toHaveLength(100)
    check('disk', 'well disk fine')
    await round()
    await round()
    expect(subjects()).toEqual([expect.stringMatching(/^over: disk-1, .* and 97 more$/)])
    expect(keys()).toEqual([])
  })

  it('makes no alarm of what is well or a note, and keeps what was said', async () => {
    check('disk', 'well disk-root "/ is 10 % full"; note disk-boot "/boot is 80 % full"')
    expect((await round()).stdout).toBe('checks: 1 well, 1 notes, 0 wrong\n')
    expect(keys()).toEqual([])
    expect(world.read('watch/round.json')).toMatchObject({
      checks: [{ name: 'disk', broke: null, verdicts: [{ level: 'well' }, { key: 'disk-boot' }] }],
    })
  })

  it('waits for the second time with what may end by itself', async () => {
    check('clock', 'twice clock "not synchronised"')
    await round()
    expect(keys()).toEqual([])
    await round()
    expect(keys()).toEqual(['clock'])
    check('clock', 'well clock fine')
    await round()
    check('clock', 'twice clock "not synchronised"')
    await round()
    expect(standing()).toEqual([])
  })

  it('clears only its own alarms', async () => {
    await world.run(['alarm', 'raise', 'diskette', 'by hand'])
    await world.run(['alarm', 'raise', 'disk-old', 'of a disk that is gone'])
    check('disk', 'well disk fine')
    await round()
    expect(standing()).toEqual(['diskette'])
  })
})

describe('a check that does not work', () => {
  it.each([
    ['hangs', 'sleep 60', 'it was ended after 3 s'],
    [
      'hangs and does not want to end',
      'trap "" TERM; sleep 60 & wait; sleep 60',
      'it was ended after 3 s',
    ],
    ['fails', 'well disk fine; echo "no such file" >&2; exit 3', 'no such file (code 3)'],
    ['says nothing', 'true', 'it said nothing'],
    ['says what nobody understands', 'echo fine', 'it said nothing that counts'],
  ])('is an alarm when it %s, and the others work', async (_how, script, why) => {
    world.env.RR_CHECK_SECONDS = '3'
    check('disk', script)
    check('clock', 'wrong clock "not synchronised"')
    const began = Date.now()
    await round()
    expect(Date.now() - began).toBeLessThan(30_000)
    const alarms = world.alarms()
    expect(alarms.map(({ key }) => key).sort()).toEqual(['check-disk', 'clock'])
    expect(alarms.find(({ key }) => key === 'check-disk')?.text).toBe(
      `the check disk itself does not work: ${why}`,
    )
    check('disk', 'well disk fine')
    await round()
    expect(standing()).toEqual(['clock'])
  })

  it('leaves its alarms as they were', async () => {
    check('disk', 'wrong disk-root "/ is full"')
    await round()
    check('disk', 'exit 1')
    await round()
    expect(keys().sort()).toEqual(['check-disk', 'disk-root'])
  })
})

describe('a mail that cannot be sent', () => {
  const job = ['job', 'watch', '--ping', 'PING_WATCH_URL', '--', join(WATCH, 'watch')]

  it('is told by the dead-man address, and sent when the server is back', async () => {
    check('clock', 'wrong clock "not synchronised"')
    world.secrets({ ...MAIL, SMTP_URL: 'smtp://127.0.0.1:26399' })
    expect((await world.run(job)).code).toBe(1)
    expect(receiver.pings('/watch')).toEqual(['/watch/start', '/watch/1'])
    expect(world.read('jobs/watch.json')).toMatchObject({
      said: expect.stringContaining('no mail: '),
    })
    world.secrets(MAIL)
    expect((await world.run(job)).code).toBe(0)
    expect(receiver.pings('/watch').slice(2)).toEqual(['/watch/start', '/watch'])
    expect(subjects()).toEqual(['ALARM: clock'])
  })

  it('is told so, too, when no mail server is set', async () => {
    check('clock', 'wrong clock "not synchronised"')
    world.secrets({ PING_WATCH_URL: MAIL.PING_WATCH_URL })
    await world.run(job)
    expect(receiver.pings('/watch')).toEqual(['/watch/start', '/watch/1'])
  })
})

describe('two rounds at once', () => {
  it('are one: the second gives up', async () => {
    check('slow', 'sleep 5; well slow fine')
    const first = world.start(['watch'])
    const result = ended(first)
    await expect
      .poll(() => existsSync(join(world.folder, 'spare/round')), { interval: 20 })
      .toBe(true)
    const second = await round()
    expect(second).toMatchObject({ code: 1, stderr: 'another round is under way\n' })
    expect((await result).code).toBe(0)
  })
})

describe('one check by hand', () => {
  it('says what it finds and makes no alarm', async () => {
    check('clock', 'wrong clock "not synchronised"')
    const { stdout, code } = await world.run(['watch', 'check', 'clock'])
    expect([code, stdout]).toEqual([0, 'wrong\tclock\tnot synchronised\n'])
    expect(keys()).toEqual([])
    expect((await world.run(['watch', 'check', '../watch'])).stderr).toBe(
      'no such check; there are: clock\n',
    )
  })
})

describe('a unit that fails', () => {
  it('is an alarm at once, with what its job said, and is over when it runs again', async () => {
    world.write('jobs/backup.json', { name: 'backup', code: 3, said: 'no space left' })
    world.command('systemctl', '[[ $1 == show ]] && echo exit-code')
    expect((await world.run(['failed', 'rr-backup'])).code).toBe(0)
    expect(world.alarms()).toMatchObject([
      { key: 'unit-rr-backup', text: 'rr-backup.service has failed (exit-code): no space left' },
    ])
    expect(subjects()).toEqual(['ALARM: unit-rr-backup'])
    world.command('systemctl', 'true')
    world.env.RR_CHECKS = join(world.folder, 'checks')
    check('unit', `exec env -u RR_CHECKS ${WATCH}/checks/unit`)
    await round()
    await round()
    expect(subjects()).toEqual(['over: unit-rr-backup'])
  })

  it('has any name', async () => {
    world.command('systemctl', 'true')
    expect((await world.run(['failed', 'systemd-fsck@dev-disk-by\\x2dlabel'])).code).toBe(0)
    expect(keys()).toEqual(['unit-systemd-fsck@dev-disk-by-x2dlabel'])
  })
})
