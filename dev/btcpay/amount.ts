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

/** What a bitcoin costs in every currency of the stand-in. */
export const RATE = 100_000

/** Hundredths as bitcoin, a decimal string of eight digits; negative when they are. */
export function toBitcoin(cents: Cents): string {
  const satoshis = (cents * 100_000_000n) / BigInt(RATE * 100)
  const size = satoshis < 0n ? -satoshis : satoshis
  const digits = size.toString().padStart(9, '0')
  return `${satoshis < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`
}
