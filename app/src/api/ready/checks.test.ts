import { describe, expect, it } from 'vitest'
import { BTCPAY_NOT_SET_UP, check, overall } from './checks'

const good = { ok: true, ms: 1 }
const bad = { ok: false, ms: 1 }
const all = {
  postgresql: good,
  redis: good,
  migrations: good,
  btcpay: good,
  queue: good,
  sessions: good,
  cache: good,
}

describe('readiness', () => {
  it('is ready when everything answers', () => {
    expect(overall(all)).toBe('ready')
  })
  it.each(['postgresql', 'redis', 'migrations'])('fails without %s', (name) => {
    expect(overall({ ...all, [name]: bad })).toBe('failed')
  })
  it('is ready, and says that nobody can pay, while the shop is not set up with BTCPay', () => {
    expect(overall({ ...all, btcpay: BTCPAY_NOT_SET_UP })).toBe('ready')
    expect(BTCPAY_NOT_SET_UP.note).toMatch(/nobody can pay/)
  })
  it('is only degraded without BTCPay', () => {
    expect(overall({ ...all, btcpay: bad })).toBe('degraded')
  })
  it.each(['queue', 'sessions', 'cache'])(
    'is only degraded when the Redis of the %s is full',
    (name) => {
      expect(overall({ ...all, [name]: bad })).toBe('degraded')
    },
  )
  it('takes silence and errors as a failed check', async () => {
    expect((await check(() => new Promise(() => undefined), 10)).ok).toBe(false)
    expect((await check(() => Promise.reject(new Error('no')))).ok).toBe(false)
    expect((await check(() => Promise.resolve(true))).ok).toBe(true)
  })
})
