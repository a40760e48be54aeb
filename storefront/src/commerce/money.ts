import { Decimal } from 'decimal.js'

/** An amount as a decimal string in major units, such as 12.30 EUR. */
export interface Money {
  amount: string
  /** ISO 4217 in upper case. */
  currency: string
}

/** Decimal places of a currency as the browser's and Node's own tables have them. */
function places(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

/** Takes an amount as Medusa writes it in JSON; no arithmetic is done on it. */
export function money(amount: number | string, currency: string): Money {
  const upper = currency.toUpperCase()
  const exact = new Decimal(amount).toDecimalPlaces(places(upper))
  // Medusa's sums may be a hair below zero, which is no minus for a shopper.
  const shown = exact.isZero() ? exact.abs() : exact
  return { amount: shown.toFixed(places(upper)), currency: upper }
}

/** Whether an amount is zero. */
export function isZero({ amount }: Money): boolean {
  return new Decimal(amount).isZero()
}

/** The lowest of several amounts of one currency. */
export function lowest(amounts: Money[]): Money | undefined {
  return amounts.reduce<Money | undefined>(
    (least, each) => (least && new Decimal(least.amount).lte(each.amount) ? least : each),
    undefined,
  )
}

/** An amount as a shopper reads it: €12.30. The string is formatted digit by digit, not as a float. */
export function formatMoney({ amount, currency }: Money): string {
  const locale = currency === 'USD' ? 'en-US' : 'en-IE'
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  return format.format(amount as Intl.StringNumericLiteral)
}
