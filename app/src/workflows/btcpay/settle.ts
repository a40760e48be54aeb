import type { MedusaContainer } from '@medusajs/framework/types'
import pLimit from 'p-limit'
import { keepUnderWay } from '../../modules/ledger/under-way'
import type { Examination } from './examine-payment'
import { settleInput, settlePaymentWorkflow } from './settle-payment'

/**
 * Settlements of one process at the same moment: orders of the same goods wait for each other's reservations,
 * and Medusa gives up one that has waited five seconds. More at once make fewer orders a second.
 */
const AT_ONCE = 4

const slots = pLimit(AT_ONCE)

/** The settlement of each payment that a page has begun. */
const ofPages = new Map<string, Promise<Examination>>()

/** Settles a payment, in its turn; safe to repeat. See `settlePaymentWorkflow`. */
export function settlePayment(container: MedusaContainer, sessionId: string): Promise<Examination> {
  const settlement = slots(async () => {
    const { result } = await settlePaymentWorkflow(container).run({ input: settleInput(sessionId) })
    return result
  })
  return keepUnderWay(settlement)
}

/**
 * The same for a page, which looks and asks again soon: the settlement that it has begun already, so that one
 * that waits takes one slot; undefined when others have to be settled before.
 */
export function settleIfIdle(
  container: MedusaContainer,
  sessionId: string,
): Promise<Examination> | undefined {
  const begun = ofPages.get(sessionId)
  if (begun || slots.activeCount >= AT_ONCE) return begun
  const settlement = settlePayment(container, sessionId)
  ofPages.set(sessionId, settlement)
  const ended = () => {
    ofPages.delete(sessionId)
  }
  settlement.then(ended, ended)
  return settlement
}
