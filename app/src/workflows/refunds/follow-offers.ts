import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { type DueOffer, ledgerOf } from '../../modules/ledger/ledger'
import { greenfield } from '../btcpay/examine-payment'
import { endHoldIfNeedless } from '../holds/needless'

/** Offers of one look into the ledger. */
const BATCH = 100
/** Offers that are looked up at the same time. */
const AT_ONCE = 4
/** Those of a release before are looked for so often: it may run beside this one for a while. */
const ADOPT_EVERY_MS = 3_600_000

type Went = 'paid-out' | 'same' | 'no-answer' | 'failed'

let adoptedAt = 0

/** Looks up all refunds whose time has come, the longest unasked first, until `until` or BTCPay is away. */
export async function followOffers(
  container: MedusaContainer,
  until: number,
): Promise<{ paidOut: number; failed: number }> {
  const ledger = ledgerOf(container)
  if (Date.now() - adoptedAt >= ADOPT_EVERY_MS) {
    await ledger.adoptOffers()
    adoptedAt = Date.now()
  }
  const seen = new Set<string>()
  const went: Went[] = []
  while (Date.now() < until && !went.includes('no-answer')) {
    const due = await ledger.offersDue({ atMost: BATCH })
    const some = due.filter((offer) => !seen.has(offer.pull_payment_id)).slice(0, AT_ONCE)
    if (some.length === 0) break
    for (const offer of some) seen.add(offer.pull_payment_id)
    went.push(...(await Promise.all(some.map((offer) => follow(container, offer)))))
  }
  const count = (what: Went) => went.filter((each) => each === what).length
  return { paidOut: count('paid-out'), failed: count('failed') }
}

/** Looks up the refunds of one payment now. */
export async function followOffersOf(container: MedusaContainer, sessionId: string): Promise<void> {
  for (const offer of await ledgerOf(container).offersDue({ sessionId }))
    await follow(container, offer)
}

async function follow(container: MedusaContainer, offer: DueOffer): Promise<Went> {
  const ledger = ledgerOf(container)
  const facts = { payment: short(offer.session_id), refund: short(offer.pull_payment_id) }
  const failed = async (why: string): Promise<Went> => {
    container
      .resolve(ContainerRegistrationKeys.LOGGER)
      .warn(`btcpay: refund ${facts.refund} of payment ${facts.payment} is looked up later: ${why}`)
    await ledger.offerUnanswered(offer)
    return 'failed'
  }
  const askedAt = new Date()
  const answer = await greenfield().payouts(offer.pull_payment_id)
  if (!answer.ok && answer.failure.kind === 'unreachable') return 'no-answer'
  if (!answer.ok) return failed(answer.failure.message)
  const completed = answer.value.filter(({ state }) => state === 'Completed')
  if (completed.some((payout) => payout.originalCurrency.toUpperCase() !== offer.currency))
    return failed('it was paid out in another currency')
  try {
    const payouts = completed.map(({ id, originalAmount }) => ({ id, amount: originalAmount }))
    const result = await ledger.paidOut(offer.pull_payment_id, payouts, askedAt)
    if (!result || result.gone === '0') return 'same'
    record('info', 'btcpay: a refund was paid out', facts)
    if (offer.cart_id) await endHoldIfNeedless(container, offer.cart_id)
    return 'paid-out'
  } catch (error) {
    // One offer that cannot be written down must not hold up the others.
    return failed((error as Error).message)
  }
}
