import { MathBN } from '@medusajs/framework/utils'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** An offer is looked up so long after it was made; a claim link does not end by itself. */
export const FOLLOWED_FOR_DAYS = 180

/** `refund` of an order's money, `owed` of money that is no order's. */
export type OfferKind = 'refund' | 'owed'

/** A pull payment of an invoice's money; amounts are decimal strings in major units of its currency. */
export interface Offer {
  session_id: string
  pull_payment_id: string
  kind: OfferKind
  amount: string
  payouts: Record<string, string> | null
  paid_amount: string
  counted_amount: string
  created_at: Date
  asked_at: Date | null
}

/** A payout that has left BTCPay. */
export interface CompletedPayout {
  id: string
  /** Decimal string in major units of the pull payment's currency. */
  amount: string
}

/**
 * An offer with the payouts that BTCPay says are Completed, each counted once however often it is told of.
 * @returns what changes of it, and how much more has gone than the ledger knew of
 */
export function withPayouts(
  offer: Pick<Offer, 'payouts' | 'counted_amount'>,
  completed: CompletedPayout[],
): Pick<Offer, 'paid_amount' | 'counted_amount'> & {
  payouts: Record<string, string>
  gone: string
} {
  const told = Object.fromEntries(completed.map(({ id, amount }) => [id, amount]))
  const payouts = { ...told, ...offer.payouts }
  const paid = Object.values(payouts).reduce(
    (sum, amount) => MathBN.add(sum, amount),
    MathBN.convert(0),
  )
  // What the owner has said before is not counted again when its payout is seen.
  const more = MathBN.sub(paid, offer.counted_amount)
  const gone = MathBN.gt(more, 0) ? more : MathBN.convert(0)
  return {
    payouts,
    paid_amount: paid.toFixed(),
    counted_amount: MathBN.add(offer.counted_amount, gone).toFixed(),
    gone: gone.toFixed(),
  }
}

/**
 * When an offer is looked up next: every five minutes in its first hour, hourly for two days, then daily.
 * @returns null when it never is again: all of it is paid out, or it is too old
 */
export function nextLook(
  offer: Pick<Offer, 'amount' | 'paid_amount' | 'created_at'>,
  now: Date,
): Date | null {
  const age = now.getTime() - offer.created_at.getTime()
  if (MathBN.gte(offer.paid_amount, offer.amount) || age >= FOLLOWED_FOR_DAYS * DAY_MS) return null
  const wait = age < HOUR_MS ? 5 * MINUTE_MS : age < 2 * DAY_MS ? HOUR_MS : DAY_MS
  return new Date(now.getTime() + wait)
}

/**
 * Takes in the offers that a release before this table has made: those of owed money from the invoice's row,
 * and an order's refunds from Medusa's payments. What an owner has said was sent back counts as gone.
 */
export const ADOPT_OFFERS = `
  WITH known AS (
    SELECT i.session_id, o->>'id' AS pull_payment_id, 'owed' AS kind, o->>'amount' AS amount,
      CASE WHEN i.outcome = 'refunded' THEN o->>'amount' ELSE '0' END AS counted_amount
    FROM btcpay_invoice i, jsonb_array_elements(
      CASE WHEN jsonb_typeof(i.owed_offers) = 'array' THEN i.owed_offers ELSE '[]' END) AS o
    WHERE i.owed_offers IS NOT NULL AND i.deleted_at IS NULL
    UNION ALL
    SELECT i.session_id, r.value->>'id', 'refund', trim_scale(round(f.amount,
      coalesce((SELECT decimal_digits FROM currency WHERE code = lower(i.currency)), 2)::integer))::text, '0'
    FROM btcpay_invoice i
    JOIN payment p ON p.payment_session_id = i.session_id AND p.deleted_at IS NULL
    JOIN refund f ON f.payment_id = p.id AND f.deleted_at IS NULL
    JOIN jsonb_each(CASE WHEN jsonb_typeof(p.data->'refunds') = 'object' THEN p.data->'refunds' ELSE '{}' END) AS r
      ON r.key = f.id
    WHERE i.offered_amount <> '0' AND i.deleted_at IS NULL
  ), adopted AS (
    INSERT INTO btcpay_offer (id, session_id, pull_payment_id, kind, amount, counted_amount, next_ask_at)
    SELECT 'bofr_' || md5(pull_payment_id), session_id, pull_payment_id, kind, amount, counted_amount, now()
    FROM known WHERE pull_payment_id IS NOT NULL
    ON CONFLICT (pull_payment_id) WHERE deleted_at IS NULL DO NOTHING
    RETURNING session_id, counted_amount
  )
  UPDATE btcpay_invoice i SET claimed_amount = (i.claimed_amount::numeric + a.counted)::text
  FROM (SELECT session_id, sum(counted_amount::numeric) AS counted FROM adopted GROUP BY session_id) a
  WHERE i.session_id = a.session_id AND a.counted > 0 AND i.deleted_at IS NULL`
