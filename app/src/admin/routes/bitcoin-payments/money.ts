/**
 * An amount for people.
 * @param amount a decimal string in major units
 */
export function money(amount: string, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(amount))
}
