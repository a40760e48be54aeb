import { MathBN } from '@medusajs/framework/utils'
import type { Outcome } from './outcome'

/** Where an invoice's money is; decimal strings in major units. received = for_order + owed + refunded. */
export interface Accounts {
  received: string
  for_order: string
  owed: string
  refunded: string
}
export type Account = keyof Accounts

/** One entry: what is added to an account. */
export interface Movement {
  account: Account
  amount: string
}

/** What an invoice's money is for: an order takes its amount and no more; all else is owed to the shopper. */
export function accountsOf(money: {
  received: string
  amount: string
  outcome: Outcome
  /** Of the order's money, what the owner has given back or offered to. */
  givenBack: string
  /** What has left BTCPay. */
  paidOut: string
}): Accounts {
  const { received, amount, outcome, givenBack, paidOut } = money
  const whole = MathBN.lt(received, amount) ? received : amount
  const kept = MathBN.sub(whole, givenBack)
  const forOrder = outcome === 'order' && MathBN.gt(kept, 0) ? kept : MathBN.convert(0)
  const owed = MathBN.sub(received, forOrder, paidOut)
  return {
    received: MathBN.convert(received).toFixed(),
    for_order: forOrder.toFixed(),
    owed: owed.toFixed(),
    refunded: MathBN.convert(paidOut).toFixed(),
  }
}

/** The entries that lead from what the accounts hold to what they should; none when nothing moved. */
export function movements(now: Accounts, wanted: Accounts): Movement[] {
  return (['received', 'for_order', 'owed', 'refunded'] as const).flatMap((account) => {
    const amount = MathBN.sub(wanted[account], now[account])
    return amount.isZero() ? [] : [{ account, amount: amount.toFixed() }]
  })
}

/** A claim link for money that no order stands for; the amount is a decimal string in major units. */
export interface OwedOffer {
  /** BTCPay's id of the pull payment. */
  id: string
  /** Where its shopper claims it: whoever has it can. */
  link: string
  amount: string
}

/** What was offered of an invoice's money that is no order's. */
export function offeredOf(offers: OwedOffer[] | null): string {
  return (offers ?? [])
    .reduce((sum, { amount }) => MathBN.add(sum, amount), MathBN.convert(0))
    .toFixed()
}

/** What was sent back of an invoice's money, whatever it was for. */
export function sentBack(row: { refunded_amount: string; refunds_paid_amount: string }): string {
  return MathBN.add(row.refunded_amount, row.refunds_paid_amount).toFixed()
}

/** What of it nobody has claimed, as far as the ledger knows: the rest stands in `refunded_amount`. */
export function openOffers(row: {
  claimed_amount: string
  owed_offers: OwedOffer[] | null
}): string {
  const open = MathBN.sub(offeredOf(row.owed_offers), row.claimed_amount)
  return MathBN.gt(open, 0) ? open.toFixed() : '0'
}

/**
 * What of an invoice's money is owed to its shopper and has no claim link yet: all of it without an order,
 * else what came above the order's amount. "0" for a payment that may still become an order.
 */
export function withoutClaimLink(row: {
  outcome: Outcome
  amount: string
  paid_amount: string
  refunded_amount: string
  claimed_amount: string
  owed_offers: OwedOffer[] | null
}): string {
  if (row.outcome !== 'order' && row.outcome !== 'review') return '0'
  const kept = row.outcome === 'order' ? row.amount : '0'
  const left = MathBN.sub(row.paid_amount, kept, row.refunded_amount, openOffers(row))
  return MathBN.gt(left, 0) ? left.toFixed() : '0'
}

/** Whether a claim link of money that is no order's was made, or asked for without an answer yet. */
export function isGoingBack(row: {
  order_id: string | null
  owed_offers: OwedOffer[] | null
  refund_asked: string | null
}): boolean {
  if (row.order_id !== null) return false
  return Boolean(row.owed_offers?.length) || row.refund_asked !== null
}
