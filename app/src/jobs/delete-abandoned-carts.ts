import type { MedusaContainer } from '@medusajs/framework/types'
import { record } from '@rr-bizops/telemetry/logging/record'
import { deleteCarts, deleteLeftOvers } from '../abandoned-carts/delete'
import { abandonedCarts } from '../abandoned-carts/find'
import { verdictOn } from '../abandoned-carts/invoices'
import { job } from '../logging/job'
import { greenfield } from '../workflows/btcpay/examine-payment'

const EVERY_HOURS = 1
/** Carts of one transaction. */
const BATCH = 100
/** One run's bounds: the next run takes the rest. */
const BATCHES = 50
const ASKED = 200

/** Carts for which no invoice was made: nobody has to be asked. */
async function deleteWithoutInvoice(container: MedusaContainer): Promise<number> {
  let deleted = 0
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const carts = await abandonedCarts(container, false, BATCH)
    const gone = await deleteCarts(
      container,
      carts.map(({ id }) => id),
    )
    deleted += gone
    if (carts.length < BATCH || gone === 0) break
  }
  return deleted
}

/** Carts with invoices, as far as BTCPay says that no money came or can come. */
async function deleteUnpaid(
  container: MedusaContainer,
): Promise<{ deleted: number; kept: number; unasked: number }> {
  const carts = await abandonedCarts(container, true, ASKED)
  const btcpay = greenfield()
  let [deleted, kept] = [0, 0]
  for (const { id, invoices } of carts) {
    const verdict = await verdictOn(container, btcpay, invoices)
    // Whoever is away for one is away for all: each would wait for its timeout.
    if (verdict === 'no-answer') break
    if (verdict === 'kept') kept += 1
    else deleted += await deleteCarts(container, [id])
  }
  return { deleted, kept, unasked: carts.length - deleted - kept }
}

/** Deletes carts that nobody touches any more, with the addresses in them; see ../cart-bounds/bounds.ts. */
async function deleteAbandonedCarts(container: MedusaContainer): Promise<void> {
  const withoutInvoice = await deleteWithoutInvoice(container)
  const { deleted, kept, unasked } = await deleteUnpaid(container)
  const leftOvers = await deleteLeftOvers(container)
  const all = withoutInvoice + deleted
  if (all + kept + unasked + leftOvers === 0) return
  record(
    'info',
    `abandoned carts: ${all} deleted, ${kept} kept for their invoices, ${unasked} left for later; ${leftOvers} addresses and guests deleted`,
  )
}

const name = 'delete-abandoned-carts'
export default job(name, deleteAbandonedCarts)

export const config = { name, schedule: { interval: EVERY_HOURS * 3_600_000 } }
