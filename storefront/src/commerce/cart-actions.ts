'use server'

import { refresh } from 'next/cache'
import { z } from 'zod'
import { addLine, setLine } from './cart'
import { regionSlug } from './region-slugs'
import { regionOf } from './regions'
import { failure, type Result, success } from './result'

/** Pieces of one line; more is an order to talk about. */
const MAX_QUANTITY = 99

const addition = z.object({
  region: z.enum(['eu', 'us']),
  variantId: z.string().regex(/^variant_\w+$/),
  quantity: z.coerce.number().int().min(1).max(MAX_QUANTITY),
})

const change = z.object({
  region: z.enum(['eu', 'us']),
  lineId: z.string().regex(/^\w+$/),
  quantity: z.coerce.number().int().min(0).max(MAX_QUANTITY),
})

/** Puts a variant into the visitor's cart; gives how many pieces it holds then. */
export async function addToCart(
  input: z.input<typeof addition>,
): Promise<Result<{ count: number }>> {
  const checked = addition.safeParse(input)
  if (!checked.success) return failure('refused', `Please choose 1 to ${MAX_QUANTITY} pieces.`)
  const { region, variantId, quantity } = checked.data
  const answer = await addLine(await regionOf(region), variantId, quantity)
  return answer.ok ? success({ count: answer.value.count }) : answer
}

/** Form of a cart line: sets its quantity, or removes it at 0. Gives a sentence when it was refused. */
export async function changeLine(_before: string | null, form: FormData): Promise<string | null> {
  const checked = change.safeParse(Object.fromEntries(form))
  const region = checked.success ? regionSlug(checked.data.region) : undefined
  if (!checked.success || !region) return `Please choose 0 to ${MAX_QUANTITY} pieces.`
  const answer = await setLine(region, checked.data.lineId, checked.data.quantity)
  refresh()
  return answer.ok ? null : answer.failure.message
}
