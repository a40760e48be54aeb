/** A region of the sample shop: one currency, one shelf of shipping options. */
export interface SeedRegion {
  name: string
  currency: 'eur' | 'usd'
  /** ISO 3166-1 alpha-2 in lower case, with the standard rate of VAT or sales tax in per cent. */
  countries: Record<string, number>
  shipping: { name: string; code: string; description: string; price: number }[]
}

export const regions: SeedRegion[] = [
  {
    name: 'Europe',
    currency: 'eur',
    countries: {
      at: 20,
      be: 21,
      de: 19,
      dk: 25,
      ee: 24,
      es: 21,
      fi: 25.5,
      fr: 20,
      ie: 23,
      it: 22,
      nl: 21,
      pl: 23,
      pt: 23,
      se: 25,
    },
    shipping: [
      { name: 'Standard', code: 'standard-eu', description: '3 to 5 working days', price: 6.9 },
      { name: 'Express', code: 'express-eu', description: '1 to 2 working days', price: 14.9 },
    ],
  },
  {
    name: 'United States',
    currency: 'usd',
    // Sales tax depends on state and nexus; the sample shop has none until the owner sets it.
    countries: { us: 0 },
    shipping: [
      { name: 'Standard', code: 'standard-us', description: '5 to 8 working days', price: 14.9 },
      { name: 'Express', code: 'express-us', description: '2 to 3 working days', price: 29.9 },
    ],
  },
]
