import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { ContainerRegistrationKeys, MedusaError } from '@medusajs/framework/utils'
import { segmentsOf } from '../limits/doors'
import { bodyProblem } from './bodies'
import { refuseUnpayableCart } from './payable'

const READS = ['GET', 'HEAD', 'OPTIONS']

/** Refuses what is larger than a shopper needs, with 400, before anything is stored; see bounds.ts. */
export function boundStoreWrites(
  req: MedusaRequest,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  const [area, ...segments] = segmentsOf(req.originalUrl)
  const writes = area === 'store' && !READS.includes(req.method)
  const problem = writes ? bodyProblem(req.method, segments, req.body) : undefined
  if (problem) throw new MedusaError(MedusaError.Types.INVALID_DATA, problem)
  next()
}

/** The cart of Medusa's own two ways to a payment: by its id, or by its payment collection. */
async function cartOf(req: MedusaRequest): Promise<string | undefined> {
  const { cart_id } = (req.body ?? {}) as { cart_id?: unknown }
  if (typeof cart_id === 'string') return cart_id
  const query = req.scope.resolve(ContainerRegistrationKeys.QUERY)
  const { data } = await query.graph({
    entity: 'cart_payment_collection',
    fields: ['cart_id'],
    filters: { payment_collection_id: [String(req.params.id)] },
  })
  return data[0]?.cart_id
}

/** Lets no payment begin for a cart in which nothing is bought. */
export async function refuseEmptyPayment(
  req: MedusaRequest,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const cartId = await cartOf(req)
  if (cartId) await refuseUnpayableCart(req.scope, cartId)
  next()
}
