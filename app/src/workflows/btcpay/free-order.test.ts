import type { MedusaContainer } from '@medusajs/framework/types'
import { describe, expect, it } from 'vitest'
import { freeOrderOf, isFree } from './free-order'

const item = { id: 'cali_1' }

/** A container whose database has this cart, and perhaps its order. */
function shopWith(cart: object | undefined, order?: string): MedusaContainer {
  const rows: Record<string, object[]> = {
    cart: cart ? [{ currency_code: 'eur', ...cart }] : [],
    order_cart: order ? [{ order_id: order }] : [],
  }
  const graph = async ({ entity }: { entity: string }) => ({ data: rows[entity] ?? [] })
  return { resolve: () => ({ graph }) } as unknown as MedusaContainer
}

describe('a cart', () => {
  it.each([
    [{ total: 0, items: [item] }, true],
    [{ total: '0.00', items: [item] }, true],
    // What a discount of 100 % leaves of prices with taxes.
    [{ total: 4.299946e-16, items: [item] }, true],
    [{ total: 0.004, items: [item] }, true],
    [{ total: 0.01, items: [item] }, false],
    [{ total: 20, items: [item] }, false],
    // Nothing in it, nothing known of it, nothing there.
    [{ total: 0, items: [] }, false],
    [{ items: [item] }, false],
    [undefined, false],
  ])('of %j is free: %j', async (cart, free) => {
    expect(await isFree(shopWith(cart), 'cart_1')).toBe(free)
  })

  it('that was paid has an order, and no free one', async () => {
    expect(
      await freeOrderOf(shopWith({ total: 20, items: [item] }, 'order_1'), 'c'),
    ).toBeUndefined()
    expect(await freeOrderOf(shopWith({ total: 0, items: [item] }, 'order_1'), 'c')).toBe('order_1')
    expect(await freeOrderOf(shopWith({ total: 0, items: [item] }), 'c')).toBeUndefined()
  })
})
