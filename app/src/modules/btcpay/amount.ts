import type { BigNumberInput } from '@medusajs/framework/types'
import { MathBN } from '@medusajs/framework/utils'

/** Digits after the point that a currency has in cash: 2 for EUR, 0 for JPY; 2 for one we do not know. */
export function currencyDigits(currency: string): number {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    return format.resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}

/**
 * What a shopper can pay: the exact total, rounded half away from zero to the currency's digits as
 * BTCPay does. Taxes make totals such as 14.6965; Medusa keeps them, an invoice cannot.
 * @returns decimal string in major units, such as "14.70"
 */
export function payableAmount(total: BigNumberInput, currency: string): string {
  const digits = currencyDigits(currency)
  return MathBN.convert(total, digits).toFixed(digits)
}

/**
 * What is missing of an amount; never below zero.
 * @returns decimal string in major units
 */
export function missingAmount(amount: string, paid: string, currency: string): string {
  const rest = MathBN.sub(amount, paid)
  return payableAmount(rest.isPositive() ? rest.toFixed() : '0', currency)
}

/** Whether more came than was asked; both are decimal strings in major units. */
export function isOverpaid(amount: string, paid: string): boolean {
  return MathBN.gt(paid, amount)
}
