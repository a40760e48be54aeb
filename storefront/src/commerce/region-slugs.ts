/** First part of every address of the catalogue, with the currency that names the region in Medusa. */
export const REGIONS = {
  eu: { name: 'Europe', currency: 'eur', sign: '€', tax: 'Prices include VAT.' },
  us: { name: 'United States', currency: 'usd', sign: '$', tax: 'Prices exclude sales tax.' },
} as const

export type RegionSlug = keyof typeof REGIONS

/** The region of this name, if it is one. */
export function regionSlug(text: string): RegionSlug | undefined {
  return Object.hasOwn(REGIONS, text) ? (text as RegionSlug) : undefined
}

/** The region that sells in a currency. */
export function regionOfCurrency(currency: string): RegionSlug {
  return currency.toLowerCase() === REGIONS.us.currency ? 'us' : 'eu'
}
