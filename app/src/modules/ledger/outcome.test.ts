import { describe, expect, it } from 'vitest'
import { judge, type Seen } from './outcome'

const seen = (changes: Partial<Seen>): Seen => ({
  state: 'New',
  additionalState: 'None',
  amount: '20.00',
  paid: '0',
  refunded: '0',
  hasOrder: false,
  hasCart: true,
  cartHasOtherOrder: false,
  replaced: false,
  mismatch: false,
  obstacle: undefined,
  ...changes,
})
const paid = { state: 'Settled', paid: '20' }

describe('an invoice', () => {
  it.each<[string, Partial<Seen>, string, string | null]>([
    ['nobody has paid', {}, 'open', null],
    ['that is paid in part', { paid: '5' }, 'open', null],
    ['whose payment waits for the chain', { state: 'Processing', paid: '20' }, 'open', null],
    ['that is settled and not yet an order', paid, 'open', null],
    ['settled by hand without money', { state: 'Settled', paid: '0' }, 'open', null],
    ['that expired', { state: 'Expired' }, 'ended', null],
    ['that was marked invalid without money', { state: 'Invalid', paid: '0.00' }, 'ended', null],
    ['that is an order', { ...paid, hasOrder: true }, 'order', null],
    ['that was paid twice', { state: 'Settled', paid: '40', hasOrder: true }, 'order', 'surplus'],
    ['overpaid by a cent', { state: 'Settled', paid: '20.01', hasOrder: true }, 'order', 'surplus'],
    [
      'marked invalid after its order',
      { state: 'Invalid', paid: '20', hasOrder: true },
      'order',
      'marked-invalid',
    ],
    ['settled by hand, with an order', { state: 'Settled', hasOrder: true }, 'order', null],
    ['paid late', { state: 'Expired', additionalState: 'PaidLate', paid: '20' }, 'review', 'late'],
    [
      'that expired with a part',
      { state: 'Expired', additionalState: 'PaidPartial', paid: '5' },
      'review',
      'partial',
    ],
    [
      'whose payment never confirmed',
      { state: 'Invalid', paid: '20' },
      'review',
      'never-confirmed',
    ],
    ['of an earlier cart, paid', { ...paid, replaced: true }, 'review', 'replaced'],
    [
      'of an earlier cart, seen',
      { state: 'Processing', paid: '20', replaced: true },
      'review',
      'replaced',
    ],
    ['of an earlier cart, unpaid', { replaced: true }, 'open', null],
    [
      'of a cart ordered otherwise',
      { ...paid, cartHasOtherOrder: true },
      'review',
      'second-payment',
    ],
    ['that is another than was asked for', { ...paid, mismatch: true }, 'review', 'mismatch'],
    ['of a cart that is not known', { ...paid, hasCart: false }, 'review', 'no-cart'],
    ['of a cart that is not known, unpaid', { hasCart: false }, 'open', null],
    [
      'of an order, a surplus of which was sent back',
      { ...paid, paid: '25', hasOrder: true, refunded: '5' },
      'order',
      null,
    ],
    [
      'of an order, a surplus of which a part was sent back',
      { ...paid, paid: '25', hasOrder: true, refunded: '4' },
      'order',
      'surplus',
    ],
    ['that was sent back', { ...paid, replaced: true, refunded: '20' }, 'refunded', null],
    [
      'that was sent back, and paid again',
      { state: 'Settled', paid: '40', replaced: true, refunded: '20' },
      'review',
      'replaced',
    ],
    [
      'whose cart cannot be ordered',
      { ...paid, obstacle: 'sold out' },
      'review',
      'cannot-be-ordered',
    ],
    [
      'whose cart cannot be ordered, not confirmed yet',
      { state: 'Processing', paid: '20', obstacle: 'sold out' },
      'open',
      null,
    ],
  ])('%s', (_, changes, outcome, reason) => {
    expect(judge(seen(changes))).toEqual({ outcome, reason })
  })
})
