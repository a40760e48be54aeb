import type { BigNumberInput, MedusaContainer } from '@medusajs/framework/types'
import { MathBN, Modules } from '@medusajs/framework/utils'
import { short } from '@rr-bizops/telemetry/logging/redact'
import { type Counter, counter, take } from '../../limits/counters'
import type { Goods } from './goods'
import { ALL, piecesOf } from './reservations'

/**
 * What one client may keep from others without paying. A hold ends with its invoice (BTCPay: after 15
 * minutes, unless money was seen), so a client freezes `pieces` for `begun` times 15 minutes a day at most.
 */
export const SHARE = {
  /** Unpaid carts at one moment. */
  carts: 3,
  /** Pieces of all of them together. */
  pieces: 100,
  /** Holds begun in a day, renewals included. */
  begun: { requests: 24, seconds: 86_400 },
} as const

let begun: Counter | undefined

/** `holder` names the client in the reservation, and no address; undefined: nobody counts it. */
export type Share = { may: true; holder: string | undefined } | { may: false; why: string }

/** Names a client in its reservations, and locks them. */
export function holderOf(client: string): string {
  return `shopper ${short(`holder ${client}`)}`
}

/** Whether a client may hold what a cart wants, beside what it holds already; counts the hold. */
export async function mayHold(
  container: MedusaContainer,
  cartId: string,
  client: string | undefined,
  wanted: Goods[],
): Promise<Share> {
  if (!client) return { may: true, holder: undefined }
  const holder = holderOf(client)
  const all = await container
    .resolve(Modules.INVENTORY)
    .listReservationItems({ created_by: holder }, ALL)
  const others = all.filter(({ line_item_id }) => !line_item_id?.endsWith(cartId))
  if (new Set(others.map(({ line_item_id }) => line_item_id)).size >= SHARE.carts)
    return { may: false, why: 'its client holds the goods of other carts' }
  const pieces = [...others.map(piecesOf), ...wanted.map(({ quantity }) => quantity)].reduce<
    ReturnType<typeof MathBN.add>
  >((sum, each: BigNumberInput) => MathBN.add(sum, each), MathBN.convert(0))
  if (MathBN.gt(pieces, SHARE.pieces)) return { may: false, why: 'it is of too many pieces' }
  begun ??= counter('holds', SHARE.begun)
  if ((await take(begun, holder)) > 0)
    return { may: false, why: 'its client has begun too many today' }
  return { may: true, holder }
}
