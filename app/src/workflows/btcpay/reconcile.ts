import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { inContext } from '@rr-bizops/telemetry/logging/context'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { type Invoice, isOurs } from '../../modules/btcpay/invoice'
import { type LedgerRow, ledgerOf } from '../../modules/ledger/ledger'
import { endNeedlessHolds } from '../holds/needless'
import { followOffers } from '../refunds/follow-offers'
import { greenfield } from './examine-payment'
import { keepReconciled } from './last-reconciled'
import { settlePayment } from './settle'

/** Rows of one look into the ledger. */
const BATCH = 100
/** Payments that are settled at the same time. */
const AT_ONCE = 4
/** After so many payments without an answer BTCPay is away: what is due stays due. */
const AWAY_AFTER = 3
/** A run ends by itself; the next one goes on. */
const LONGEST_RUN_MS = 10 * 60_000
/** BTCPay's list is read back so far behind the newest invoice that is known here: a restore loses rows. */
const OVERLAP_DAYS = 1
const LIST_PAGE = 50
const LIST_EVERY_MS = 10 * 60_000

/** What a run did. */
export interface Reconciled {
  asked: number
  /** Payments that became an order, or came under review. */
  settled: number
  /** Invoices that BTCPay had and the ledger did not. */
  adopted: number
  failed: number
  /** Refunds of which more was paid out. */
  paidOut: number
  /** Carts whose goods were held for nothing. */
  freed: number
  /** False when BTCPay was away, or the time was up: what is due stays due. */
  complete: boolean
}

let listedAt = 0

/** Asks BTCPay about all invoices and refunds that are due, the longest unasked first, however many there are. */
export async function reconcile(container: MedusaContainer): Promise<Reconciled> {
  const until = Date.now() + LONGEST_RUN_MS
  const done: Reconciled = {
    asked: 0,
    settled: 0,
    adopted: 0,
    failed: 0,
    paidOut: 0,
    freed: 0,
    complete: false,
  }
  let isListed = true
  if (Date.now() - listedAt >= LIST_EVERY_MS) {
    const adopted = await adoptUnknown(container)
    done.adopted = adopted ?? 0
    isListed = adopted !== undefined
    if (isListed) listedAt = Date.now()
  }
  const seen = new Set<string>()
  let away = 0
  let noAnswers = 0
  while (Date.now() < until && away < AWAY_AFTER) {
    const due = (await ledgerOf(container).due(BATCH)).filter((row) => !seen.has(row.session_id))
    if (due.length === 0) {
      done.complete = isListed && noAnswers === 0
      break
    }
    for (const row of due) seen.add(row.session_id)
    const rest = [...due]
    const work = async () => {
      for (let row = rest.shift(); row && away < AWAY_AFTER; row = rest.shift()) {
        const went = await settleOne(container, row)
        done.asked += 1
        if (went === 'settled') done.settled += 1
        if (went === 'failed') done.failed += 1
        away = went === 'no-answer' ? away + 1 : 0
        noAnswers += went === 'no-answer' ? 1 : 0
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  }
  if (away < AWAY_AFTER) {
    const followed = await followOffers(container, until)
    done.paidOut = followed.paidOut
    done.failed += followed.failed
  }
  done.freed = await endNeedlessHolds(container)
  if (done.complete) await keepReconciled(container, done)
  return done
}

async function settleOne(
  container: MedusaContainer,
  row: LedgerRow,
): Promise<'settled' | 'same' | 'no-answer' | 'failed'> {
  try {
    const result = await inContext({ payment: short(row.session_id) }, () =>
      settlePayment(container, row.session_id),
    )
    if (result.found) {
      const before = row.outcome === 'order' || row.outcome === 'review'
      const now = result.payment.order_id !== null || result.payment.status === 'review'
      return now && !before ? 'settled' : 'same'
    }
    if (result.reason === 'no-session') {
      // No cart's, or nothing at BTCPay: asked for again later, so that it holds up no others.
      await ledgerOf(container).unanswered(row.session_id)
      return 'same'
    }
    return result.reason === 'not-there' ? 'failed' : 'no-answer'
  } catch (error) {
    // One payment that cannot be settled must not hold up the others.
    container
      .resolve(ContainerRegistrationKeys.LOGGER)
      .warn(
        `btcpay: payment ${short(row.session_id)} is tried again later: ${(error as Error).message}`,
      )
    return 'failed'
  }
}

/**
 * Writes invoices of the shop that BTCPay has and the ledger lacks into it, as after a restore.
 * @returns how many; undefined when BTCPay gave no answer
 */
async function adoptUnknown(container: MedusaContainer): Promise<number | undefined> {
  const ledger = ledgerOf(container)
  const newest = (await ledger.newest()) ?? new Date()
  const since = new Date(newest.getTime() - OVERLAP_DAYS * 86_400_000)
  const listed: Invoice[] = []
  for (let skip = 0; ; skip += LIST_PAGE) {
    const page = await greenfield().listInvoices({ since, skip, take: LIST_PAGE })
    if (!page.ok) return undefined
    listed.push(...page.value)
    if (page.value.length < LIST_PAGE) break
  }
  let adopted = 0
  // The oldest first: whatever ends this, the next run begins behind what was adopted.
  for (const invoice of listed.reverse()) {
    if (isOurs(invoice) && (await ledger.adopt(invoice))) adopted += 1
  }
  return adopted
}
