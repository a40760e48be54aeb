import { MathBN } from '@medusajs/framework/utils'

/**
 * What became of an invoice: `open` while it may still become an order, `order`, `review` when money came
 * that no order stands for, `refunded`, and `ended` without money.
 */
export type Outcome = 'open' | 'order' | 'review' | 'refunded' | 'ended'

/** Why money that came is no order's. */
export type ReviewReason =
  | 'late'
  | 'partial'
  | 'never-confirmed'
  | 'replaced'
  | 'second-payment'
  | 'mismatch'
  | 'cannot-be-ordered'

/**
 * Why a person must look. `surplus` and `marked-invalid` are of an order's money; of `no-cart` nobody knows
 * whose it is: the shop has lost the cart, as by a restore, or there never was one.
 */
export type Reason = ReviewReason | 'no-cart' | 'surplus' | 'marked-invalid'

/** An invoice as it was last seen, beside what the shop knows of it. Amounts in major units. */
export interface Seen {
  state: string
  additionalState: string
  amount: string
  paid: string
  /** What was sent back of money that is no order's. */
  refunded: string
  /** Its money has become an order. */
  hasOrder: boolean
  /** The shop knows the cart that it was made for. */
  hasCart: boolean
  /** Its cart has become an order by another payment. */
  cartHasOtherOrder: boolean
  /** Another invoice has taken its place: the cart changed. */
  replaced: boolean
  /** It is not what was asked of BTCPay: another store, amount or currency. */
  mismatch: boolean
  /** Why its cart cannot become an order. */
  obstacle: string | undefined
}

/** Where an invoice stands, and why a person must look, if one must. */
export interface Verdict {
  outcome: Outcome
  reason: Reason | null
}

const review = (reason: Reason): Verdict => ({ outcome: 'review', reason })

/** Judges an invoice; the same whoever brings the news of it. */
export function judge(seen: Seen): Verdict {
  const hasMoney = MathBN.gt(seen.paid, 0)
  if (seen.hasOrder) {
    if (seen.state === 'Invalid') return { outcome: 'order', reason: 'marked-invalid' }
    const kept = MathBN.sub(seen.paid, seen.refunded)
    return { outcome: 'order', reason: MathBN.gt(kept, seen.amount) ? 'surplus' : null }
  }
  const accepted = seen.state === 'Settled'
  if (!hasMoney && !accepted) {
    const over = seen.state === 'Expired' || seen.state === 'Invalid'
    return { outcome: over ? 'ended' : 'open', reason: null }
  }
  // More that came afterwards is looked at anew.
  if (MathBN.gt(seen.refunded, 0) && MathBN.gte(seen.refunded, seen.paid))
    return { outcome: 'refunded', reason: null }
  if (seen.mismatch) return review('mismatch')
  if (!seen.hasCart) return review('no-cart')
  if (seen.cartHasOtherOrder) return review('second-payment')
  if (seen.replaced) return review('replaced')
  if (seen.state === 'Expired')
    return review(seen.additionalState === 'PaidLate' ? 'late' : 'partial')
  if (seen.state === 'Invalid') return review('never-confirmed')
  if (accepted && seen.obstacle !== undefined) return review('cannot-be-ordered')
  return { outcome: 'open', reason: null }
}
