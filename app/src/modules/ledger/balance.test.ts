import { MathBN } from '@medusajs/framework/utils'
import { describe, expect, it } from 'vitest'
import {
  type Accounts,
  accountsOf,
  movements,
  type OwedOffer,
  offeredOf,
  withoutClaimLink,
} from './balance'
import type { Outcome } from './outcome'

const money = (changes: Partial<Parameters<typeof accountsOf>[0]>) =>
  accountsOf({
    received: '0',
    amount: '20.00',
    outcome: 'open',
    givenBack: '0',
    paidOut: '0',
    ...changes,
  })
const accounts = (received: string, for_order: string, owed: string, refunded: string) => ({
  received,
  for_order,
  owed,
  refunded,
})

describe('the money of an invoice', () => {
  it.each<[string, Parameters<typeof money>[0], Accounts]>([
    ['none', {}, accounts('0', '0', '0', '0')],
    ['before its order is owed', { received: '20' }, accounts('20', '0', '20', '0')],
    ['of an order', { received: '20', outcome: 'order' }, accounts('20', '20', '0', '0')],
    ['too much', { received: '25.5', outcome: 'order' }, accounts('25.5', '20', '5.5', '0')],
    ['settled by hand', { received: '0', outcome: 'order' }, accounts('0', '0', '0', '0')],
    ['in review', { received: '20', outcome: 'review' }, accounts('20', '0', '20', '0')],
    [
      'of an order that is refunded in part, not yet claimed',
      { received: '20', outcome: 'order', givenBack: '5' },
      accounts('20', '15', '5', '0'),
    ],
    [
      'of an order that is refunded and claimed',
      { received: '20', outcome: 'order', givenBack: '20', paidOut: '20' },
      accounts('20', '0', '0', '20'),
    ],
  ])('%s', (_, changes, wanted) => {
    expect(money(changes)).toEqual(wanted)
  })

  it('always balances', () => {
    for (const outcome of ['open', 'order', 'review', 'refunded', 'ended'] as const)
      for (const received of ['0', '0.01', '5', '19.99', '20', '20.01', '333.333'])
        for (const givenBack of ['0', '0.01', '20'])
          for (const paidOut of ['0', '0.01', '5']) {
            const {
              received: all,
              for_order,
              owed,
              refunded,
            } = money({
              outcome,
              received,
              givenBack,
              paidOut,
            })
            expect(MathBN.add(for_order, owed, refunded).toFixed()).toBe(all)
          }
  })
})

describe('entries', () => {
  it('are what changed, and none when nothing did', () => {
    const before = accounts('20', '0', '20', '0')
    expect(movements(before, accounts('20', '20', '0', '0'))).toEqual([
      { account: 'for_order', amount: '20' },
      { account: 'owed', amount: '-20' },
    ])
    expect(movements(before, accounts('20.00', '0.0', '20', '0'))).toEqual([])
  })

  it('take money back that never was confirmed', () => {
    expect(movements(accounts('20', '0', '20', '0'), accounts('0', '0', '0', '0'))).toEqual([
      { account: 'received', amount: '-20' },
      { account: 'owed', amount: '-20' },
    ])
  })
})

describe('what has no claim link yet', () => {
  const row = {
    outcome: 'order' as Outcome,
    amount: '20',
    paid_amount: '22.50',
    refunded_amount: '0',
    claimed_amount: '0',
    owed_offers: null as OwedOffer[] | null,
  }
  const offer = (amount: string): OwedOffer => ({ id: 'p', link: 'https://btcpay/p', amount })

  it.each([
    ['a surplus', row, '2.5'],
    ['a surplus with its link', { ...row, owed_offers: [offer('2.5')] }, '0'],
    [
      'a surplus whose link was paid out',
      { ...row, owed_offers: [offer('2.5')], claimed_amount: '2.5', refunded_amount: '2.5' },
      '0',
    ],
    [
      'a surplus that has grown after its link was paid out in part',
      {
        ...row,
        paid_amount: '25',
        owed_offers: [offer('2.5')],
        claimed_amount: '1',
        refunded_amount: '1',
      },
      '2.5',
    ],
    ['a surplus that has grown', { ...row, paid_amount: '25', owed_offers: [offer('2.5')] }, '2.5'],
    ['nothing of an order that was paid exactly', { ...row, paid_amount: '20' }, '0'],
    ['all that is under review', { ...row, outcome: 'review' as Outcome }, '22.5'],
    ['nothing of what may become an order', { ...row, outcome: 'open' as Outcome }, '0'],
    ['nothing of what was sent back', { ...row, outcome: 'refunded' as Outcome }, '0'],
    [
      'what came after the owner had sent back the rest',
      { ...row, outcome: 'review' as Outcome, refunded_amount: '20' },
      '2.5',
    ],
  ])('is %s', (_, money, wanted) => {
    expect(withoutClaimLink(money)).toBe(wanted)
  })

  it('is beside what was offered in all', () => {
    expect(offeredOf(null)).toBe('0')
    expect(offeredOf([offer('0.1'), offer('0.2')])).toBe('0.3')
  })
})
