import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import type { Reconciled } from './reconcile'

/** The one row. */
const ID = 'last'

/** The last run of reconciliation that went to its end; times ISO. */
export interface LastReconciled {
  finished_at: string
  asked: number
  found: number
}

/** Keeps when a run went to its end; one without BTCPay's answers does not count. */
export async function keepReconciled(
  container: MedusaContainer,
  { asked, settled, adopted }: Reconciled,
): Promise<void> {
  await container.resolve(ContainerRegistrationKeys.PG_CONNECTION).raw(
    `INSERT INTO btcpay_reconciliation (id, finished_at, asked, found) VALUES (:id, now(), :asked, :found)
     ON CONFLICT (id) DO UPDATE SET finished_at = now(), asked = :asked, found = :found, updated_at = now()`,
    { id: ID, asked, found: settled + adopted },
  )
}

/** Null before the first run. */
export async function lastReconciled(container: MedusaContainer): Promise<LastReconciled | null> {
  const { rows } = await container
    .resolve(ContainerRegistrationKeys.PG_CONNECTION)
    .raw<{ rows: { finished_at: Date; asked: number; found: number }[] }>(
      'SELECT finished_at, asked, found FROM btcpay_reconciliation WHERE id = ?',
      [ID],
    )
  const [row] = rows
  return row ? { ...row, finished_at: row.finished_at.toISOString() } : null
}
