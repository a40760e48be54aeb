import type { BigNumberInput } from '@medusajs/framework/types'
import { MathBN } from '@medusajs/framework/utils'

/** A line of a cart, as far as its goods go. */
export interface LineOfGoods {
  title: string
  quantity: BigNumberInput
  variant: {
    manage_inventory: boolean
    allow_backorder: boolean
    inventory_items?: { inventory_item_id: string; required_quantity: number }[]
  } | null
}

/** Fields of a cart that `goodsOf` reads. */
export const GOODS_FIELDS = [
  'items.title',
  'items.quantity',
  'items.variant.manage_inventory',
  'items.variant.allow_backorder',
  'items.variant.inventory_items.inventory_item_id',
  'items.variant.inventory_items.required_quantity',
]

/** So many pieces of one inventory item; `title` is of a line that wants them. */
export interface Goods {
  inventory_item_id: string
  quantity: ReturnType<typeof MathBN.add>
  title: string
}

/** What a cart's lines want of the stock, all lines together; nothing of what is sold without a count. */
export function goodsOf(lines: LineOfGoods[]): Goods[] {
  const goods = new Map<string, Goods>()
  for (const { title, quantity, variant } of lines) {
    if (!variant?.manage_inventory || variant.allow_backorder) continue
    for (const { inventory_item_id, required_quantity } of variant.inventory_items ?? []) {
      const known = goods.get(inventory_item_id)
      const pieces = MathBN.mult(quantity, required_quantity)
      goods.set(inventory_item_id, {
        inventory_item_id,
        quantity: MathBN.add(known?.quantity ?? 0, pieces),
        title: known?.title ?? title,
      })
    }
  }
  return [...goods.values()]
}
