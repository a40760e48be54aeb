import type { MedusaContainer } from '@medusajs/framework/types'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Environment } from '../../environment'
import { samples } from '../../mails/samples'

let values: Environment
vi.mock('../../environment', async (original) => ({
  ...(await original<typeof import('../../environment')>()),
  environment: () => values,
}))
const { default: say } = await import('../../modules/mail/loaders/say-whether-mail-is-sent')
const { default: sendWaitingMail } = await import('../../jobs/send-waiting-mail')
const { mailOrder } = await import('./mail-order')
const { queueMail } = await import('./queue-mail')

const set: Environment = {
  production: true,
  MEDUSA_WORKER_MODE: 'worker',
  SMTP_URL: 'smtps://user:secret-password@smtp.example.org:465',
  MAIL_FROM: 'shop@research-relay.com',
  OWNER_EMAIL: 'owner@research-relay.com',
}
/** Whoever touches it does something. */
const untouched = {
  resolve: (name: string) => {
    throw new Error(`asked for ${name}`)
  },
} as unknown as MedusaContainer

async function start(change: Partial<Environment> = {}): Promise<string[]> {
  values = { ...set, ...change }
  const lines: string[] = []
  const log = (level: string) => (line: string) => lines.push(`${level} ${line}`)
  const logger = { info: log('info'), warn: log('warn'), error: log('error') }
  await say({ logger } as unknown as Parameters<typeof say>[0])
  return lines
}

beforeEach(() => {
  values = set
})

describe('the worker’s start', () => {
  it('says where mail goes, without the password', async () => {
    expect(await start()).toEqual(['info mail: is sent through smtp.example.org:465'])
  })

  it('says in one line that there is none', async () => {
    expect(await start({ SMTP_URL: undefined })).toEqual([
      'info mail: none is sent: SMTP_URL is not set',
    ])
  })

  it('says as an error what is wrong', async () => {
    expect(await start({ MAIL_FROM: undefined })).toEqual([
      'error mail: none is sent: SMTP_URL is set, but MAIL_FROM is not',
    ])
  })

  it('says when nobody is told of orders', async () => {
    expect((await start({ OWNER_EMAIL: undefined }))[0]).toMatch(/; OWNER_EMAIL is not set, so/)
  })

  it('says nothing where no mail is sent from', async () => {
    expect(await start({ MEDUSA_WORKER_MODE: 'server' })).toEqual([])
  })
})

describe('without a mail server', () => {
  it('events and the job do nothing at all', async () => {
    values = { ...set, SMTP_URL: undefined }
    const mail = {
      kind: 'order-placed',
      event: 'order_1',
      to: 'ada@example.org',
      language: 'en',
      facts: samples['order-placed'],
    } as const
    await expect(queueMail(untouched, mail)).resolves.toBeUndefined()
    await expect(mailOrder(untouched, 'order_1')).resolves.toBeUndefined()
    await expect(sendWaitingMail(untouched)).resolves.toBeUndefined()
    values = set
    await expect(queueMail(untouched, mail)).rejects.toThrow('asked for mail')
    await expect(mailOrder(untouched, 'order_1')).rejects.toThrow('asked for query')
  })
})
