import { admin } from './shop.ts'

/** Ids of promotions by the prefix of their codes. */
const made = new Map<string, string[]>()

/** Two codes that take everything off, goods and delivery. */
export async function freeOfCharge(prefix: string): Promise<string[]> {
  const ids: string[] = []
  const codes: string[] = []
  for (const target_type of ['items', 'shipping_methods']) {
    const code = `${prefix}-${target_type}`
    const { promotion } = await admin<{ promotion: { id: string } }>('/promotions', {
      code,
      type: 'standard',
      status: 'active',
      application_method: { type: 'percentage', value: 100, target_type, allocation: 'across' },
    })
    ids.push(promotion.id)
    codes.push(code)
  }
  made.set(prefix, ids)
  return codes
}

/** Ends what `freeOfCharge` has made. */
export async function endPromotions(prefix: string): Promise<void> {
  for (const id of made.get(prefix) ?? []) await admin(`/promotions/${id}`, { status: 'inactive' })
}
