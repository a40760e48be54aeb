import { describe, expect, it } from 'vitest'
import { messageOf } from './frame-message'

const LINK = 'https://btcpay.example.org/i/1'
const ORIGIN = 'https://btcpay.example.org'
const frame = {} as MessageEventSource
const settled = { invoiceId: '1', status: 'Settled' }

describe('what the payment window says', () => {
  it('is a hint to look, or the wish to be closed', () => {
    expect(messageOf({ origin: ORIGIN, source: frame, data: settled }, LINK, frame)).toBe('news')
    expect(messageOf({ origin: ORIGIN, source: frame, data: 'loaded' }, LINK, frame)).toBe('news')
    expect(messageOf({ origin: ORIGIN, source: frame, data: 'close' }, LINK, frame)).toBe('close')
  })

  it.each([
    ['of another origin', { origin: 'https://evil.example', source: frame, data: settled }],
    ['of a like origin', { origin: `${ORIGIN}.evil.example`, source: frame, data: settled }],
    ['of another port', { origin: `${ORIGIN}:8443`, source: frame, data: settled }],
    ['of no origin', { origin: 'null', source: frame, data: settled }],
    ['of another window of BTCPay', { origin: ORIGIN, source: {} as Window, data: 'close' }],
    ['of no window', { origin: ORIGIN, source: null, data: settled }],
  ])('is not taken: %s', (_what, said) => {
    expect(messageOf(said, LINK, frame)).toBeUndefined()
  })

  it('is not taken when no window is open', () => {
    const said = { origin: ORIGIN, source: null, data: settled }
    expect(messageOf(said, LINK, null)).toBeUndefined()
    expect(messageOf(said, LINK, undefined)).toBeUndefined()
  })
})
