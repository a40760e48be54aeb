import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import {
  addToCartWorkflow,
  createCartWorkflow,
  updateLineItemInCartWorkflow,
} from '@medusajs/medusa/core-flows'
import { type Line, refuseLines, refuseQuantity } from '../../cart-bounds/lines'

// The wall behind cart-bounds/middleware.ts: whoever runs these workflows, and where a cart's total is known.

createCartWorkflow.hooks.validate(({ cart }) => {
  refuseLines([], cart.items ?? [])
})

addToCartWorkflow.hooks.validate(async ({ input, cart }, { container }) => {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  // Within the cart's lock, so that two requests at once do not each count without the other.
  const { data } = await query.graph({
    entity: 'cart',
    fields: ['items.variant_id', 'items.quantity'],
    filters: { id: cart.id },
  })
  const lines: (Line | null)[] = data[0]?.items ?? []
  refuseLines(
    lines.filter((line) => line !== null),
    input.items,
  )
})

updateLineItemInCartWorkflow.hooks.validate(({ input }) => {
  const { quantity } = input.update
  // Medusa removes the line at 0.
  if (quantity !== undefined && Number(quantity) !== 0) refuseQuantity(quantity)
})
