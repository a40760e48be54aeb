import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, MedusaError, Modules } from '@medusajs/framework/utils'
import { record } from '@rr-bizops/telemetry/logging/record'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { offerRefund } from '../../modules/btcpay/offer-refund'
import { type OwedOffer, withoutClaimLink } from '../../modules/ledger/balance'
import { type LedgerRow, ledgerOf } from '../../modules/ledger/ledger'
import { greenfield } from '../btcpay/examine-payment'
import { settleInput } from '../btcpay/settle-payment'
import { mailOwedOffers } from '../mail/mail-owed-offers'

/** A press that comes while another one offers the same money, or settles it, waits for it. */
const LOCK_WAIT_SECONDS = 60
const LOCK_EXPIRES_SECONDS = 120

/** `nothing-owed`: no money of this payment is its shopper's; `not-confirmed`: it may still be taken back. */
export type Offered =
  | { offered: true; offers: OwedOffer[]; currency: string }
  | { offered: false; reason: 'nothing-owed' | 'not-confirmed' }

/**
 * Offers a shopper the money of a payment that no order stands for: all of it under review, or what came
 * above an order's amount. The claim link is mailed. Safe to repeat: what has a link gets no second one.
 * @throws MedusaError when BTCPay makes no refund, or does not say whether it did
 */
export function offerOwed(container: MedusaContainer, sessionId: string): Promise<Offered> {
  return (
    container
      .resolve(Modules.LOCKING)
      // The same as of its settlement: money that goes back becomes no order beside it.
      .execute(settleInput(sessionId).lock, () => offer(container, sessionId), {
        timeout: LOCK_WAIT_SECONDS,
        expire: LOCK_EXPIRES_SECONDS,
      })
  )
}

async function offer(container: MedusaContainer, sessionId: string): Promise<Offered> {
  const ledger = ledgerOf(container)
  const row = await ledger.bySession(sessionId)
  if (!row?.invoice_id) return { offered: false, reason: 'nothing-owed' }
  const amount = withoutClaimLink(row)
  if (amount !== '0') {
    if (!(await isConfirmed(row.invoice_id))) return { offered: false, reason: 'not-confirmed' }
    await make(container, { ...row, invoice_id: row.invoice_id }, amount)
  }
  const { owed_offers: offers } = (await ledger.bySession(sessionId)) ?? row
  if (!offers?.length) return { offered: false, reason: 'nothing-owed' }
  // Also of an offer whose mail was never queued: its process was killed.
  await mailOwedOffers(container, { ...row, owed_offers: offers })
  return { offered: true, offers, currency: row.currency }
}

/** What the network has not confirmed may never come: whoever claimed it would be given ours. */
async function isConfirmed(invoiceId: string): Promise<boolean> {
  const asked = await greenfield().paymentMethods(invoiceId)
  if (!asked.ok) {
    throw new MedusaError(
      MedusaError.Types.UNEXPECTED_STATE,
      'BTCPay does not say whether this money is confirmed, so nothing was offered. Please try again.',
    )
  }
  return asked.value.every(({ payments }) => payments.every(({ status }) => status === 'Settled'))
}

async function make(
  container: MedusaContainer,
  row: LedgerRow & { invoice_id: string },
  amount: string,
): Promise<void> {
  const ledger = ledgerOf(container)
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  const name = `Owed ${short(row.session_id)} ${(row.owed_offers?.length ?? 0) + 1}`
  const made = await offerRefund({ greenfield: greenfield(), ledger, logger }, row, name, amount)
  await ledger.owedOffered(row.session_id, { id: made.id, link: made.viewLink, amount })
  record('info', 'btcpay: money that is owed was offered', { payment: short(row.session_id) })
}
