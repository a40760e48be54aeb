/** A page further on, or a longer one, is nobody's; Medusa asks PostgreSQL for any number. */
const WHOLE = /^\d{1,7}$/

/**
 * Whether a query of the store API has a value that Medusa does not look at and PostgreSQL refuses, which
 * would be an error of ours (500): a page that is no whole number, a moment that is none.
 */
export function isOddQuery(query: Record<string, unknown>): boolean {
  for (const name of ['limit', 'offset'])
    if (query[name] !== undefined && !WHOLE.test(String(query[name]))) return true
  return hasOddMoment(query, false)
}

function hasOddMoment(value: unknown, isMoment: boolean): boolean {
  if (Array.isArray(value)) return value.some((each) => hasOddMoment(each, isMoment))
  if (value !== null && typeof value === 'object')
    return Object.entries(value).some(([key, each]) =>
      hasOddMoment(each, isMoment || key.endsWith('_at')),
    )
  return isMoment && value !== undefined && Number.isNaN(Date.parse(String(value)))
}
