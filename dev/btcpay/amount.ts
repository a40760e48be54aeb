/** Money in hundredths: the stand-in's currencies (EUR, USD) have two digits. */
export type Cents = bigint

/**
 * A decimal string as hundredths, rounded half away from zero as BTCPay does.
 * @throws RangeError when it is no amount
 */
export function toCents(amount: string): Cents {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(amount.trim())
  if (!match) throw new RangeError('The amount is not a positive decimal number')
  const fraction = (match[2] ?? '').padEnd(3, '0')
  const cents = BigInt(match[1] ?? '0') * 100n + BigInt(fraction.slice(0, 2))
  return Number(fraction[2]) >= 5 ? cents + 1n : cents
}

/** Hundredths as a decimal string, with as few digits as BTCPay prints: "12.3", "5". */
export function fromCents(cents: Cents): string {
  const fraction = (cents % 100n).toString().padStart(2, '0').replace(/0+$/, '')
  return `${cents / 100n}${fraction ? `.${fraction}` : ''}`
}
