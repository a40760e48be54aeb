import { describe, expect, it } from 'vitest'
import { judgeRow } from './judge-row'

const paid = {
  state: 'Settled',
  additional_state: 'None',
  amount: '18.1',
  paid_amount: '18.1',
  refunded_amount: '0',
  order_id: null,
  reason: null,
  owed_offers: null,
  refund_asked: null,
}
const beside = { hasCart: true, cartHasOtherOrder: false, replaced: false, mismatch: false }
const offer = { id: 'pull', link: 'https://btcpay.test/pull', amount: '18.1' }
const impossible = { outcome: 'review', reason: 'cannot-be-ordered' }

describe('a paid invoice', () => {
  it('is open until its order is made', () => {
    expect(judgeRow(paid, beside)).toEqual({ outcome: 'open', reason: null })
  })

  it('is its order’s', () => {
    const ordered = { ...paid, order_id: 'order_1' }
    expect(judgeRow(ordered, beside)).toEqual({ outcome: 'order', reason: null })
  })

  it('stays under review once its cart could not be ordered', () => {
    expect(judgeRow({ ...paid, reason: 'cannot-be-ordered' }, beside)).toEqual(impossible)
  })

  it('becomes no order when its money was offered back', () => {
    expect(judgeRow({ ...paid, owed_offers: [offer] }, beside)).toEqual(impossible)
  })

  it('becomes no order when an offer of its money was asked for without an answer', () => {
    expect(judgeRow({ ...paid, refund_asked: 'owed-1' }, beside)).toEqual(impossible)
  })

  it('is its order’s though a refund of the order was asked for', () => {
    const refunded = {
      ...paid,
      order_id: 'order_1',
      refund_asked: 'refund-1',
      owed_offers: [offer],
    }
    expect(judgeRow(refunded, beside)).toEqual({ outcome: 'order', reason: null })
  })

  it('may become an order when no offer was made in the end', () => {
    expect(judgeRow({ ...paid, owed_offers: [] }, beside)).toEqual({
      outcome: 'open',
      reason: null,
    })
  })
})
