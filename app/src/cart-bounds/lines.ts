import type { BigNumberInput } from '@medusajs/framework/types'
import { MathBN, MedusaError } from '@medusajs/framework/utils'
import { CART_BOUNDS, MAX_QUANTITY } from './bounds'

/** What the bounds look at in a line, stored or new. */
export interface Line {
  variant_id?: string | null
  quantity?: BigNumberInput | null
  metadata?: object | null
}

function refuse(message: string): never {
  throw new MedusaError(MedusaError.Types.INVALID_DATA, message)
}

/** Whether a quantity can be packed: a whole number of pieces, at least one. */
export function isWholeQuantity(quantity: BigNumberInput | null | undefined): boolean {
  if (quantity === null || quantity === undefined) return false
  try {
    const pieces = MathBN.convert(quantity)
    return pieces.isInteger() && pieces.gte(1) && pieces.lte(MAX_QUANTITY)
  } catch {
    return false
  }
}

/**
 * Refuses a quantity that cannot be packed.
 * @throws MedusaError of type invalid_data
 */
export function refuseQuantity(quantity: BigNumberInput | null | undefined): void {
  if (!isWholeQuantity(quantity)) {
    refuse(`The quantity must be a whole number: choose up to ${MAX_QUANTITY} pieces.`)
  }
}

/**
 * Refuses new lines that are no whole pieces, or with which a cart would be too large.
 * @param present lines that the cart has
 * @throws MedusaError of type invalid_data
 */
export function refuseLines(present: Line[], added: Line[]): void {
  for (const line of added) {
    refuseQuantity(line.quantity)
    if (line.metadata && Object.keys(line.metadata).length > 0) refuse('A line takes no metadata.')
  }
  // Medusa adds to the line of the same variant, so the sum is what will be stored.
  const pieces = new Map<string, number>()
  for (const { variant_id, quantity } of [...present, ...added]) {
    const sum = (pieces.get(variant_id ?? '') ?? 0) + Number(quantity ?? 0)
    pieces.set(variant_id ?? '', sum)
  }
  const touched = added.map(({ variant_id }) => variant_id ?? '')
  if (touched.some((variant) => (pieces.get(variant) ?? 0) > MAX_QUANTITY)) {
    refuse(`A cart can hold up to ${MAX_QUANTITY} pieces of a product.`)
  }
  const known = new Set(present.map(({ variant_id }) => variant_id ?? ''))
  const more = new Set(touched.filter((variant) => !known.has(variant)))
  if (more.size > 0 && present.length + more.size > CART_BOUNDS.lines) {
    refuse(`A cart can hold up to ${CART_BOUNDS.lines} different products.`)
  }
}
