import { MathBN } from '@medusajs/framework/utils'
import { short } from '@rr-bizops/telemetry/logging/redact'
import type { Answer, Greenfield } from '../modules/btcpay/greenfield'
import { type Invoice, isOurs, sameAmount } from '../modules/btcpay/invoice'
import { type Connection, Ledger, type LedgerRow } from '../modules/ledger/ledger'
import { ASKED_FOR_DAYS } from '../modules/ledger/schedule'
import type { Disagreement, Kind } from './disagreement'

const DAY_MS = 86_400_000
const PAGE = 100
/** A list that does not end is no list: 100,000 invoices in 90 days. */
const MOST_PAGES = 1_000
/** So many that differ are asked for anew; more are one fault. */
const ASKED_ANEW = 100
/** An invoice may change between two questions about it. */
const LOOKS = 3
/** Clocks of two machines at the beginning of the list. */
const MARGIN_MS = 3_600_000

/** What is compared, and how an invoice is asked for anew. */
export interface Books {
  connection: Connection
  btcpay: Pick<Greenfield, 'listInvoices' | 'getInvoice'>
  /** Runs a payment's settlement, as everybody with news of it does. */
  settle(sessionId: string): Promise<unknown>
}

/** BTCPay gave no answer, so nothing is known: the check is made again later. */
export class NotCompared extends Error {}

/**
 * What BTCPay and the ledger say differently of the invoices of the last 90 days. What differs is asked for
 * anew before it counts: the news of it may be on its way, or lost with its webhook.
 * @throws NotCompared
 */
export async function disagreementsWithBtcpay(
  books: Books,
  now = new Date(),
): Promise<Disagreement[]> {
  const since = new Date(now.getTime() - ASKED_FOR_DAYS * DAY_MS)
  const found: Disagreement[] = []
  const differing = new Set<string>()
  const listed = new Set<string>()
  for (let page = 0; ; page += 1) {
    if (page === MOST_PAGES) throw new NotCompared('the list of invoices does not end')
    const answer = await books.btcpay.listInvoices({ since, skip: page * PAGE, take: PAGE })
    const invoices = required(answer)
    const ours = invoices.filter(isOurs)
    const rows = await rowsOf(books.connection, ours.map(sessionOf))
    for (const invoice of ours) {
      listed.add(invoice.id)
      const row = rows.get(sessionOf(invoice))
      if (!row) found.push({ kind: 'not-in-ledger', reference: short(invoice.id) })
      else if (row.invoice_id !== null && row.invoice_id !== invoice.id)
        found.push({ kind: 'other-invoice', reference: short(invoice.id) })
      else if (difference(row, invoice)) differing.add(row.session_id)
    }
    if (invoices.length < PAGE) break
  }
  for (const id of await unlisted(books.connection, listed, since, now)) differing.add(id)
  for (const sessionId of [...differing].slice(0, ASKED_ANEW)) {
    const kind = await stillDiffers(books, sessionId)
    if (kind) found.push({ kind, reference: short(sessionId) })
  }
  for (const sessionId of [...differing].slice(ASKED_ANEW))
    found.push({ kind: 'other-state', reference: short(sessionId) })
  return found
}

function required<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value
  throw new NotCompared(answer.failure.message)
}

const sessionOf = (invoice: Invoice) => invoice.metadata.orderId ?? ''

/** What the ledger has otherwise than BTCPay; undefined when nothing. */
function difference(row: LedgerRow, invoice: Invoice): Kind | undefined {
  if (row.state !== invoice.status) return 'other-state'
  if (!MathBN.eq(row.paid_amount, invoice.paidAmount)) return 'other-money'
  const isOrder = row.outcome === 'order'
  if (isOrder && !sameAmount(row.amount, invoice.amount)) return 'other-amount'
  const isUndecided = row.outcome === 'open' || row.outcome === 'ended'
  return invoice.status === 'Settled' && isUndecided ? 'undecided' : undefined
}

async function rowsOf(
  connection: Connection,
  sessionIds: string[],
): Promise<Map<string, LedgerRow>> {
  const { rows } = await connection.raw<{ rows: LedgerRow[] }>(
    `SELECT session_id, invoice_id, state, paid_amount, amount, outcome FROM btcpay_invoice
     WHERE session_id = ANY(?) AND deleted_at IS NULL`,
    [sessionIds],
  )
  return new Map(rows.map((row) => [row.session_id, row]))
}

/** Payments whose invoice should be in BTCPay's list and is not: archived there, or gone. */
async function unlisted(
  connection: Connection,
  listed: Set<string>,
  since: Date,
  until: Date,
): Promise<string[]> {
  const { rows } = await connection.raw<{ rows: { session_id: string }[] }>(
    `SELECT session_id FROM btcpay_invoice
     WHERE invoice_id IS NOT NULL AND NOT invoice_id = ANY(?) AND created_at BETWEEN ? AND ? AND deleted_at IS NULL`,
    [[...listed], new Date(since.getTime() + MARGIN_MS), until],
  )
  return rows.map(({ session_id }) => session_id)
}

/** What an invoice differs in after it was asked for anew. */
async function stillDiffers(books: Books, sessionId: string): Promise<Kind | undefined> {
  const ledger = new Ledger(books.connection)
  let kind: Kind | undefined
  for (let look = 0; look < LOOKS; look += 1) {
    // What fails is seen by what it leaves.
    await books.settle(sessionId).catch(() => undefined)
    const row = await ledger.bySession(sessionId)
    if (!row?.invoice_id) return 'other-invoice'
    const answer = await books.btcpay.getInvoice(row.invoice_id)
    if (!answer.ok && answer.failure.kind === 'unknown') return 'not-at-btcpay'
    kind = difference(row, required(answer))
    if (!kind) return undefined
  }
  return kind
}
