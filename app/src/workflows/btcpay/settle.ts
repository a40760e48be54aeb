import type { MedusaContainer } from '@medusajs/framework/types'
import pLimit from 'p-limit'
import type { Examination } from './examine-payment'
import { settleInput, settlePaymentWorkflow } from './settle-payment'

/**
 * Settlements of one process at the same moment: orders of the same goods wait for each other's reservations,
 * and Medusa gives up one that has waited five seconds. More at once make fewer orders a second.
 */
const AT_ONCE = 4

const slots = pLimit(AT_ONCE)

/** Settles a payment, in its turn; safe to repeat. See `settlePaymentWorkflow`. */
export function settlePayment(container: MedusaContainer, sessionId: string): Promise<Examination> {
  return slots(async () => {
    const { result } = await settlePaymentWorkflow(container).run({ input: settleInput(sessionId) })
    return result
  })
}

/** The same for somebody who looks and asks again soon: undefined when others have to be settled before. */
export function settleIfIdle(
  container: MedusaContainer,
  sessionId: string,
): Promise<Examination> | undefined {
  return slots.activeCount < AT_ONCE ? settlePayment(container, sessionId) : undefined
}
