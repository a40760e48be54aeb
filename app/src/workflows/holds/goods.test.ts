import { describe, expect, it } from 'vitest'
import { goodsOf, type LineOfGoods } from './goods'

const line = (
  quantity: number,
  items: [string, number][],
  more: Partial<NonNullable<LineOfGoods['variant']>> = {},
): LineOfGoods => ({
  title: `line of ${quantity}`,
  quantity,
  variant: {
    manage_inventory: true,
    allow_backorder: false,
    inventory_items: items.map(([inventory_item_id, required_quantity]) => ({
      inventory_item_id,
      required_quantity,
    })),
    ...more,
  },
})
const counted = (lines: LineOfGoods[]) =>
  goodsOf(lines).map(({ inventory_item_id, quantity, title }) => [
    inventory_item_id,
    quantity.toNumber(),
    title,
  ])

describe('what a cart wants of the stock', () => {
  it('is counted for all of its lines together, in pieces of each inventory item', () => {
    const set = line(2, [
      ['flask', 3],
      ['lid', 1],
    ])
    expect(counted([set, line(4, [['flask', 1]])])).toEqual([
      ['flask', 10, 'line of 2'],
      ['lid', 2, 'line of 2'],
    ])
  })

  it('is nothing of what is sold without a count, or of a line whose variant is gone', () => {
    expect(
      counted([
        line(1, [['a', 1]], { manage_inventory: false }),
        line(1, [['b', 1]], { allow_backorder: true }),
        { title: 'gone', quantity: 1, variant: null },
      ]),
    ).toEqual([])
  })
})
