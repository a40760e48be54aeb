import type { Language } from './content'

/**
 * The language of a shopper's mails, by the locale of cart or order (BCP 47). English for every language that
 * mails are not written in, and where none is known: the shop itself is in English only.
 */
export function languageOf(locale: string | null | undefined): Language {
  if (!locale || !isLocale(locale)) return 'en'
  return new Intl.Locale(locale).language === 'de' ? 'de' : 'en'
}

/** Whether a text is a language tag by its form (BCP 47), such as `de` or `de-AT`. */
export function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}
