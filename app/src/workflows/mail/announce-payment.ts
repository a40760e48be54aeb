import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import { createStep, StepResponse } from '@medusajs/framework/workflows-sdk'
import type { Examination } from '../btcpay/examine-payment'

/** Event: somebody looked at a payment, and it stood so; repeated at every look. */
export const PAYMENT_EXAMINED = 'btcpay.payment_examined'

/** The payment's way to an order never waits longer for the event bus. */
const WAIT_MS = 2_000

/**
 * Tells how a payment stands, where that is news for its shopper. Never fails and never holds up:
 * the next messenger looks again and tells again, and the outbox makes one mail of it.
 */
export const announcePaymentStep = createStep(
  'announce-btcpay-payment',
  async (examination: Examination, { container }) => {
    const news =
      examination.found &&
      ['seen', 'underpaid', 'paid', 'review'].includes(examination.payment.status)
    if (!news) return new StepResponse(false)
    const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, WAIT_MS, false)
    })
    const told = (async () => {
      const bus = container.resolve(Modules.EVENT_BUS)
      await bus.emit({ name: PAYMENT_EXAMINED, data: examination.payment })
      return true
    })().catch((error: Error) => {
      logger.warn(`mail: payment ${examination.payment.session_id} was not told: ${error.message}`)
      return false
    })
    const done = await Promise.race([told, late])
    clearTimeout(timer)
    return new StepResponse(done)
  },
)
