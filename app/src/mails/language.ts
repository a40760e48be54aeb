import type { Language } from './content'

/** Countries whose shoppers read German; the shop itself is in English only. */
const GERMAN = new Set(['de', 'at', 'ch', 'li'])

/** The language of a shopper, by the country that the order goes to (ISO 3166-1 alpha-2). */
export function languageOf(country: string | null | undefined): Language {
  return GERMAN.has((country ?? '').toLowerCase()) ? 'de' : 'en'
}
