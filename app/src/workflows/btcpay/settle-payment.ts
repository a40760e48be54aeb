import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import {
  createStep,
  createWorkflow,
  StepResponse,
  type WorkflowData,
  WorkflowResponse,
} from '@medusajs/framework/workflows-sdk'
import { acquireLockStep, releaseLockStep } from '@medusajs/medusa/core-flows'
import { isOverpaid } from '../../modules/btcpay/amount'
import { isGoingBack } from '../../modules/ledger/balance'
import { ledgerOf } from '../../modules/ledger/ledger'
import { announcePaymentStep } from '../mail/announce-payment'
import {
  type Examination,
  type ExaminedPayment,
  examinePayment,
  knownPayment,
} from './examine-payment'
import { placeOrder } from './place-order'

/** Somebody with news waits this long for another one who settles the same payment. */
const LOCK_WAIT_SECONDS = 60
/**
 * A killed process's lock ends by itself, while others still wait for it; well after a settlement that
 * meets all of BTCPay's time limits.
 */
const LOCK_EXPIRES_SECONDS = 60

/**
 * Makes the order when the invoice is settled. It has no compensation: money that came stays in, and the
 * next one with news (webhook, timer, browser) tries again.
 */
const settleStep = createStep(
  'settle-btcpay-payment-step',
  async ({ session_id }: { session_id: string }, { container }) => {
    const examination = await examinePayment(container, session_id)
    const isDue =
      examination.found && examination.payment.status === 'paid' && !examination.payment.order_id
    // What could not be ordered is tried again: the owner may have mended it.
    const isRefused = examination.found && examination.payment.reason === 'cannot-be-ordered'
    if (!examination.found || !(isDue || isRefused)) {
      return new StepResponse<Examination>(examination)
    }
    // Its shopper has this money back, or may have: an order would give the goods away.
    const row = await ledgerOf(container).bySession(session_id)
    if (!row || row.outcome === 'refunded' || isGoingBack(row))
      return new StepResponse<Examination>(examination)
    await settle(container, examination.payment)
    return new StepResponse<Examination>(await knownPayment(container, session_id))
  },
)

async function settle(container: MedusaContainer, payment: ExaminedPayment): Promise<void> {
  const ledger = ledgerOf(container)
  if (!payment.cart_id) return
  const placed = await placeOrder(container, payment.session_id, payment.cart_id)
  if ('order' in placed) {
    const reason = isOverpaid(payment.amount, payment.paid_amount) ? 'surplus' : null
    await ledger.decide(payment.session_id, { outcome: 'order', reason }, placed.order)
    return
  }
  const verdict = { outcome: 'review', reason: 'cannot-be-ordered' } as const
  if (!(await ledger.decide(payment.session_id, verdict, null))) return
  container
    .resolve(ContainerRegistrationKeys.LOGGER)
    .error(`btcpay: a paid cart cannot become an order: ${placed.obstacle}`)
}

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
