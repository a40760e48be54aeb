import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { segmentsOf } from '../limits/doors'
import { ANSWER, RECORDS } from './public-fields'
import { isOddQuery } from './query'
import { isNamed, pick, type Shape } from './shape'

/** Routes of our own below Medusa's: they build their answers field by field. */
const OWN = [/^carts\/[^/]+\/payment$/]

/** The records that an address of the store API is about; undefined: none of ours to filter. */
function recordsOf(originalUrl: string): Shape | undefined {
  const [area, ...rest] = segmentsOf(originalUrl)
  const [route = ''] = rest
  if (area !== 'store' || OWN.some((own) => own.test(rest.join('/')))) return undefined
  return Object.hasOwn(RECORDS, route) ? RECORDS[route] : undefined
}

/** Medusa's `fields` without what is not public; `-name` takes away and may name anything. */
export function publicFields(fields: unknown, shape: Shape): string {
  const wanted = (Array.isArray(fields) ? fields : [fields])
    .flatMap((each) => String(each).split(','))
    .map((each) => each.trim())
    .filter(Boolean)
  const named = wanted.filter((each) => {
    const path = each.replace(/^[+*\s]/, '').replace(/\.\*$/, '')
    return each.startsWith('-') || each === '*' || isNamed(path, shape)
  })
  // Without any, Medusa would take its own defaults.
  return named.length > 0 ? named.join(',') : 'id'
}

/**
 * Lets nothing leave the store API but what public-fields.ts names, whatever `fields` asks for: no cost, no
 * supplier, no other metadata, no internal category. Medusa is not even asked for the rest.
 */
export function showPublicFields(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): void {
  const shape = recordsOf(req.originalUrl)
  if (!shape) {
    next()
    return
  }
  if (isOddQuery(req.query)) {
    res.status(400).json({ type: 'invalid_data', message: 'A value of the query cannot be read.' })
    return
  }
  const { order } = req.query
  if (order !== undefined && !isNamed(String(order).replace(/^-/, ''), shape, true)) {
    res.status(400).json({ type: 'invalid_data', message: 'The list cannot be put in this order.' })
    return
  }
  if (req.query.fields !== undefined) req.query.fields = publicFields(req.query.fields, shape)
  // What was deleted is gone.
  delete req.query.with_deleted
  const { json } = res
  res.json = (body: unknown) =>
    json.call(res, res.statusCode >= 400 ? body : (pick(body, ANSWER) as object))
  next()
}
