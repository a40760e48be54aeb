import { payableAmount } from '../modules/btcpay/amount'
import type { Language } from './content'

/** An amount as a decimal string in major units, such as 12.30 EUR. */
export interface Money {
  amount: string
  /** ISO 4217, in any case. */
  currency: string
}

function locale(language: Language, currency: string): string {
  if (language === 'de') return 'de-DE'
  // As the storefront writes them: $12.00 and €12.00.
  return currency === 'USD' ? 'en-US' : 'en-IE'
}

/** An amount as its reader writes it, rounded to the currency's digits; formatted as a string, never as a float. */
export function formatMoney({ amount, currency }: Money, language: Language): string {
  const code = currency.toUpperCase()
  const rounded = payableAmount(amount, code)
  try {
    const format = new Intl.NumberFormat(locale(language, code), {
      style: 'currency',
      currency: code,
    })
    // Node formats the string digit by digit; the types of ES2022 do not know that yet.
    return format.format(rounded as unknown as number)
  } catch {
    // Intl refuses a code that is not three letters.
    return `${rounded} ${code}`
  }
}

/** A moment with its time zone: Germany's for German, UTC for the world. */
export function formatMoment(iso: string, language: Language): string {
  const german = language === 'de'
  return new Intl.DateTimeFormat(german ? 'de-DE' : 'en-IE', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: german ? 'Europe/Berlin' : 'UTC',
    timeZoneName: 'short',
  }).format(new Date(iso))
}

/** Text on one line: what a stranger typed may neither break a header nor reorder what is beside it. */
export function oneLine(text: string | null | undefined): string {
  return (
    (text ?? '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
      .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
      .replace(/ {2,}/g, ' ')
      .trim()
  )
}
