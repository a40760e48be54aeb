import { type Cents, fromCents, toBitcoin, toCents } from './amount.ts'
import type { PullPayment } from './state.ts'

export type PayoutState =
  | 'AwaitingApproval'
  | 'AwaitingPayment'
  | 'InProgress'
  | 'Completed'
  | 'Cancelled'

/** What somebody claimed of a pull payment, as it lies on disk. */
export interface Payout {
  id: string
  pullPaymentId: string
  /** Unix seconds. */
  date: number
  destination: string
  payoutMethodId: string
  /** Decimal string in the pull payment's currency. */
  amount: string
  state: PayoutState
}

/** What BTCPay's user, or its payout processor, makes of a claim. */
export const NEXT_STATE: Record<string, { from: PayoutState[]; to: PayoutState }> = {
  approve: { from: ['AwaitingApproval'], to: 'AwaitingPayment' },
  send: { from: ['AwaitingPayment'], to: 'InProgress' },
  complete: { from: ['AwaitingPayment', 'InProgress'], to: 'Completed' },
  cancel: { from: ['AwaitingApproval', 'AwaitingPayment'], to: 'Cancelled' },
}

/** Why a claim is refused, as BTCPay names it (`POST /api/v1/pull-payments/{pullPaymentId}/payouts`). */
export type ClaimRefusal = 'archived' | 'overdraft' | 'amount-too-low' | 'duplicate-destination'

/** A claim of a pull payment: of all that is left of it without an amount. */
export function claim(
  pull: PullPayment,
  before: Payout[],
  wanted: Omit<Payout, 'pullPaymentId' | 'amount' | 'state'> & { amount?: string },
): Payout | ClaimRefusal {
  const living = before.filter(({ state }) => state !== 'Cancelled')
  const left = living.reduce<Cents>(
    (rest, { amount }) => rest - toCents(amount),
    toCents(pull.amount),
  )
  const { amount: text, ...rest } = wanted
  const amount = text === undefined ? left : toCents(text)
  if (pull.archived) return 'archived'
  if (living.some(({ destination }) => destination === wanted.destination))
    return 'duplicate-destination'
  if (amount > left) return 'overdraft'
  if (amount <= 0n) return 'amount-too-low'
  return { ...rest, pullPaymentId: pull.id, amount: fromCents(amount), state: 'AwaitingApproval' }
}

/** A payout as Greenfield answers it (`PayoutData`). */
export function payoutToGreenfield(payout: Payout, currency: string): object {
  const { id, pullPaymentId, date, destination, payoutMethodId, amount, state } = payout
  return {
    id,
    revision: 0,
    pullPaymentId,
    date,
    destination,
    originalCurrency: currency,
    originalAmount: amount,
    payoutCurrency: 'BTC',
    payoutAmount: state === 'AwaitingApproval' ? null : toBitcoin(toCents(amount)),
    payoutMethodId,
    state,
    metadata: {},
  }
}

/** A pull payment as Greenfield answers it (`PullPaymentData`). */
export function pullPaymentToGreenfield(pull: PullPayment, base: string): object {
  const { id, name, amount, currency, archived } = pull
  return {
    id,
    name,
    description: '',
    currency,
    amount,
    BOLT11Expiration: 0,
    autoApproveClaims: false,
    archived,
    viewLink: `${base}/pull-payments/${id}`,
  }
}
