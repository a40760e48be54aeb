import { isGoingBack } from './balance'
import type { LedgerRow } from './ledger'
import { judge, type Seen, type Verdict } from './outcome'

/** What the ledger's row of an invoice does not say of it. */
export type Beside = Pick<Seen, 'hasCart' | 'cartHasOtherOrder' | 'replaced' | 'mismatch'>

/** What of the row decides. */
export type Judged = Pick<
  LedgerRow,
  | 'state'
  | 'additional_state'
  | 'amount'
  | 'paid_amount'
  | 'refunded_amount'
  | 'order_id'
  | 'reason'
  | 'owed_offers'
  | 'refund_asked'
>

/** Judges an invoice by its row, and by what stands beside it. */
export function judgeRow(row: Judged, beside: Beside): Verdict {
  return judge({
    state: row.state,
    additionalState: row.additional_state,
    amount: row.amount,
    paid: row.paid_amount,
    refunded: row.refunded_amount,
    hasOrder: row.order_id !== null,
    obstacle:
      row.reason === 'cannot-be-ordered' || isGoingBack(row) ? 'cannot-be-ordered' : undefined,
    ...beside,
  })
}
