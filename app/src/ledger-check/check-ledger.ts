import { generateEntityId } from '@medusajs/framework/utils'
import type { Connection } from '../modules/ledger/ledger'
import { type Books, disagreementsWithBtcpay } from './at-btcpay'
import { type Disagreement, lineOf } from './disagreement'
import { type Counted, disagreementsInDatabase } from './in-database'

/** So many lines of a check are kept; all are counted. */
const KEPT_LINES = 100
/** Checks are kept so long. */
const KEPT_DAYS = 90

/** A check that went to its end. */
export interface Checked extends Counted {
  disagreements: Disagreement[]
}

/**
 * Compares BTCPay, ledger, orders and mails, and keeps the result for the host's watch. It mends nothing by
 * itself, but asks BTCPay anew about what differs.
 * @param mail undefined while no mail is written
 * @throws NotCompared when BTCPay gave no answer: nothing is kept, and the check before gets older
 */
export async function checkLedger(
  books: Books,
  mail: { owner: string | undefined } | undefined,
): Promise<Checked> {
  // First: what is asked for anew here is settled when the tables are looked at.
  const atBtcpay = await disagreementsWithBtcpay(books)
  const { disagreements, counted } = await disagreementsInDatabase(books.connection, mail)
  const checked = { ...counted, disagreements: different([...atBtcpay, ...disagreements]) }
  await keep(books.connection, checked)
  return checked
}

/** Each once: both looks may see an undecided payment. */
function different(all: Disagreement[]): Disagreement[] {
  return [...new Map(all.map((each) => [lineOf(each), each])).values()]
}

async function keep(connection: Connection, checked: Checked): Promise<void> {
  const { invoices, orders, disagreements } = checked
  await connection.raw(
    `INSERT INTO btcpay_check (id, invoices, orders, disagreements, lines) VALUES (?, ?, ?, ?, ?::jsonb)`,
    [
      generateEntityId(undefined, 'bchk'),
      invoices,
      orders,
      disagreements.length,
      JSON.stringify(disagreements.slice(0, KEPT_LINES)),
    ],
  )
  await connection.raw(
    `DELETE FROM btcpay_check WHERE created_at < now() - interval '${KEPT_DAYS} days'`,
  )
}

/** When the last check went to its end; undefined before the first. */
export async function lastChecked(connection: Connection): Promise<Date | undefined> {
  const { rows } = await connection.raw<{ rows: { at: Date | null }[] }>(
    'SELECT max(created_at) AS at FROM btcpay_check WHERE deleted_at IS NULL',
  )
  return rows[0]?.at ?? undefined
}
