/** Pieces of one product that a cart takes; the storefront's form says the same. */
export const MAX_QUANTITY = 99

/**
 * How much a shopper can store. Every line is read again by each request of its cart, so the lines
 * bound the time of a request, too.
 */
export const CART_BOUNDS = {
  /** Different products in a cart. */
  lines: 100,
  /** Lines of one request. */
  linesOfRequest: 20,
  promotionCodes: 5,
  /** A cart that nobody has touched for so many days is deleted. */
  untouchedDays: 30,
  /** A cart is deleted at this age even if somebody goes on touching it. */
  oldestDays: 90,
} as const

/** Longest texts, in characters. */
export const TEXT_BOUNDS = {
  /** Medusa's own ids have 32. */
  id: 64,
  /** RFC 5321. */
  email: 254,
  /** A name, a street, a city: as the storefront's form takes them. */
  addressField: 120,
  promotionCode: 64,
  /** Currencies, countries, languages. */
  code: 16,
  /** Of a route that has no shape of its own in bodies.ts. */
  unlisted: 250,
} as const

/** What a body of an unlisted route may be at the most. */
export const UNLISTED_BOUNDS = { depth: 4, values: 200 } as const
