import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InvoicePaymentMethod } from '../../modules/btcpay/answers'
import type { Answer } from '../../modules/btcpay/greenfield'
import { waysToPay } from './ways-to-pay'

type Methods = Answer<InvoicePaymentMethod[]>

const method = (over: Partial<InvoicePaymentMethod>): InvoicePaymentMethod => ({
  paymentMethodId: 'BTC-LN',
  amount: '0.0002',
  due: '0.0001',
  rate: '60000.00',
  destination: 'lnbc1',
  paymentLink: 'lightning:lnbc1',
  payments: [],
  ...over,
})
const lightning = method({})
const chain = method({
  paymentMethodId: 'BTC-CHAIN',
  destination: 'bc1q',
  paymentLink: 'bitcoin:bc1q?amount=0.0001',
})

/** BTCPay that gives these answers, one after the other, and counts the questions. */
function btcpay(...answers: (Methods | Promise<Methods>)[]) {
  return {
    paymentMethods: vi.fn(async () => answers.shift() ?? { ok: true as const, value: [] }),
  }
}
let number = 0
const invoice = () => ({ invoiceId: `i${++number}`, paidAmount: '0' })

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

describe('the ways to pay an invoice', () => {
  it('are those that a shopper can take now, with what is due and the rate', async () => {
    const given = [
      chain,
      lightning,
      method({ paymentMethodId: 'BTC-LNURL', paymentLink: 'lightning:lnurl1' }),
      method({ destination: null, paymentLink: null }),
      method({ paymentLink: 'javascript:alert(1)' }),
      method({ paymentMethodId: 'toString', paymentLink: 'bitcoin:bc1q' }),
    ]
    expect(await waysToPay(btcpay({ ok: true, value: given }), invoice())).toEqual([
      {
        method: 'on-chain',
        amount: '0.0002',
        due: '0.0001',
        rate: '60000.00',
        destination: 'bc1q',
        link: 'bitcoin:bc1q?amount=0.0001',
      },
      expect.objectContaining({ method: 'lightning', link: 'lightning:lnbc1' }),
    ])
  })

  it('are asked for once in ten seconds, whoever looks, and anew when a part was paid', async () => {
    const server = btcpay()
    const of = invoice()
    await Promise.all([waysToPay(server, of), waysToPay(server, of), waysToPay(server, of)])
    expect(server.paymentMethods).toHaveBeenCalledTimes(1)
    await waysToPay(server, { ...of, paidAmount: '5' })
    expect(server.paymentMethods).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(10_001)
    await waysToPay(server, of)
    expect(server.paymentMethods).toHaveBeenCalledTimes(3)
  })

  it('are not waited for, and are there for the next who asks', async () => {
    const late = Promise.withResolvers<Methods>()
    const server = btcpay(late.promise)
    const of = invoice()
    const began = performance.now()
    expect(await waysToPay(server, of)).toBeNull()
    expect(performance.now() - began).toBeLessThan(10_000)
    late.resolve({ ok: true, value: [lightning] })
    expect(await waysToPay(server, of)).toHaveLength(1)
    expect(server.paymentMethods).toHaveBeenCalledTimes(1)
  })

  it('are missing when BTCPay does not answer, which is not asked again at once', async () => {
    const failure = { kind: 'unreachable' as const, message: 'GET invoices: 500' }
    const server = btcpay({ ok: false, failure })
    const of = invoice()
    expect(await waysToPay(server, of)).toBeNull()
    expect(await waysToPay(server, of)).toBeNull()
    expect(server.paymentMethods).toHaveBeenCalledTimes(1)
  })

  it('of many invoices are forgotten, the oldest first', async () => {
    const server = btcpay()
    const first = invoice()
    await waysToPay(server, first)
    for (let each = 0; each < 1_000; each++) await waysToPay(server, invoice())
    await waysToPay(server, first)
    expect(server.paymentMethods).toHaveBeenCalledTimes(1_002)
  })
})
