import type { Logger } from '@medusajs/framework/types'
import { MedusaError } from '@medusajs/framework/utils'
import type { Ledger } from '../ledger/ledger'
import type { PullPayment } from './answers'
import type { Greenfield } from './greenfield'
import { sameAmount } from './invoice'

/** What an offer is made with. */
interface Tools {
  greenfield: Greenfield
  ledger: Ledger
  logger: Logger
}

/** The invoice whose money goes back. */
interface Of {
  session_id: string
  invoice_id: string
  currency: string
}

/** BTCPay takes no longer name of a pull payment. */
const LONGEST_NAME = 50

/**
 * Makes a refund at BTCPay, which its shopper claims by a link; one whose answer was lost before is found
 * again instead of being made twice.
 * @param name what BTCPay calls it, and by which it is found again
 * @param amount decimal string in major units
 * @throws MedusaError unexpected_state when BTCPay makes none, or does not say whether it did
 */
export async function offerRefund(
  tools: Tools,
  of: Of,
  name: string,
  amount: string,
): Promise<PullPayment> {
  const { greenfield, ledger, logger } = tools
  const lost = await lostRefund(tools, of, amount)
  if (lost) return lost
  const called = name.slice(0, LONGEST_NAME)
  await ledger.refundAsked(of.session_id, called)
  const offered = await greenfield.refund(of.invoice_id, called, amount, of.currency)
  if (offered.ok) return offered.value
  logger.error(`btcpay: ${name}: ${offered.failure.message}`)
  const mayExist = ['unreachable', 'unreadable'].includes(offered.failure.kind)
  if (!mayExist) await ledger.refundAsked(of.session_id, null)
  throw new MedusaError(
    MedusaError.Types.UNEXPECTED_STATE,
    mayExist
      ? 'BTCPay did not confirm the refund. Please try again: it is then looked up, and not made twice.'
      : 'BTCPay refused the refund; nothing was changed. Look at the invoice there.',
  )
}

/** The refund that was asked for last and not answered, if BTCPay has made it. */
async function lostRefund(
  { greenfield, ledger, logger }: Tools,
  of: Of,
  amount: string,
): Promise<PullPayment | undefined> {
  const asked = (await ledger.bySession(of.session_id))?.refund_asked
  if (!asked) return undefined
  const found = await greenfield.findRefund(asked)
  if (!found.ok) {
    logger.error(`btcpay: the refund before: ${found.failure.message}`)
    throw new MedusaError(
      MedusaError.Types.UNEXPECTED_STATE,
      'BTCPay did not say whether it made the refund that was asked for before, so no second one was made. Please try again later, or look under Pull Payments there.',
    )
  }
  if (!found.value || sameAmount(found.value.amount, amount)) return found.value
  throw new MedusaError(
    MedusaError.Types.UNEXPECTED_STATE,
    `BTCPay has made a refund of ${found.value.amount} ${of.currency} that was not confirmed. Refund that amount first, or archive it there (Pull Payments).`,
  )
}
