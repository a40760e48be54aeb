import {
  createStep,
  createWorkflow,
  StepResponse,
  type WorkflowData,
  WorkflowResponse,
} from '@medusajs/framework/workflows-sdk'
import { acquireLockStep, completeCartWorkflow, releaseLockStep } from '@medusajs/medusa/core-flows'
import { record } from '@rr-bizops/telemetry/logging/record'
import { announcePaymentStep } from '../mail/announce-payment'
import { type Examination, examinePayment } from './examine-payment'
import { nameOrder } from './name-order'

/** A messenger waits this long for another one that settles the same payment. */
const LOCK_WAIT_SECONDS = 60
/**
 * A killed process's lock ends by itself, while others still wait for it; well after a settlement that
 * meets all of BTCPay's time limits: four reads of 5 s.
 */
const LOCK_EXPIRES_SECONDS = 60

/**
 * Completes the cart when the invoice is settled. Completing is safe to repeat: Medusa answers with
 * the order that is there. It has no compensation: money that came stays in, and the next messenger
 * (webhook, timer, browser) tries again.
 */
const settleStep = createStep(
  'settle-btcpay-payment-step',
  async ({ session_id }: { session_id: string }, { container }) => {
    const before = await examinePayment(container, session_id)
    if (!before.found || before.payment.status !== 'paid') {
      return new StepResponse<Examination>(before)
    }
    if (before.payment.order_id) {
      await nameOrder(container, session_id, before.payment.order_id)
      return new StepResponse<Examination>(before)
    }
    await completeCartWorkflow(container).run({ input: { id: before.payment.cart_id } })
    const after = await examinePayment(container, session_id)
    if (after.found && after.payment.order_id) {
      record('info', 'btcpay: payment became an order')
      await nameOrder(container, session_id, after.payment.order_id)
    }
    return new StepResponse<Examination>(after)
  },
)

/**
 * The one way from a payment to an order: webhook, reconciliation and the returning browser all run
 * it, one at a time for each payment session.
 */
export const settlePaymentWorkflow = createWorkflow(
  'settle-btcpay-payment',
  (input: WorkflowData<{ session_id: string; lock: string }>) => {
    acquireLockStep({ key: input.lock, timeout: LOCK_WAIT_SECONDS, ttl: LOCK_EXPIRES_SECONDS })
    const examination = settleStep(input)
    releaseLockStep({ key: input.lock })
    announcePaymentStep(examination)
    return new WorkflowResponse(examination)
  },
)

/** The lock of one payment session. */
export function settleInput(sessionId: string): { session_id: string; lock: string } {
  return { session_id: sessionId, lock: `btcpay:${sessionId}` }
}
