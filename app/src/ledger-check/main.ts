import type { ExecArgs } from '@medusajs/framework/types'
import { checkShop } from './check-shop'
import { lineOf } from './disagreement'

/**
 * The check by hand: `entrypoint ledger-check` in a container of Medusa. A line for each disagreement; ends
 * with 1 when there is one, or when BTCPay gave no answer.
 */
export default async function checkByHand({ container }: ExecArgs): Promise<void> {
  const { invoices, orders, disagreements } = await checkShop(container)
  for (const each of disagreements) console.log(lineOf(each))
  console.log(
    `${invoices} invoices and ${orders} orders compared, ${disagreements.length} disagreements`,
  )
  if (disagreements.length > 0) process.exitCode = 1
}
