import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ContainerRegistrationKeys, MedusaError, ProductStatus } from '@medusajs/framework/utils'
import { segmentsOf } from '../limits/doors'

/** Most variants that are looked up at once; a cart has fewer lines than that. */
const VARIANTS_MAX = 200

interface KeyContext {
  publishable_key_context?: { sales_channel_ids?: string[] }
}

/** Variants that a request would put into a cart. */
export function variantsOf(body: unknown): string[] {
  const { items, variant_id } = (body ?? {}) as { items?: unknown; variant_id?: unknown }
  const lines: unknown[] = Array.isArray(items) ? items : []
  const ids = [variant_id, ...lines.map((line) => (line as { variant_id?: unknown })?.variant_id)]
  return [...new Set(ids.filter((id) => typeof id === 'string'))]
}

/** Whether a request makes a cart or adds a line to one. */
export function fillsCart(method: string, originalUrl: string): boolean {
  const [area, route, id, part, ...more] = segmentsOf(originalUrl)
  if (method !== 'POST' || area !== 'store' || route !== 'carts' || more.length > 0) return false
  return id === undefined || part === 'line-items'
}

/**
 * Refuses to put into a cart what nobody can see: Medusa looks at whether a product is published, and not at
 * whether it is sold in the sales channel that the request's key names.
 */
export async function refuseWhatIsNotSoldHere(
  req: MedusaRequest & KeyContext,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const wanted = fillsCart(req.method, req.originalUrl) ? variantsOf(req.body) : []
  if (wanted.length === 0) return next()
  const channels = req.publishable_key_context?.sales_channel_ids ?? []
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'product_variant',
    fields: ['id', 'product.status', 'product.sales_channels.id'],
    filters: { id: wanted.slice(0, VARIANTS_MAX) },
  })
  const sold = data.filter(({ product }) => {
    const here = product?.sales_channels?.some(
      (each: { id: string } | null) => each && channels.includes(each.id),
    )
    return product?.status === ProductStatus.PUBLISHED && here
  })
  if (sold.length === wanted.length) return next()
  next(new MedusaError(MedusaError.Types.INVALID_DATA, 'This product is not sold here.'))
}
