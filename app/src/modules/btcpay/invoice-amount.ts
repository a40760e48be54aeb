import type { BigNumberInput } from '@medusajs/framework/types'
import { BigNumber, MedusaError } from '@medusajs/framework/utils'

/** Half a cent is rounded away from zero, as BTCPay does. */
const ROUND_HALF_UP = 4

/**
 * Medusa's exact amount as the invoice asks for it: a decimal string in major units with the
 * currency's digits. Taxes leave Medusa's totals with more digits than anyone can pay.
 */
export function invoiceAmount(amount: BigNumberInput, currency: string): string {
  const exact = new BigNumber(amount).bigNumber
  if (!exact)
    throw new MedusaError(MedusaError.Types.INVALID_DATA, 'btcpay: amount is not a number')
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: currency.toUpperCase(),
  }).resolvedOptions()
  return exact.toFixed(maximumFractionDigits ?? 2, ROUND_HALF_UP)
}
